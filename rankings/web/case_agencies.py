"""Finding the agency that a worker means, by its code or its name."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import Agency
from rankings.usecases import agency_codes, associations, cases
from rankings.usecases.case_suggestions import letters
from rankings.web.words import Words

Shown = tuple[str, tuple[str, str]]


def every(session: Session, association: str) -> list[Shown]:
    """All agencies: the code, and the name with its language."""
    country = associations.find(session, association).country
    held = select(Agency).where(Agency.association == association).order_by(col(Agency.code))
    return [(one.code, Words.name(country, one.names)) for one in session.exec(held)]


def shown(session: Session, association: str, key: UUID) -> Shown:
    """One agency."""
    found = cases.agency(session, association, key)
    country = associations.find(session, association).country
    return found.code, Words.name(country, found.names)


def code(session: Session, association: str, typed: str) -> str:
    """The code of the one agency that was typed: its code, or one of its names, whole.

    What was typed comes back where it is neither.
    """
    wanted = typed.strip()
    if agency_codes.number(wanted.upper()):
        return wanted.upper()
    held = session.exec(select(Agency).where(Agency.association == association))
    plain = letters(wanted)
    found = {one.code for one in held if plain in map(letters, one.names.values())}
    return found.pop() if len(found) == 1 else wanted
