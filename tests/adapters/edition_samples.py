"""Parts of editions as the files are made from: invented agencies, scored by the real scorer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from rankings.adapters.edition_files import Files
from rankings.adapters.rubric_files import source
from rankings.scoring.exact import fraction_text
from rankings.scoring.rank import rank, standing
from rankings.scoring.receipt import Line, receipt
from rankings.scoring.record import (
    DISPUTED,
    NOT_APPLICABLE,
    Answer,
    Asked,
    CapEvent,
    Count,
    Events,
    Record,
)
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Proportion, Rate
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import Code
from rankings.scoring.source import read as code_of

RUBRICS = Path(__file__).resolve().parent.parent.parent / "fixtures" / "rubrics"
AS_OF = date(2026, 6, 30)
COC, KH = "coc-vn-1.0.0", "kh-code-1.0.0"
# «Example» in each language: such names belong to nobody.
NAMES = {
    "VN": ("vi", "Công ty Cổ phần Nhân lực Quốc tế Ví Dụ số {}"),
    "KH": ("km", "ក្រុមហ៊ុនឧទាហរណ៍ជ្រើសរើសពលករ ផ្កាយព្រឹក លេខ {}"),
    "MM": ("my", "ဥပမာ ပြည်ပအလုပ်အကိုင်အကျိုးဆောင် ကုမ္ပဏီ ရွှေနေ့သစ် {}"),
}
KINDS = (Level, Numeric, Proportion, Rate)
STATES = ("valid", "valid", "valid", "suspended", "valid", "revoked", "expired")


@dataclass(frozen=True)
class Edition:
    """The parts of an edition, agencies in order of code."""

    code: Code
    ranking: dict[str, Any]
    agencies: list[dict[str, Any]]
    report: dict[str, Any] | None = None

    def files(self, folder: Path) -> dict[str, Path]:
        """The files made from it."""
        folder.mkdir(parents=True, exist_ok=True)
        files = Files(self.code, folder)
        for name, part in self.parts():
            files.add(name, part)
        return files.finish()

    def parts(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The parts by name, in the order in which an edition is made."""
        yield from ((f"agencies/{part['code']}", part) for part in self.agencies)
        yield "ranking", self.ranking
        if self.report is not None:
            yield "run-report", self.report
        yield "rubric", {}


@cache
def read(rubric: str) -> Code:
    return code_of(source(RUBRICS / rubric))


def edition(
    rubric: str = COC, agencies: int = 12, country: str = "VN", seed: int = 1, rated: bool = False
) -> Edition:
    """Invented agencies; unless all are `rated`, some have a state or disputes instead."""
    code = read(rubric)
    scorer, random = Scorer(code.rubric), Random(seed)
    cards = [
        scorer.score(_record(code.rubric, number, random, rated), AS_OF)
        for number in range(agencies)
    ]
    return scored(code, cards, country)


def _record(rubric: Rubric, number: int, random: Random, rated: bool) -> Record:
    """What is known about the n-th agency; its answers are as good as it is."""
    quality = random.uniform(0.4, 1)
    kinds = {
        kind: [one for one in rubric.indicators if isinstance(one.rule, kind)] for kind in KINDS
    }
    asked = {one.id: random.randrange(4, 30) for one in kinds[Proportion]}
    answers = {one.id: [_answer(one, quality, random)] for one in kinds[Level] + kinds[Numeric]}
    optional = [one.id for one in rubric.indicators if one.not_applicable]
    marks = {each: NOT_APPLICABLE for each in optional if random.random() < 0.2}
    if number % 7 == 3 and not rated:
        marks |= {one.id: DISPUTED for one in kinds[Level][:: random.choice((3, 30))]}
    return Record(
        id=f"VN-{number + 1:04}",
        answers={each: given for each, given in answers.items() if random.random() > 0.02},
        interviews={each: Asked(int(n * quality), n) for each, n in asked.items()},
        events={one.id: _events(random) for one in kinds[Rate]},
        marks=marks,
        caps={rubric.caps[0].id: CapEvent()} if number % 6 == 2 else {},
        state=None if rated else _state(rubric, number),
    )


