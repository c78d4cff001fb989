"""What all files that come in share: rows with their places, agencies by name, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, update
from sqlmodel import Session, SQLModel, col

from rankings.errors import Problem
from rankings.models import Agency
from rankings.usecases.rows import rows

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Given:
    """One row: its typed values by column (None: empty), and the words for where each stands."""

    values: Mapping[str, Any]
    place: Callable[[str], str]

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def problem(self, column: str, remedy: str) -> Problem:
        """What is wrong with one cell of this row."""
        value = self.values.get(column)
        return Problem(self.place(column), "" if value is None else str(value), remedy)


class Wrong(Exception):
    """A row cannot be taken: because of which column, and what to do."""

    def __init__(self, column: str, remedy: str) -> None:
        super().__init__(remedy)
        self.column = column


@dataclass(slots=True)
class Intake:
    """What became of the rows; with any problem nothing may be kept."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    faulty: set[int] = field(default_factory=set)

    def refuse(self, given: Given, column: str, remedy: str) -> None:
        """Note what is wrong with a row."""
        self.problems.append(given.problem(column, remedy))
        self.faulty.add(id(given))


Read = Callable[[Given], dict[str, Any]]
Wanted = Sequence[tuple[Given, dict[str, Any]]]


def taken(given_rows: Iterable[Given], read: Read, intake: Intake) -> Iterator[tuple[Given, Any]]:
    """Every row that `read` accepts, with what it made of it; the others become problems."""
    for given in given_rows:
        try:
            yield given, read(given)
        except Wrong as wrong:
            intake.refuse(given, wrong.column, str(wrong))


def save(
    session: Session,
    table: type[SQLModel],
    wanted: Wanted,
    scope: Sequence[ColumnElement[bool]],
    intake: Intake,
    beside: Mapping[str, Any] | None = None,
) -> None:
    """Insert what is new, update what differs; a key that stands twice in a file is a problem.

    `beside` is written along with a row but is no difference by itself.
    """
    keys = [column.name for column in table.metadata.tables[_name(table)].primary_key]
    before = _before(session, table, keys, scope)
    fresh: list[dict[str, Any]] = []
    altered: list[dict[str, Any]] = []
    seen: dict[tuple[Any, ...], Given] = {}
    for given, row in wanted:
        key = tuple([row[name] for name in keys])
        if key in seen:
            column = next(iter(given.values))
            remedy = f"stands twice; the other row is at {seen[key].place(column)}: remove one"
            intake.refuse(given, column, remedy)
            continue
        seen[key] = given
        known = before.get(key)
        if known is None:
            fresh.append(row)
        elif any(known[name] != value for name, value in row.items()):
            altered.append(row)
        else:
            intake.same += 1
    intake.new += len(fresh)
    intake.changed += len(altered)
    more = dict(beside or {})
    write(session, table, [row | more for row in fresh], [row | more for row in altered])


def write(
    session: Session,
    table: type[SQLModel],
    fresh: Sequence[dict[str, Any]],
    altered: Sequence[dict[str, Any]],
) -> None:
    """Insert and update rows in bulk."""
    for start in range(0, len(fresh), CHUNK):
        session.execute(insert(table), fresh[start : start + CHUNK])
    for start in range(0, len(altered), CHUNK):
        session.execute(update(table), altered[start : start + CHUNK])


def _name(table: type[SQLModel]) -> str:
    return str(table.__tablename__)


def _before(
    session: Session, table: type[SQLModel], keys: Sequence[str], scope: Sequence[Any]
) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    columns = table.metadata.tables[_name(table)].columns
    found = [row._mapping for row in rows(session, list(columns), *scope)]
    return {tuple([row[name] for name in keys]): row for row in found}


class Agencies:
    """The agencies of an association by public code and by licence number."""

    def __init__(self, session: Session, association: str) -> None:
        columns = (Agency.id, Agency.code, Agency.licence_number)
        found = rows(session, columns, col(Agency.association) == association)
        self._by_code: dict[str, UUID] = {code: agency for agency, code, _ in found}
        self._by_number: dict[str, list[UUID]] = {}
        for agency, _, number in found:
            self._by_number.setdefault(number, []).append(agency)

    def find(self, given: Given) -> UUID:
        """The agency of a row's `agency`; Wrong where there is none or more than one."""
        text: str = given["agency"]
        if text in self._by_code:
            return self._by_code[text]
        found = self._by_number.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise Wrong("agency", "several authorities gave this number: write the public code")
        raise Wrong("agency", "is not in the register: import agencies first, or correct it")


def require(given: Given, *columns: str) -> None:
    """Wrong for the first of the columns that is empty."""
    for column in columns:
        if given[column] is None:
            raise Wrong(column, "must not be empty here")


def forbid(given: Given, why: str, *columns: str) -> None:
    """Wrong for the first of the columns that is filled."""
    for column in columns:
        if given[column] is not None:
            raise Wrong(column, f"must be empty {why}")
