"""The demonstration's invented associations, their two cycles and their agencies.

Which points an agency is to reach is decided here (the plot: `plots`), and what it
answers follows from them (`answers`). Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from rankings.invented.plots import AIMS, NEED_SIZE, PLOTS, Plot, Tale
from rankings.scoring.evidence import months_after

Cell = str | int | float | date | None
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented association."""

    code: str
    name: str
    country: str
    time_zone: str


ASSOCIATIONS = (
    Invented("vidu", "Hiệp hội Ví Dụ (Example Association, Viet Nam)", "VN", "Asia/Ho_Chi_Minh"),
    Invented("kamru", "សមាគមឧទាហរណ៍ (Example Association, Cambodia)", "KH", "Asia/Phnom_Penh"),
    Invented("upama", "ဥပမာ အသင်း (Example Association, Myanmar)", "MM", "Asia/Yangon"),
)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A round of assessment: interviews and findings lie between its two days."""

    id: str
    opened_on: date
    as_of: date


BEFORE = Cycle("2025", date(2025, 1, 1), date(2025, 6, 30))
AFTER = Cycle("2026", date(2026, 1, 1), date(2026, 6, 30))
CYCLES = (BEFORE, AFTER)


def step_of(day: date, as_of: date) -> int:
    """The 12-month step before a cut-off day in which a day lies; 0 is the newest."""
    return next(step for step in count() if day > months_after(as_of, -12 * (step + 1)))


@dataclass(frozen=True, slots=True)
class Agency:
    """One invented agency. `size` is workers a year; `aims` are points by cycle, if it answers."""

    association: str
    number: int
    licence: str
    size: int
    licensed_on: date
    signed_on: date | None
    tale: Tale
    aims: Mapping[str, float] = field(default_factory=dict)

    def story(self, cycle: Cycle) -> str:
        """The word of what is remarkable about it in a cycle."""
        return self.tale.before if cycle is BEFORE else self.tale.after

    def listed(self, cycle: Cycle) -> bool:
        return self.story(cycle) != "absent"

    def takes_part(self, cycle: Cycle) -> bool:
        return self.listed(cycle) and (self.signed_on or date.max) <= cycle.opened_on

    def random(self, seed: int, *what: str) -> Random:
        """Chance of its own, so that a change to one agency moves no other."""
        return Random("/".join([str(seed), self.association, self.licence, *what]))


def agencies(association: str, seed: int) -> list[Agency]:
    """All agencies that ever stand in an association's register."""
    plot, random = PLOTS[association], Random(f"{seed}/{association}")
    bands = [band for band, many in plot.ranked.items() for _ in range(many)]
    random.shuffle(bands)
    bands += random.choices(list(plot.ranked), k=plot.agencies - len(bands))
    return [_agency(association, number, band, random) for number, band in enumerate(bands)]


def _agency(association: str, number: int, band: str, random: Random) -> Agency:
    plot = PLOTS[association]
    tale = plot.tales.get(number, Tale())
    later = tale.band or random.choice(plot.moves[band])
    licensed_on, signed_on = _days(tale, random)
    serial = plot.licence.format(
        serial=number + 1, year=licensed_on.year % 100, full=licensed_on.year
    )
    return Agency(
        association=association,
        number=number,
        licence=serial,
        size=_size(plot, tale, (band, later), random),
        licensed_on=licensed_on,
        signed_on=signed_on,
        tale=tale,
        aims=_aims(tale, (band, later), random),
    )


def _aims(tale: Tale, bands: tuple[str, str], random: Random) -> dict[str, float]:
    """Points by cycle: well within the band, unless the tale says otherwise."""
    aims = {
        cycle.id: random.uniform(*AIMS[band]) for cycle, band in zip(CYCLES, bands, strict=True)
    }
    return aims if tale.aim is None else aims | {CYCLES[1].id: tale.aim}


def _days(tale: Tale, random: Random) -> tuple[date, date | None]:
    """When it was licensed and when it signed the code."""
    licensed_on = date(2003, 1, 6) + timedelta(days=random.randrange(365 * 16))
    signed_on: date | None = date(2020, 2, 3) + timedelta(days=random.randrange(365 * 4))
    for cycle, story in zip(CYCLES, (tale.before, tale.after), strict=True):
        year = cycle.opened_on.year - 1
        if story == "too_new":
            licensed_on, signed_on = date(year, 8, 19), date(year, 11, 25)
    if tale.after == "not_participating":
        signed_on = None
    elif tale.before == "not_participating":
        signed_on = BEFORE.opened_on + timedelta(days=240)
    if tale.before == "absent" and tale.after != "too_new":
        licensed_on = date(2025, 9, 8)
    return licensed_on, signed_on


def _size(plot: Plot, tale: Tale, bands: tuple[str, str], random: Random) -> int:
    """Workers sent a year: most agencies are small, a few send thousands."""
    size = min(
        random.randrange(plot.largest // 2, plot.largest), int(random.lognormvariate(6, 1.1))
    )
    if "too_small" in (tale.before, tale.after):
        return random.randrange(8, 18)
    if NEED_SIZE & {tale.before, tale.after}:
        return max(size, random.randrange(500, 900))
    if {"1", "2", "improve"} & set(bands):
        size = min(size, random.randrange(80, 240))
    return max(size, random.randrange(150, 420) if "5" in bands else random.randrange(60, 120))


def participants(listed: list[Agency], cycle: Cycle) -> Iterator[Agency]:
    """Those of whom a cycle has answers."""
    return (one for one in listed if one.takes_part(cycle) and one.story(cycle) != "expired")
