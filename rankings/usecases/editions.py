"""Ranking editions: scored, signed and stored once, read by everybody, changed by nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from sqlmodel import Session, col, desc, func, select

from rankings import __version__
from rankings.canonical import canonical, digest
from rankings.errors import Conflict, NotFound
from rankings.models import AssessmentCycle, EditionBundle, RankingEdition
from rankings.scoring.fees import FeeCap
from rankings.scoring.source import Code
from rankings.usecases import (
    associations,
    cycles,
    fee_cap_values,
    journal,
    notices,
    records,
    rubrics,
    second_opinions,
)
from rankings.usecases.edition_parts import RANKING, Edition, Heading, Part
from rankings.usecases.journal_chain import Head
from rankings.usecases.previous_bands import RankingOf, previous_bands

FORMAT = "rankings-edition/1"

Said = Callable[[str], None]


class Press(Protocol):
    """Turns parts into one signed file."""

    def start(self, code: Code) -> None:
        """The rubric of the parts to come."""

    def add(self, name: str, part: Part) -> None:
        """One part."""

    def finish(self) -> Mapping[str, Any]:
        """Makes the files; size and digest of every part and file."""

    def seal(self, manifest: Mapping[str, Any]) -> bytes:
        """The signed file."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What publishing needs from outside; `said` hears of every step before it begins.

    `head` is that of the journal just before; None where it has no entry.
    """

    press: Press
    part_of: Callable[[bytes, str], Mapping[str, Any]]
    sign: notices.Sign
    caps: Sequence[FeeCap]
    said: Said
    head: Head | None


def publish(
    session: Session,
    cycle: AssessmentCycle,
    reason: str | None,
    tools: Tools,
    act: journal.Act,
) -> RankingEdition:
    """Score a cycle and store its next edition with a new notice: all of it, or nothing.

    Conflict where the cycle has an edition already and no reason is given, or while a second
    opinion on a finding is not given, or differs and is not settled.
    """
    number = _next_number(session, cycle, reason)
    waiting = second_opinions.open_of(session, cycle)
    if waiting:
        raise Conflict(f"{len(waiting)} second opinions of this cycle are open: settle them first.")
    tools.said("reading the cycle")
    edition = Edition(_heading(session, cycle, tools.caps), cycles.code_of(cycle))
    before = previous_bands(session, cycle, edition.scorer.rubric, _ranking_of(session, tools))
    tools.said("scoring the agencies")
    tools.press.start(edition.code)
    listed = records.listed(session, cycle, edition.scorer.rubric, before)
    for name, part in edition.parts(listed):
        tools.press.add(name, part)
    tools.said("making the files")
    contents = tools.press.finish()
    tools.said("signing")
    manifest = _manifest(session, cycle, edition, act.now)
    head = tools.head.values() if tools.head else None
    manifest |= {"number": number, "reason": reason, "journal": head, **contents}
    body = tools.press.seal(manifest)
    tools.said("storing the edition")
    row = _store(session, cycle, manifest, body, act)
    tools.said("issuing the notice")
    notices.issue(session, cycle.association, tools.sign, act)
    tools.said("keeping it all")
    return row


def _next_number(session: Session, cycle: AssessmentCycle, reason: str | None) -> int:
    numbers = select(func.max(RankingEdition.number)).where(
        RankingEdition.association == cycle.association, RankingEdition.cycle == cycle.id
    )
    number = (session.exec(numbers).one() or 0) + 1
    if number > 1 and not (reason or "").strip():
        raise Conflict("There is an edition already: a correction says why.")
    return number


def _heading(session: Session, cycle: AssessmentCycle, caps: Sequence[FeeCap]) -> Heading:
    association = associations.find(session, cycle.association)
    return Heading(
        association={
            "code": association.id,
            "name": association.name,
            "country": association.country,
        },
        cycle={"slug": cycle.slug, "name": cycle.name, "as_of": cycle.as_of.isoformat()},
        source=cycles.source_of(cycle),
        caps=fee_cap_values.in_force(caps, association.country, cycle.as_of),
    )


def _ranking_of(session: Session, tools: Tools) -> RankingOf:
    """Reads an earlier edition's ranking from its signed file."""

    def ranking_of(edition: RankingEdition) -> Mapping[str, Any]:
        body = bundle(session, edition.association, edition.digest)
        return tools.part_of(body, RANKING)

    return ranking_of


def _manifest(
    session: Session, cycle: AssessmentCycle, edition: Edition, now: datetime
) -> dict[str, Any]:
    newest = newest_edition(session, cycle.association)
    today = associations.day(associations.find(session, cycle.association), now)
    return {
        "format": FORMAT,
        "association": dict(edition.heading.association),
        "cycle": dict(edition.heading.cycle),
        "published_at": now.isoformat(),
        "published_on": today.isoformat(),
        "previous": newest.digest if newest else None,
        "rubric": {
            "code": cycle.rubric_code,
            "version": cycle.rubric_version,
            "sha256": rubrics.digest(edition.heading.source),
        },
        "inputs": edition.inputs,
        "engine": f"rankings {__version__}",
    }


def _store(
    session: Session,
    cycle: AssessmentCycle,
    manifest: Mapping[str, Any],
    body: bytes,
    act: journal.Act,
) -> RankingEdition:
    edition = RankingEdition(
        association=cycle.association,
        id=uuid4(),
        cycle=cycle.id,
        number=manifest["number"],
        published_at=act.now,
        as_of=cycle.as_of,
        reason=manifest["reason"],
        digest=digest(canonical(manifest)),
    )
    session.add(edition)
    session.flush()
    session.add(EditionBundle(association=cycle.association, edition=edition.id, body=body))
    session.flush()
    about, details = f"{cycle.slug} {edition.number}", {"digest": edition.digest}
    journal.record(session, cycle.association, act, "published an edition", about, details)
    return edition


def newest_edition(session: Session, association: str) -> RankingEdition | None:
    """The edition of an association that was published last."""
    return session.exec(
        select(RankingEdition)
        .where(RankingEdition.association == association)
        .order_by(
            desc(RankingEdition.published_at),
            desc(RankingEdition.as_of),
            desc(RankingEdition.number),
        )
    ).first()


def bundle(session: Session, association: str, sha256: str) -> bytes:
    """The signed file of the edition whose manifest has this digest; NotFound for another."""
    row = session.exec(
        select(EditionBundle)
        .join(RankingEdition, col(RankingEdition.id) == EditionBundle.edition)
        .where(
            EditionBundle.association == association,
            RankingEdition.association == association,
            RankingEdition.digest == sha256,
        )
    ).first()
    if row is None:
        raise NotFound("There is no such edition.")
    return row.body


def digest_of(session: Session, association: str, cycle: str, number: int | None) -> str:
    """The digest of a cycle's edition, the newest where no number is given; NotFound."""
    of = cycles.find(session, association, cycle)
    found = select(RankingEdition.digest).where(
        RankingEdition.association == association, RankingEdition.cycle == of.id
    )
    if number is not None:
        found = found.where(RankingEdition.number == number)
    sha256 = session.exec(found.order_by(desc(RankingEdition.number))).first()
    if sha256 is None:
        raise NotFound("There is no such edition.")
    return sha256
