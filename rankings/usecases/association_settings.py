"""What an association decides for itself: the times of a hearing, and what blocks an edition."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from sqlmodel import Session

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, Problem
from rankings.models import AssociationSettings
from rankings.usecases import associations, journal

# Working days for hearings and disputes, calendar days for appeals, percent for the gates.
BOUNDS = {
    "hearing_days": (5, 60),
    "dispute_days": (5, 90),
    "appeal_days": (7, 365),
    "least_rated_percent": (0, 100),
    "most_over_claims_percent": (0, 100),
}
REMEDY = "must be a whole number from %d to %d"
CHANGED = "Somebody else has changed these settings in the meantime."


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings as they should be; None where what was typed is no whole number."""

    hearing_days: int | None
    dispute_days: int | None
    appeal_days: int | None
    least_rated_percent: int | None
    most_over_claims_percent: int | None


def of(session: Session, association: str) -> AssociationSettings:
    """What holds: the stored row, or one with the defaults that is not kept."""
    row = session.get(AssociationSettings, association)
    if row is not None:
        return row
    whose = associations.find(session, association)
    return AssociationSettings(association=association, changed_at=whose.created_at)


def wanted(row: AssociationSettings) -> Wanted:
    """The values alone."""
    return Wanted(**{name: getattr(row, name) for name in BOUNDS})


def token(row: AssociationSettings) -> str:
    """Names what holds; whoever saves sends back the token of what was on the page."""
    return hashlib.sha256(canonical(asdict(wanted(row)))).hexdigest()[:16]


def save(session: Session, association: str, new: Wanted, seen: str, act: journal.Act) -> None:
    """Put these values in place of those that were seen.

    Invalid names every value out of its bounds, Conflict where somebody else was faster.
    """
    _refuse_faults(new)
    row = of(session, association)
    old = wanted(row)
    if new == old:
        return
    if token(row) != seen:
        raise Conflict(CHANGED)
    for name in BOUNDS:
        setattr(row, name, getattr(new, name))
    row.changed_by, row.changed_at = act.account, act.now
    session.add(row)
    session.flush()
    before, after = asdict(old), asdict(new)
    told = {
        name: {"was": before[name], "is": after[name]}
        for name in BOUNDS
        if before[name] != after[name]
    }
    journal.record(session, association, act, "changed the settings", association, told)


def _refuse_faults(new: Wanted) -> None:
    problems = []
    for name, value in asdict(new).items():
        least, most = BOUNDS[name]
        if value is None or not least <= value <= most:
            problems.append(
                Problem(name, "" if value is None else str(value), REMEDY % (least, most))
            )
    if problems:
        raise Invalid(problems)
