"""What is compared of all cases, read by the machine where the key is; nobody sees it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.models import Agency, ComplaintCase, ComplaintItem
from rankings.usecases import agency_codes, case_deadlines, cases, complaint_items
from rankings.usecases.case_suggestions import Report, letters

# What a report's document holds under these names.
STORY, COMPANY, DAY = "happened", "company", "day"

# A case's own key; None where it cannot be had here.
KeyOf = Callable[[ComplaintCase], bytes | None]
# With a key: of what is sealed and what it is about.
Unseal = Callable[[bytes, bytes, str], bytes]
Keys = Mapping[UUID, bytes]


@dataclass(frozen=True, slots=True)
class Opener:
    """How cases are opened on this host."""

    key_of: KeyOf
    unseal: Unseal


def reports(session: Session, held: Sequence[ComplaintCase], opener: Opener) -> list[Report]:
    """The reports of cases whose key is here; of files only those that might be alike."""
    keys = {one.id: key for one in held if (key := opener.key_of(one)) is not None}
    association = held[0].association if held else ""
    files = _files(session, association, keys, opener.unseal)
    known = cases.lines(session, association, held)
    named = _named(session, association)
    months = {one.id: one.received_month for one in held}
    found = []
    for item in _items(session, association, keys):
        document = _open(item, keys, opener.unseal)
        month = months[item.case]
        line = known.get(item.case)
        subject = line.agency if line else _subject(document, named)
        found.append(
            Report(item.case, subject, _day(document, month), _story(document), files[item.case])
        )
    return found


def _items(session: Session, association: str, keys: Keys) -> Sequence[ComplaintItem]:
    return session.exec(
        select(ComplaintItem)
        .where(
            ComplaintItem.association == association,
            ComplaintItem.kind == "report",
            col(ComplaintItem.case).in_(keys),
        )
        .order_by(col(ComplaintItem.case))
    ).all()


def _open(item: ComplaintItem, keys: Keys, unseal: Unseal) -> dict[str, Any]:
    about = complaint_items.about(item.association, item.case, item.id)
    found: dict[str, Any] = json.loads(unseal(keys[item.case], item.sealed, about))
    return found


def _story(document: Mapping[str, Any]) -> str:
    return str(document.get(STORY) or "")


def _day(document: Mapping[str, Any], month: str) -> date:
    """The day inside of the seal; the first of the month where none stands there."""
    try:
        return date.fromisoformat(str(document.get(DAY)))
    except ValueError:
        return case_deadlines.first_day(month)


def _named(session: Session, association: str) -> dict[str, UUID]:
    """Agencies by code and by each of their names, as they are compared."""
    found = {}
    for one in session.exec(select(Agency).where(Agency.association == association)):
        for name in (one.code, *one.names.values()):
            found[letters(name) if name != one.code else name] = one.id
    return found


def _subject(document: Mapping[str, Any], named: Mapping[str, UUID]) -> UUID | str:
    """The agency that the worker means, else what was written."""
    written = str(document.get(COMPANY) or "").strip()
    code = written.upper()
    if agency_codes.number(code) and code in named:
        return named[code]
    return named.get(letters(written), letters(written))


def _files(
    session: Session, association: str, keys: Keys, unseal: Unseal
) -> dict[UUID, frozenset[str]]:
    """Digests of the files that have a twin of the same sealed length in another case."""
    size = func.length(ComplaintItem.sealed)
    where = (
        ComplaintItem.association == association,
        ComplaintItem.kind == "file",
        col(ComplaintItem.case).in_(keys),
    )
    twins = select(size).where(*where).group_by(size)
    twins = twins.having(func.count(func.distinct(ComplaintItem.case)) > 1)
    found: dict[UUID, set[str]] = defaultdict(set)
    for item in session.exec(select(ComplaintItem).where(*where, size.in_(twins))):
        found[item.case].add(_digest(_open(item, keys, unseal)))
    return defaultdict(frozenset, {case: frozenset(digests) for case, digests in found.items()})


def _digest(document: Mapping[str, Any]) -> str:
    """Of the contents alone, whatever the file is called."""
    return str(document.get("sha256"))


def open_ones(held: Collection[ComplaintCase]) -> set[UUID]:
    """The cases that are still worked on."""
    return {one.id for one in held if one.status in case_deadlines.OPEN}