def _state(rubric: Rubric, number: int) -> str | None:
    return rubric.states[number // 5 % len(rubric.states)].id if number % 5 == 4 else None


def _answer(one: Indicator, quality: float, random: Random) -> Answer:
    place = min(1.0, max(0.0, random.gauss(quality, 0.15)))
    grade = random.choice(["audit", "audit", "document", "self"])
    if isinstance(one.rule, Level):
        return Answer(one.rule.options[round(place * (len(one.rule.options) - 1))].id, grade)
    assert isinstance(one.rule, Numeric)
    value = one.rule.worst + Fraction(round(100 * place), 100) * (one.rule.best - one.rule.worst)
    return Answer(value, grade)


def _events(random: Random) -> Events:
    counts = [
        Count(Fraction(random.randrange(3)), "minor", "substantiated", step) for step in (0, 1)
    ]
    return Events(counts, [Fraction(random.randrange(60, 2000)) for _ in range(3)])


def scored(code: Code, cards: list[Scorecard], country: str = "VN") -> Edition:
    """The edition of these scorecards."""
    scorer = Scorer(code.rubric)
    placings = rank(code.rubric, (s for card in cards if (s := standing(code.rubric, card))))
    entries, parts = [], []
    for number, card in enumerate(cards):
        placing = placings.get(card.id)
        known = _known(card.id, number, country)
        band, place = (placing.band, placing.rank) if placing else (None, None)
        entries.append(known | {"rank": place, "band": band} | _numbers(code, card))
        parts.append(known | {"former_names": [], "inputs": {}, "receipt": _receipt(scorer, card)})
    entries.sort(key=lambda entry: (entry["rank"] is None, entry["rank"] or 0, entry["code"]))
    return Edition(code, _ranking(code, country) | {"entries": entries}, parts)


def with_ranges(made: Edition, places: str = "printed") -> Edition:
    """The edition with ranges and complaints, drawn by a die and not by the engine."""
    because, random = None if places == "printed" else "rankability", Random(1)
    entries = [_ranged(made, one, places, random) for one in made.ranking["entries"]]
    rated = [one for one in entries if one["range"]]
    if places == "bands":
        entries.sort(key=lambda one: (one["range"] is None, -int(one["band"] or 0), one["code"]))
    pairs = len(rated) * (len(rated) - 1) // 2
    head = {
        "draws": 2000,
        "seed": "00c0ffee00c0ffee",
        "rankability": {"printed": 842, "ranges": 612, "bands": 370}[places],
        "pairs": {"apart": pairs // 3, "all": pairs},
        "places": places,
        "because": because,
    }
    rates = [one.id for one in made.code.rubric.indicators if isinstance(one.rule, Rate)]
    complaints = [_complaints(rate, [one["code"] for one in rated], random) for rate in rates]
    ranking = made.ranking | {"ranges": head, "entries": entries}
    return replace(made, ranking=ranking, report={"complaints": complaints})


def _ranged(made: Edition, entry: dict[str, Any], places: str, random: Random) -> dict[str, Any]:
    if entry["state"] != "rated":
        return entry | {"range": None}
    same, wide = random.randrange(900, 2001), random.randrange(5, 60)
    bands = {band.id: 0 for band in made.code.rubric.bands}
    bands[next(one for one in bands if one != entry["band"])] = 2000 - same
    found = {
        "score": [entry["score"] - wide, entry["score"] + wide],
        "rank": None if places == "bands" else [max(entry["rank"] - 3, 1), entry["rank"] + 5],
        "bands": bands | {entry["band"]: same},
        "borderline": same < 1400,
        "alike": random.randrange(20),
    }
    return entry | {"range": found, "rank": None if places == "bands" else entry["rank"]}


def _complaints(indicator: str, codes: list[str], random: Random) -> dict[str, Any]:
    return {"indicator": indicator, "spread": 1200, "agencies": [_point(c, random) for c in codes]}


def _point(code: str, random: Random) -> dict[str, Any]:
    workers, events = Fraction(random.randrange(12000), 4), Fraction(random.randrange(60), 8)
    return {
        "code": code,
        "workers": fraction_text(workers),
        "events": fraction_text(events),
        "raw": int(events / workers * 100_000) if workers else None,
        "shrunk": random.randrange(100, 2000),
        "outside": random.choice([None, None, None, "95", "99.8"]),
    }


def _ranking(code: Code, country: str) -> dict[str, Any]:
    return {
        "association": {"code": "vamas", "name": "Hiệp hội Ví Dụ (VAMAS)", "country": country},
        "cycle": {"slug": "2026", "name": "Assessment 2026", "as_of": AS_OF.isoformat()},
        "rubric": {"code": code.rubric.code, "version": code.rubric.version},
        "decimals": code.rubric.scale.decimals,
    }


def _known(code: str, number: int, country: str) -> dict[str, Any]:
    language, pattern = NAMES[country]
    names = {
        language: pattern.format(number + 1),
        "en": f"Example {number + 1} JSC",
    }
    if number % 5 == 4:
        del names["en"]
    since = AS_OF - timedelta(days=40 + 37 * number % 900)
    return {
        "code": code,
        "names": names,
        "licence": {
            "authority": "DOLAB",
            "number": f"{number * 37 % 1000:03}/LĐTBXH-GP",
            "licensed_on": since.isoformat(),
            "state": STATES[number % len(STATES)],
            "since": since.isoformat(),
            "valid_until": None if number % 3 else (since + timedelta(days=1825)).isoformat(),
        },
    }


def _numbers(code: Code, card: Scorecard) -> dict[str, Any]:
    scale = 10**code.rubric.scale.decimals
    return {
        "state": card.state,
        "score": None if card.published is None else int(card.published * scale),
        "points": None if card.points is None else int(card.points * scale),
        "points_band": card.points_band,
        "confidence": None if card.confidence is None else fraction_text(card.confidence),
    }


def _receipt(scorer: Scorer, card: Scorecard) -> Mapping[str, Any] | None:
    if card.workings is None:
        return None
    found = receipt(scorer, card)
    steps = [{"node": node, "step": step, "amount": amount} for node, step, amount in found.steps]
    return {
        "reachable": found.reachable,
        "lines": [_line(line) for line in found.lines],
        "nodes": {},
        "steps": steps,
        "limiters": [],
    }


def _line(line: Line) -> dict[str, Any]:
    told = [fraction_text(one) if isinstance(one, Fraction) else one for one in line.told]
    return line._asdict() | {"told": told, "share": fraction_text(line.share)}
