"""Ranking editions: stored once, read by everybody, changed by nobody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, desc, func, select

from rankings.errors import Conflict, NotFound
from rankings.models import AssessmentCycle, Association, EditionPart, RankingEdition
from rankings.usecases import associations, edition_parts


@dataclass(frozen=True, slots=True)
class New:
    """An edition to be: its id, its parts by name, and, for a correction, why."""

    id: UUID
    parts: Mapping[str, bytes]
    reason: str | None = None


def store(
    session: Session, association: str, cycle: AssessmentCycle, new: New, now: datetime
) -> RankingEdition:
    """The cycle's next edition with all its parts; nothing ever updates them.

    Conflict where the cycle has an edition already and no reason is given.
    """
    numbers = select(func.max(RankingEdition.number)).where(
        RankingEdition.association == association, RankingEdition.cycle == cycle.id
    )
    number = (session.exec(numbers).one() or 0) + 1
    if number > 1 and not (new.reason or "").strip():
        raise Conflict("There is an edition already: a correction says why.")
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in new.parts.items()}
    edition = RankingEdition(
        association=association,
        id=new.id,
        cycle=cycle.id,
        number=number,
        published_at=now,
        as_of=cycle.as_of,
        reason=new.reason,
        digest=hashlib.sha256(edition_parts.canonical(digests)).hexdigest(),
    )
    session.add(edition)
    session.flush()
    for name, body in new.parts.items():
        session.add(
            EditionPart(
                association=association,
                edition=new.id,
                name=name,
                body=body,
                digest=digests[name],
            )
        )
    session.flush()
    return edition


def current(session: Session, association: str) -> RankingEdition:
    """The newest edition of an association; NotFound where nothing has been published."""
    edition = session.exec(
        select(RankingEdition)
        .where(RankingEdition.association == association)
        .order_by(desc(RankingEdition.published_at), desc(RankingEdition.number))
    ).first()
    if edition is None:
        raise NotFound("Nothing has been published here.")
    return edition


def part(session: Session, edition: RankingEdition, name: str) -> dict[str, Any]:
    """One part of an edition as plain values; NotFound where the edition has none of that name."""
    row = session.get(EditionPart, (edition.association, edition.id, name))
    if row is None:
        raise NotFound("This edition has no such part.")
    value: dict[str, Any] = json.loads(row.body)
    return value


def ranking(session: Session, edition: RankingEdition) -> dict[str, Any]:
    """Who stands where."""
    return part(session, edition, edition_parts.RANKING)


def rubric(session: Session, edition: RankingEdition) -> dict[str, Any]:
    """The rubric's text and labels as they were used."""
    return part(session, edition, edition_parts.RUBRIC)


def fee_caps(session: Session, edition: RankingEdition) -> list[dict[str, Any]]:
    """The legal fee caps of the association's country on the day of the edition."""
    rows: list[dict[str, Any]] = part(session, edition, edition_parts.FEE_CAPS)["caps"]
    return rows


def agency(session: Session, edition: RankingEdition, code: str) -> dict[str, Any]:
    """One agency's result with its receipt."""
    return part(session, edition, edition_parts.agency_part(code))


def published_by(session: Session) -> list[Association]:
    """The associations that have published, for the front page."""
    published = set(session.exec(select(RankingEdition.association)).all())
    return [one for one in associations.all_of_them(session) if one.id in published]
