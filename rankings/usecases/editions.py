"""Ranking editions: approved, signed and stored once, read by everybody, changed by nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlmodel import Session, col, desc, select

from rankings.canonical import canonical, digest
from rankings.errors import Conflict, NotFound
from rankings.models import (
    Approval,
    AssessmentCycle,
    Candidate,
    EditionBundle,
    RankingEdition,
)
from rankings.usecases import (
    approvals,
    associations,
    calendar,
    candidates,
    cycles,
    gates,
    journal,
    messages,
    notices,
    taking_part,
)
from rankings.usecases.edition_reading import View
from rankings.usecases.journal_chain import Head
from rankings.usecases.press import Tools

# The sentences.
TOO_EARLY = "The planned time of publication has not come."
BLOCKED = "The candidate cannot be published: {gates}."
BLOCKED_SHORT = "A gate is red: the candidate cannot be prepared."


@dataclass(frozen=True, slots=True)
class Seal:
    """What publishing needs beyond scoring; `head` is that of the journal just before.

    None where it has no entry. `view` reads the stored candidate.
    """

    sign: notices.Sign
    view: Callable[[Candidate, bytes], View]
    head: Head | None


def publish(
    session: Session, cycle: AssessmentCycle, tools: Tools, seal: Seal, act: journal.Act
) -> RankingEdition | None:
    """Publish the approved candidate with a new notice: all of it, or nothing.

    The candidate is scored once more: where it differs from what was approved it is void, and
    None says so. Conflict where nobody approved, a gate is red or the planned time has not come.
    """
    planned = planned_at(session, cycle)
    if planned is not None and act.now < planned:
        raise Conflict(TOO_EARLY)
    approved = candidates.find(session, cycle)
    people = approvals.standing(session, approved)
    scored = candidates.score(session, cycle, tools, act)
    if scored.is_new:
        return None
    view = seal.view(approved, candidates.body(session, approved))
    red = gates.red(session, cycle, approved, view, act)
    if red:
        raise Conflict(BLOCKED.format(gates=", ".join(one.name for one in red)))
    tools.said("signing")
    manifest = _manifest(session, cycle, approved, people, seal.head, act.now)
    body = tools.press.seal(manifest)
    tools.said("storing the edition")
    row = _store(session, cycle, manifest, body, act)
    _tell(session, cycle, row, act)
    tools.said("issuing the notice")
    notices.issue(session, cycle.association, seal.sign, act)
    tools.said("keeping it all")
    return row


def planned_at(session: Session, cycle: AssessmentCycle) -> datetime | None:
    """When the first edition is planned to come; None without a plan, or for a correction."""
    if candidates.next_number(session, cycle) > 1:
        return None
    return calendar.at(session, cycle.id, cycle.association, "publication")


def _manifest(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    people: Sequence[Approval],
    head: Head | None,
    now: datetime,
) -> dict[str, Any]:
    newest = newest_edition(session, cycle.association)
    today = associations.day(associations.find(session, cycle.association), now)
    return {
        **candidate.contents,
        "candidate": candidate.digest,
        "approvals": [
            {"step": one.step, "account": str(one.account), "given_at": one.given_at.isoformat()}
            for one in people
        ],
        "published_at": now.isoformat(),
        "published_on": today.isoformat(),
        "previous": newest.digest if newest else None,
        "journal": head.values() if head else None,
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


def _tell(
    session: Session, cycle: AssessmentCycle, edition: RankingEdition, act: journal.Act
) -> None:
    """Every agency with an account hears of it."""
    kind = "published" if edition.number == 1 else "corrected"
    occasion = f"{kind} {cycle.slug} {edition.number}"
    for agency in taking_part.with_people(session, cycle.association):
        values = {"cycle": cycle.slug}
        messages.to_agency(session, cycle.association, agency, occasion, kind, values, act)


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


def newest_of(session: Session, cycle: AssessmentCycle) -> RankingEdition | None:
    """The newest edition of a cycle; None where nothing is published."""
    found = select(RankingEdition).where(
        RankingEdition.association == cycle.association, RankingEdition.cycle == cycle.id
    )
    return session.exec(found.order_by(desc(RankingEdition.number))).first()


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
