"""Which agencies may follow which: signs for a reviewer, never published, never counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from rankings.models import Agency, AgencyLink, FormerName, LicenceState, Owner
from rankings.usecases import agencies, licences
from rankings.usecases.similar_names import Key, company, pairs, person, squeezed

OWNER_NUMBER, OWNER_NAME, NAME, LICENCE = "owner_number", "owner_name", "name", "licence"
# A licence that began so long after another one ended, or so long before, seems to replace it.
AFTER, AHEAD = timedelta(days=365), timedelta(days=90)

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two agencies, the later licensed one first, and what they have in common."""

    agency: Agency
    predecessor: Agency
    signs: tuple[str, ...]


def suggestions(session: Session, association: str, today: date) -> list[Suggestion]:
    """Pairs without a link of any kind, those with the most signs first."""
    known = {one.id: one for one in agencies.every(session, association)}
    owners = _all(session, Owner, association)
    signs: dict[frozenset[UUID], list[str]] = {}
    for sign, found in (
        (OWNER_NUMBER, _same_numbers(owners)),
        (OWNER_NAME, pairs(_owners(owners))),
        (NAME, pairs(_names(known.values(), _all(session, FormerName, association)))),
    ):
        for pair in found:
            noted = signs.setdefault(frozenset(pair), [])
            if sign not in noted:
                noted.append(sign)
    ends = _ends(known.values(), _all(session, LicenceState, association), today)
    links = _all(session, AgencyLink, association)
    linked = {frozenset((one.agency, one.predecessor)) for one in links}
    made = [_suggestion(known, pair, signs[pair], ends) for pair in signs if pair not in linked]
    return sorted(made, key=lambda one: (-len(one.signs), one.agency.code, one.predecessor.code))


def _suggestion(
    known: Mapping[UUID, Agency],
    pair: frozenset[UUID],
    signs: Sequence[str],
    ends: Mapping[UUID, date],
) -> Suggestion:
    one, other = sorted(
        (known[key] for key in pair), key=lambda each: (each.licensed_on, each.code)
    )
    ended = ends.get(one.id)
    replaces = ended is not None and ended - AHEAD <= other.licensed_on <= ended + AFTER
    return Suggestion(other, one, (*signs, LICENCE) if replaces else tuple(signs))


def _names(known: Iterable[Agency], former: Sequence[FormerName]) -> list[tuple[UUID, Key]]:
    """All names that agencies have or had, each once."""
    named = [(one.id, name) for one in known for name in one.names.values()]
    named += [(one.agency, name) for one in former for name in one.names.values()]
    return list(dict.fromkeys((agency, company(name)) for agency, name in named))


def _owners(owners: Sequence[Owner]) -> list[tuple[UUID, Key]]:
    """The names of owners, who may be persons or companies."""
    return list(
        dict.fromkeys((one.agency, read(one.name)) for one in owners for read in (person, company))
    )


def _same_numbers(owners: Sequence[Owner]) -> list[Pair]:
    """Agencies with an owner of the same number, however it is spaced."""
    found: dict[str, dict[UUID, None]] = {}
    for one in owners:
        number = squeezed(one.number or "")
        if number:
            found.setdefault(number, {})[one.agency] = None
    return [
        (first, second)
        for ones in map(list, found.values())
        for place, first in enumerate(ones)
        for second in ones[place + 1 :]
    ]


def _ends(known: Iterable[Agency], states: Sequence[LicenceState], today: date) -> dict[UUID, date]:
    """The day on which a licence ended that has ended."""
    by_agency: dict[UUID, list[LicenceState]] = {}
    for one in states:
        by_agency.setdefault(one.agency, []).append(one)
    found = {}
    for agency in known:
        held = licences.licence(agency, by_agency.get(agency.id, ()), today)
        if held["state"] in ("revoked", licences.EXPIRED):
            found[agency.id] = date.fromisoformat(str(held["since"]))
    return found


def _all(session: Session, table: Any, association: str) -> list[Any]:
    order = tuple(table.__table__.primary_key)
    return list(
        session.exec(select(table).where(table.association == association).order_by(*order))
    )
