"""The legal fee caps as an association keeps them; until it keeps any, the shipped ones hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import FeeCapTable
from rankings.scoring.fees import FeeCap
from rankings.scoring.parse_fees import FILE, parse_caps
from rankings.scoring.reading import RubricError
from rankings.scoring.source import toml
from rankings.usecases import associations, fee_cap_values, journal

CHANGED = "Somebody else has changed the fee caps in the meantime."
# How many rows an entry of the journal names.
NAMED = 20


def in_force(session: Session, association: str, shipped: Sequence[FeeCap]) -> tuple[FeeCap, ...]:
    """The caps that hold: the association's newest table, or the shipped one."""
    row = newest(session, association)
    return parsed(row.document) if row else tuple(shipped)


def newest(session: Session, association: str) -> FeeCapTable | None:
    """The association's table of the highest number, if it has one."""
    found = select(FeeCapTable).where(FeeCapTable.association == association)
    return session.exec(found.order_by(col(FeeCapTable.number).desc()).limit(1)).first()


def save(
    session: Session, association: str, document: str, seen: int, act: journal.Act
) -> FeeCapTable | None:
    """Keep a table under the next number; the same text as the newest one changes nothing.

    `seen` is the number that was on the page, 0 for the shipped table. Invalid names every
    mistake by row and key, Conflict where somebody else was faster.
    """
    associations.find(session, association)
    document = document.replace("\r\n", "\n")
    caps = checked(document)
    held = newest(session, association)
    if held is not None and held.document == document:
        return held
    number = held.number if held else 0
    if number != seen:
        raise Conflict(CHANGED)
    row = FeeCapTable(
        association=association,
        number=number + 1,
        document=document,
        stored_by=act.account,
        stored_at=act.now,
    )
    session.add(row)
    session.flush()
    told = _difference(parsed(held.document) if held else (), caps)
    journal.record(session, association, act, "changed the fee caps", str(row.number), told)
    return row


def checked(document: str) -> tuple[FeeCap, ...]:
    """The rows of a text; Invalid names everything that is wrong."""
    try:
        return parsed(document)
    except RubricError as error:
        raise Invalid(Problem(one.key, "", one.sentence) for one in error.problems) from error


# Pages read it on every view, and the same text always says the same.
@lru_cache(maxsize=16)
def parsed(document: str) -> tuple[FeeCap, ...]:
    """The rows of a stored table; RubricError where it is none."""
    return parse_caps(toml(FILE, document))


def _difference(old: Sequence[FeeCap], new: Sequence[FeeCap]) -> dict[str, object]:
    """What comes and what goes, a line a row."""
    gone = [_line(cap) for cap in old if cap not in new]
    come = [_line(cap) for cap in new if cap not in old]
    return {"rows": len(new), "was": gone[:NAMED], "is": come[:NAMED]}


def _line(cap: FeeCap) -> str:
    limit = fee_cap_values.value(cap)["limit"]
    most = " ".join(str(one) for one in limit.values() if one is not None)
    route = f"{cap.origin} {cap.destination} {cap.programme}"
    length = f"{cap.contract_months_from or ''}-{cap.contract_months_to or ''}"
    return f"{route} {length} {most} since {cap.valid_from} until {cap.valid_to or ''}"
