"""The plots of the demonstration: how many agencies of each band, and what happens to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tale:
    """What is remarkable about one agency: a word per cycle; its band by points in the newer.

    A word is a key of `STORIES`, or empty. `aim` are points in the newer cycle, close to a line.
    """

    before: str = ""
    after: str = ""
    band: str = ""
    aim: float | None = None


STORIES = {
    "absent": "the register does not know it yet",
    "not_participating": "has not signed the code when the cycle opens",
    "too_new": "licensed for less than 12 months",
    "too_small": "sent under 50 workers in 24 months",
    "suspended": "its licence is suspended",
    "revoked": "its licence has been revoked",
    "expired": "its licence has expired",
    "renamed": "the same licence under a new name",
    "silent": "takes part and hands in no self-assessment",
    "overclaims": "far too many claims proved too high",
    "disputes_one": "disputes one finding, undecided",
    "disputes_much": "disputes findings of more than a tenth of the weight",
    "dispute_decided": "disputed a finding; it was decided",
    "passport_retention": "kept workers' passports",
    "forced_labour": "a sign of forced labour was found",
    "fee_repaid": "took an illegal fee and has repaid it",
    "fee_owed": "took an illegal fee and has not repaid it",
    "unanswered": "left a serious complaint without an answer",
    "hand_picked": "chose some of the interviewed workers itself",
    "few_interviews": "fewer than five workers were interviewed",
}
# A record large enough that one remarkable case does not decide everything.
NEED_SIZE = {"unanswered", "passport_retention", "fee_repaid", "fee_owed", "forced_labour"}


@dataclass(frozen=True, slots=True)
class Plot:
    """One association's agencies: so many per band in the older cycle, then those not rated."""

    rubric: str
    authority: str
    licence: str
    auditors: tuple[str, ...]
    ranked: Mapping[str, int]
    moves: Mapping[str, tuple[str, ...]]
    tales: Mapping[int, Tale]
    agencies: int
    destinations: tuple[str, ...]
    currency: str
    largest: int


STAR_MOVES = {
    "5": ("5", "5", "5", "4"),
    "4": ("4", "4", "4", "4", "5", "3"),
    "3": ("3", "3", "4", "2"),
    "2": ("2", "3"),
}
PLOTS = {
    "vidu": Plot(
        rubric="coc-vn-1.0.0",
        authority="DOLAB",
        licence="VD-{serial:03}",
        auditors=("KT-1", "KT-2", "KT-3", "TLH"),
        # The bands of Viet Nam's ranking of 2016: 86 ranked, nobody below three stars.
        ranked={"5": 37, "4": 41, "3": 8},
        moves=STAR_MOVES,
        agencies=98,
        destinations=("JP", "TW", "KR", "RO", "MY", "HU", "SA"),
        currency="VND",
        largest=4000,
        tales={
            2: Tale(after="passport_retention", band="4"),
            5: Tale(after="fee_repaid", band="4"),
            8: Tale(after="unanswered", band="4"),
            13: Tale(after="overclaims", band="4"),
            17: Tale(after="suspended"),
            21: Tale(after="revoked"),
            24: Tale(after="renamed"),
            28: Tale(after="silent", band="3"),
            31: Tale(after="disputes_one", band="4"),
            34: Tale(after="disputes_much", band="4"),
            37: Tale(after="hand_picked", band="4"),
            41: Tale(after="hand_picked", band="3"),
            44: Tale(after="hand_picked", band="5"),
            47: Tale(after="few_interviews", band="4"),
            50: Tale(band="1"),
            53: Tale(band="1"),
            55: Tale(band="2"),
            58: Tale(band="2"),
            60: Tale(band="2"),
            63: Tale(after="dispute_decided", band="4"),
            66: Tale(before="dispute_decided"),
            76: Tale(aim=84.0),
            79: Tale(aim=68.9),
            83: Tale(aim=71.2),
            86: Tale("not_participating", "not_participating"),
            87: Tale("not_participating", "not_participating"),
            88: Tale("not_participating", "not_participating"),
            89: Tale("not_participating", "not_participating"),
            90: Tale("not_participating", ""),
            91: Tale("too_new", ""),
            92: Tale("too_small", "too_small"),
            93: Tale("too_small", "too_small"),
            94: Tale("suspended", ""),
            95: Tale("expired", "expired"),
            96: Tale("absent", "too_new"),
            97: Tale("absent", "not_participating"),
        },
    ),
    "kamru": Plot(
        rubric="kh-code-1.0.0",
        authority="MLVT",
        licence="{serial:04}/{year:02} VD",
        auditors=("S1", "S2"),
        ranked={"gold": 4, "silver": 6, "bronze": 4, "improve": 2},
        moves={
            "gold": ("gold", "gold", "silver"),
            "silver": ("silver", "silver", "gold", "bronze"),
            "bronze": ("bronze", "bronze", "silver"),
            "improve": ("improve", "bronze"),
        },
        agencies=22,
        destinations=("KR", "JP", "TH", "MY", "SG"),
        currency="USD",
        largest=2500,
        tales={
            1: Tale(band="gold"),
            # Found in the older cycle, and still in force in the newer one.
            3: Tale(before="passport_retention", band="silver"),
            5: Tale(after="fee_owed", band="silver"),
            7: Tale(after="silent", band="silver"),
            9: Tale(after="unanswered", band="silver"),
            10: Tale(band="improve"),
            11: Tale(after="renamed"),
            12: Tale(after="suspended"),
            13: Tale(after="disputes_one"),
            14: Tale(after="disputes_much"),
            15: Tale(before="dispute_decided"),
            16: Tale("not_participating", "not_participating"),
            17: Tale("not_participating", ""),
            18: Tale("too_new", ""),
            19: Tale("suspended", ""),
            20: Tale("absent", "too_new"),
            21: Tale("absent", "not_participating"),
        },
    ),
    "upama": Plot(
        rubric="coc-vn-1.0.0",
        authority="DOL",
        licence="VD-{serial}/{full}",
        auditors=("M-1", "M-2"),
        ranked={"5": 2, "4": 4, "3": 3, "2": 1},
        moves=STAR_MOVES,
        agencies=15,
        destinations=("TH", "MY", "JP", "SG", "KR"),
        currency="MMK",
        largest=1500,
        tales={
            0: Tale(band="5"),
            2: Tale(after="forced_labour", band="3"),
            4: Tale(after="fee_owed", band="4"),
            6: Tale(after="silent", band="3"),
            7: Tale(before="hand_picked", after="hand_picked"),
            8: Tale(after="few_interviews", band="4"),
            10: Tale("not_participating", "not_participating"),
            11: Tale("not_participating", ""),
            12: Tale("too_small", "too_small"),
            13: Tale("too_new", ""),
            14: Tale("absent", "not_participating"),
        },
    ),
}
# Points aimed at, well inside the cuts of each band and reachable under its conditions.
AIMS = {
    "5": (87.8, 90.5),
    "4": (73.0, 82.0),
    "3": (58.0, 67.0),
    "2": (43.5, 51.5),
    "1": (27.0, 36.0),
    "gold": (88.0, 94.0),
    "silver": (73.0, 82.0),
    "bronze": (53.5, 66.5),
    "improve": (32.0, 46.0),
}
