"""Whom workers can call: the lines of an association, in the order in which they are shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, Problem
from rankings.models import HelpLine
from rankings.usecases import associations, journal

KINDS = ("help", "urgent")
MOST = 10
LONGEST = 120
# Digits with signs that people write between them; the page makes a link of it.
NUMBER = re.compile(r"[+*#]?[0-9](?:[0-9 ().*#-]{0,28}[0-9#])?", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
CHANGED = "Somebody else has changed the help lines in the meantime."


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is wanted; names and hours by language, `spoken` are language codes."""

    kind: str
    number: str
    names: dict[str, str]
    hours: dict[str, str]
    spoken: list[str]
    is_free: bool


def of(session: Session, association: str) -> list[HelpLine]:
    """The lines in their order."""
    found = select(HelpLine).where(HelpLine.association == association)
    return list(session.exec(found.order_by(col(HelpLine.place))))


def lines(session: Session, association: str) -> list[Line]:
    """The same as values."""
    return [
        Line(one.kind, one.number, one.names, one.hours, one.spoken, one.is_free)
        for one in of(session, association)
    ]


def token(given: Sequence[Line]) -> str:
    """Names what the lines say; whoever saves sends back the token of what was on the page."""
    said: dict[str, Any] = {"lines": [asdict(line) for line in given]}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def save(
    session: Session, association: str, wanted: Sequence[Line], seen: str, act: journal.Act
) -> None:
    """Put these lines in place of those that were seen.

    Invalid names every fault by place ("2 number"); Conflict where somebody else was faster.
    """
    associations.find(session, association)
    _refuse_faults(wanted)
    present = lines(session, association)
    if list(wanted) == present:
        return
    if token(present) != seen:
        raise Conflict(CHANGED)
    _replace(session, association, wanted)
    kept = {"lines": [asdict(line) for line in wanted]}
    journal.record(session, association, act, "changed the help lines", association, kept)


def _replace(session: Session, association: str, wanted: Sequence[Line]) -> None:
    for row in of(session, association):
        session.delete(row)
    session.flush()
    for place, line in enumerate(wanted, 1):
        session.add(HelpLine(association=association, place=place, **asdict(line)))
    session.flush()


def _refuse_faults(wanted: Sequence[Line]) -> None:
    problems = [fault for place, line in enumerate(wanted, 1) for fault in _faults(place, line)]
    if len(wanted) > MOST:
        problems.append(Problem("lines", str(len(wanted)), f"keep at most {MOST}"))
    if problems:
        raise Invalid(problems)


def _faults(place: int, line: Line) -> list[Problem]:
    found = []
    if line.kind not in KINDS:
        found.append(Problem(f"{place} kind", line.kind, "choose one of the two kinds"))
    if not NUMBER.fullmatch(line.number):
        found.append(Problem(f"{place} number", line.number, "write the number that is dialled"))
    if not any(line.names.values()):
        found.append(Problem(f"{place} names", "", "give the line a name"))
    long = [one for one in (*line.names.values(), *line.hours.values()) if len(one) > LONGEST]
    found += [Problem(f"{place} names", one, f"write at most {LONGEST} letters") for one in long]
    if not all(LANGUAGE.fullmatch(code) for code in line.spoken):
        found.append(Problem(f"{place} spoken", " ".join(line.spoken), "codes such as vi or en"))
    return found
