"""What each column of a table means: one reader per indicator, cap, field and fixed column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rankings.adapters.cells import YES_NO, CellError, cap_day, day, number, read_at, whole, yes_no
from rankings.adapters.columns_indicator import counts, exposures, filler
from rankings.adapters.rows import Row
from rankings.scoring.conditions import Fact, names
from rankings.scoring.record import DISPUTED, NOT_APPLICABLE, CapEvent
from rankings.scoring.rubric import BUILT_IN_STATES, GRADES, Cap, Field, Rubric
from rankings.scoring.rules import Indicator, Proportion, Rate
from rankings.scoring.score import INSUFFICIENT

NOT_ANSWERED = "not_answered"
MARKS = (NOT_APPLICABLE, NOT_ANSWERED, DISPUTED)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the cells of one thing into a row; its first column is named when one is wrong."""

    columns: tuple[int, ...]
    read: Callable[[Sequence[str], Row], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read a table with this header."""

    header: tuple[str, ...]
    id: int
    readers: tuple[Reader, ...]

    @property
    def width(self) -> int:
        return len(self.header)

    @property
    def used(self) -> tuple[int, ...]:
        """Every column that decides the score."""
        return tuple(column for reader in self.readers for column in reader.columns)


def plan_of(rubric: Rubric, header: Sequence[str]) -> Plan:
    """The readers for a header; CellError names columns that are missing, double or unknown."""
    places = {name: at for at, name in enumerate(header)}
    if len(places) < len(header):
        double = sorted({name for name in header if header.count(name) > 1})
        raise CellError(f"these columns stand twice: {', '.join(double)}")
    if "id" not in places:
        raise CellError("the table needs a column id; columns are separated by commas")
    readers = [_indicator(one, places) for one in rubric.indicators]
    missing = [
        one.id for one, reader in zip(rubric.indicators, readers, strict=True) if reader is None
    ]
    if missing:
        raise CellError(
            f"no column for {', '.join(missing)}; cells may be empty, columns may not be missing"
        )
    _refuse_missing_fields(rubric, places)
    _refuse_unknown(rubric, places)
    further = [*_fixed(rubric, places), *_caps(rubric, places), *_fields(rubric, places)]
    return Plan(tuple(header), places["id"], (*(one for one in readers if one), *further))


def _columns_of(indicator: Indicator) -> list[str]:
    code, rule = indicator.id, indicator.rule
    if isinstance(rule, Proportion):
        return [f"{code}.good", f"{code}.asked"]
    if isinstance(rule, Rate):
        return list(exposures(code, rule)) + list(counts(code, rule))
    return [code, *(f"{code}.{grade}" for grade in GRADES[1:])]


def _refuse_missing_fields(rubric: Rubric, places: dict[str, int]) -> None:
    """Fields that move a score, a band or a place; without them the result would be another."""
    conditions = [step.when for node in rubric.nodes for step in node.adjust]
    conditions += [one.when for band in rubric.bands for one in band.requires]
    used = {of.name for condition in conditions for of in names(condition)}
    used |= {rule.of for rule in rubric.rank.tie_break} | {rubric.banding.within or ""}
    rates = (one.rule for one in rubric.indicators if isinstance(one.rule, Rate))
    used |= {rule.peers_by or "" for rule in rates}
    missing = [one.id for one in rubric.fields if one.id in used and one.id not in places]
    if missing:
        raise CellError(f"no column for {', '.join(missing)}, on which scores or places depend")


def _refuse_unknown(rubric: Rubric, places: dict[str, int]) -> None:
    known = {column for one in rubric.indicators for column in _columns_of(one)}
    known |= {one.id for one in rubric.indicators} | {one.id for one in rubric.fields}
    known |= {f"cap.{cap.id}{end}" for cap in rubric.caps for end in ("", ".met")}
    starts = tuple(f"{one.id}." for one in rubric.indicators) + ("cap.",)
    unknown = [name for name in places if name.startswith(starts) and name not in known]
    if unknown:
        raise CellError(f"these columns belong to nothing in the rubric: {', '.join(unknown)}")


def _indicator(indicator: Indicator, places: dict[str, int]) -> Reader | None:
    columns = tuple(places[name] for name in _columns_of(indicator) if name in places)
    marked = places.get(indicator.id)
    if not columns:
        return None
    fill = filler(indicator, places)

    def read(cells: Sequence[str], row: Row) -> None:
        word = _word(cells, marked, only_marks=marked not in columns)
        if word in (NOT_APPLICABLE, DISPUTED):
            _mark(indicator, word, row, marked)
        elif not word and not any(cells[at] for at in columns):
            _empty(indicator, row)
        elif word != NOT_ANSWERED:
            fill(cells, row)

    return Reader(columns if marked is None else (*columns, marked), read)


def _word(cells: Sequence[str], column: int | None, *, only_marks: bool) -> str:
    """What stands in the indicator's own column."""
    word = "" if column is None else cells[column]
    if only_marks and word not in ("", *MARKS):
        raise CellError(f"must be empty or one of {', '.join(MARKS)}", column)
    return word


def _empty(indicator: Indicator, row: Row) -> None:
    if indicator.empty == NOT_APPLICABLE:
        row.marks[indicator.id] = NOT_APPLICABLE
    row.insufficient = row.insufficient or indicator.empty == INSUFFICIENT


def _mark(indicator: Indicator, word: str, row: Row, column: int | None) -> None:
    allowed = indicator.not_applicable or indicator.empty == NOT_APPLICABLE
    if word == NOT_APPLICABLE and not allowed:
        raise CellError("the rubric does not allow not_applicable here", column)
    row.marks[indicator.id] = word


def _fixed(rubric: Rubric, places: dict[str, int]) -> list[Reader]:
    states = {state.id for state in rubric.states} | set(BUILT_IN_STATES)
    bands = {band.id for band in rubric.bands}

    def state(text: str, row: Row) -> None:
        if text not in states:
            raise CellError(f"is not a state: {', '.join(sorted(states))}")
        row.state = text

    def previous(text: str, row: Row) -> None:
        if text not in bands:
            raise CellError(f"is not a band: {', '.join(band.id for band in rubric.bands)}")
        row.previous_band = text

    def interviews(text: str, row: Row) -> None:
        row.interviewed = whole(text)

    named = {"state": state, "previous_band": previous, "interviews": interviews}
    return [_one_cell(places[name], take) for name, take in named.items() if name in places]


def _one_cell(column: int, take: Callable[[str, Row], None]) -> Reader:
    def read(cells: Sequence[str], row: Row) -> None:
        if cells[column]:
            take(cells[column], row)

    return Reader((column,), read)


def _caps(rubric: Rubric, places: dict[str, int]) -> list[Reader]:
    named = {f"cap.{cap.id}": cap for cap in rubric.caps}
    return [_cap(named[name], places) for name in named if name in places]


def _cap(cap: Cap, places: dict[str, int]) -> Reader:
    if cap.when is not None:
        raise CellError(f"cap.{cap.id} follows from its condition and takes no column")
    at, met = places[f"cap.{cap.id}"], places.get(f"cap.{cap.id}.met")

    def read(cells: Sequence[str], row: Row) -> None:
        text = cells[at]
        known = YES_NO.get(text.lower(), "")
        if not text or known == "no":
            return
        found_on = None if known == "yes" else cap_day(text)
        met_on = read_at(cells, met, day) if met is not None and cells[met] else None
        row.caps[cap.id] = CapEvent(found_on, met_on)

    return Reader((at,) if met is None else (at, met), read)


def _fields(rubric: Rubric, places: dict[str, int]) -> list[Reader]:
    return [
        _field(one, places[one.id], rubric.banding.within)
        for one in rubric.fields
        if one.id in places
    ]


def _field(one: Field, column: int, within: str | None) -> Reader:
    kinds: dict[str, Callable[[str], Fact]] = {
        "number": number,
        "yes_no": yes_no,
        "text": lambda text: text,
    }
    value = kinds[one.type]

    def read(cells: Sequence[str], row: Row) -> None:
        if cells[column]:
            row.facts[one.id] = value(cells[column])
        elif one.id == within:
            raise CellError("must not be empty: bands are shares within it")

    return Reader((column,), read)
