"""Invented agencies for benchmarks: a table for any rubric, from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from rankings.adapters.columns_indicator import counts, exposures
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Points, Proportion, Rate

# «Ví Dụ» is Vietnamese for "example": such names belong to nobody.
FIRST = (
    "Sao Mai",
    "Lúa Vàng",
    "Biển Xanh",
    "Núi Cao",
    "Mây Trắng",
    "Sen Hồng",
    "Trăng Non",
    "Gió Nam",
    "Cầu Tre",
    "Đồi Chè",
)
SECOND = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
SELF, DOCUMENT = ".self", ".document"

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Agency:
    """What lies behind an invented agency's answers; `quality` and `checked` are 0 to 1."""

    quality: float
    checked: float
    boasts: float
    size: int


def name(number: int) -> str:
    """The name of the n-th invented agency, counted from 0."""
    turn, at = divmod(number, len(FIRST) * len(SECOND))
    first, second = divmod(at, len(SECOND))
    return f"Ví Dụ {FIRST[first]} {SECOND[second]}" + (f" {turn + 1}" if turn else "")


def table(rubric: Rubric, agencies: int, seed: int) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table of invented agencies; the same seed gives the same table."""
    random = Random(seed)
    header = ["id", "name", "state", *(f"cap.{cap.id}" for cap in rubric.caps if not cap.when)]
    header += [field.id for field in rubric.fields]
    header += [column for one in rubric.indicators for column in _columns(one)]
    rows = []
    for number in range(agencies):
        cells = {"id": f"VN-{number + 1:04}", "name": name(number)} | _facts(rubric, random)
        agency = _agency(random)
        for indicator in rubric.indicators:
            cells |= _answers(indicator, agency, random)
        rows.append([cells.get(column, "") for column in header])
    return header, rows


def _agency(random: Random) -> Agency:
    return Agency(
        quality=min(1.0, max(0.1, random.gauss(0.78, 0.14))),
        checked=min(1.0, max(0.2, random.gauss(0.75, 0.15))),
        boasts=random.choice([0.1, 0.1, 0.2, 0.5]),
        size=int(60 * 1.05 ** random.randrange(90)),
    )


def _facts(rubric: Rubric, random: Random) -> Cells:
    known = {
        "months_licensed": str(random.randrange(14, 240)),
        "workers_24_months": str(random.randrange(60, 5000)),
        "licence": "valid",
        "returned": "no" if random.random() < 0.05 else "yes",
    }
    return {field.id: known[field.id] for field in rubric.fields if field.id in known}


def _columns(indicator: Indicator) -> list[str]:
    code, rule = indicator.id, indicator.rule
    if isinstance(rule, Proportion):
        return [f"{code}.good", f"{code}.asked"]
    if isinstance(rule, Rate):
        return [*list(exposures(code, rule))[1:], *_finest(code, rule)]
    return [code] if isinstance(rule, Points) else [code, code + DOCUMENT, code + SELF]


def _finest(code: str, rule: Rate) -> list[str]:
    """The columns of events that name everything the rubric weighs."""
    deepest = max(column.count(".") for column in counts(code, rule))
    return [column for column in counts(code, rule) if column.count(".") == deepest]


def _answers(indicator: Indicator, agency: Agency, random: Random) -> Cells:
    rule = indicator.rule
    if isinstance(rule, Level):
        return _level(indicator, rule, agency, random)
    if isinstance(rule, Numeric):
        place = min(1.0, max(0.0, random.gauss(agency.quality, 0.15)))
        value = float(rule.worst) + place * float(rule.best - rule.worst)
        return {indicator.id: f"{value:.1f}"}
    if isinstance(rule, Proportion):
        asked = random.randrange(4, 30)
        good = sum(random.random() < agency.quality + 0.08 for _ in range(asked))
        return {f"{indicator.id}.good": str(good), f"{indicator.id}.asked": str(asked)}
    if isinstance(rule, Rate):
        return dict(_events(indicator.id, rule, agency, random))
    return {indicator.id: str(random.randrange(int(rule.min or 0), int(rule.max or 25) + 1))}


def _level(indicator: Indicator, rule: Level, agency: Agency, random: Random) -> Cells:
    if indicator.not_applicable and random.random() < 0.15:
        return {indicator.id: "not_applicable"}
    if random.random() < 0.02:
        return {}
    top = len(rule.options) - 1
    true = min(top, max(0, round(random.gauss(agency.quality, 0.18) * top)))
    claimed = min(top, true + (random.random() < agency.boasts))
    cells = {indicator.id + SELF: rule.options[claimed].id}
    if random.random() < agency.checked:
        grade = "" if random.random() < 0.7 else DOCUMENT
        cells[indicator.id + grade] = rule.options[true].id
    return cells


def _events(code: str, rule: Rate, agency: Agency, random: Random) -> Iterator[tuple[str, str]]:
    for column in list(exposures(code, rule))[1:]:
        yield column, str(random.randrange(agency.size // 2 + 1, agency.size + 2))
    chance = (1.25 - agency.quality) * min(1.0, agency.size / 800) / 3
    for column in _finest(code, rule):
        if random.random() < chance / 4:
            yield column, str(random.randrange(1, 2 + agency.size // 1500))
