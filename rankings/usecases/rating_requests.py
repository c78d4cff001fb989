"""An agency asks to be checked again after an edition, once; its rating may fall as well."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, NotFound
from rankings.models import Agency, AssessmentCycle, RankingEdition, RatingRequest
from rankings.usecases import agencies, associations, conflicts, journal, messages
from rankings.usecases.joins import same
from rankings.usecases.notices import CURRENT_FIRST
from rankings.usecases.typed import Typed

LONGEST = 1_000
GRANTED, REFUSED = "granted", "refused"
NO_EDITION = "Nothing has been published yet: there is no rating to ask about."
NOT_LISTED = "The newest edition does not list this agency."
ASKED = "The agency has asked about this edition already: once for each edition."
DECIDED = "This request has been decided already."


@dataclass(frozen=True, slots=True)
class Decision:
    """About which edition's request, `granted` or `refused`, and why; the agency reads it."""

    edition: str
    outcome: str
    because: str


@dataclass(frozen=True, slots=True)
class Line:
    """A request with the edition that it is about."""

    request: RatingRequest
    agency: Agency
    edition: RankingEdition
    cycle: AssessmentCycle


def ask(
    session: Session, association: str, code: str, reason: str, act: journal.Act
) -> RatingRequest:
    """Ask about the newest edition, with a reason; the same once more changes nothing.

    Invalid names what is wrong. Conflict where nothing is published, the edition does not list the
    agency, or it has asked about this edition already.
    """
    agency, typed = agencies.find(session, association, code), Typed()
    said = typed.text("reason", reason, LONGEST)
    typed.done()
    edition = newest(session, association)
    if edition is None:
        raise Conflict(NO_EDITION)
    if agency.licensed_on > edition.as_of:
        raise Conflict(NOT_LISTED)
    held = session.get(RatingRequest, (association, edition.id, agency.id))
    if held is not None:
        if held.reason == said and held.is_granted is None:
            return held
        raise Conflict(ASKED)
    if act.account is None or said is None:
        raise ValueError("only a person asks, with a reason")
    made = RatingRequest(
        association=association,
        edition=edition.id,
        agency=agency.id,
        reason=said,
        asked_by=act.account,
        asked_at=act.now,
    )
    session.add(made)
    session.flush()
    about = f"{code} edition {edition.number} as of {edition.as_of}"
    journal.record(session, association, act, "asked for a new rating", about)
    return made


def decide(
    session: Session, association: str, code: str, decision: Decision, act: journal.Act
) -> RatingRequest:
    """Grant or refuse a request, and tell the agency; the same once more changes nothing.

    Invalid names what is wrong, NotFound where the agency did not ask; Conflict for a person with
    a tie to the agency, and where it was decided otherwise.
    """
    agency, typed = agencies.find(session, association, code), Typed()
    outcome = typed.one_of("outcome", decision.outcome, (GRANTED, REFUSED))
    because = typed.text("because", decision.because, LONGEST)
    typed.done()
    held = _find(session, agency, decision.edition)
    if held.is_granted is not None:
        if (held.is_granted, held.because) == (outcome == GRANTED, because):
            return held
        raise Conflict(DECIDED)
    if act.account is None:
        raise ValueError("only a person decides")
    today = associations.day(associations.find(session, association), act.now)
    conflicts.refuse(session, association, act.account, agency.id, today)
    held.is_granted, held.because = outcome == GRANTED, because
    held.decided_by, held.decided_at = act.account, act.now
    session.add(held)
    session.flush()
    told = {"outcome": outcome, "edition": str(held.edition)}
    journal.record(session, association, act, "decided about a new rating", code, told)
    occasion = f"rating_request {held.edition}"
    values = {"outcome": outcome}
    kind = "rating_request_decided"
    messages.to_agency(session, association, agency.id, occasion, kind, values, act)
    return held


def newest(session: Session, association: str) -> RankingEdition | None:
    """The edition that is the current ranking."""
    found = select(RankingEdition).where(RankingEdition.association == association)
    return session.exec(found.order_by(*CURRENT_FIRST)).first()


def of_agency(session: Session, agency: Agency) -> list[Line]:
    """What an agency has asked, the newest first."""
    return _lines(session, agency.association, RatingRequest.agency == agency.id)


def waiting(session: Session, association: str) -> list[Line]:
    """What is not decided, the newest first."""
    return _lines(session, association, col(RatingRequest.is_granted).is_(None))


def _lines(session: Session, association: str, *where: object) -> list[Line]:
    found = session.exec(
        select(RatingRequest, Agency, RankingEdition, AssessmentCycle)
        .join(Agency, same(RatingRequest, Agency, "agency"))
        .join(RankingEdition, same(RatingRequest, RankingEdition, "edition"))
        .join(AssessmentCycle, same(RankingEdition, AssessmentCycle, "cycle"))
        .where(RatingRequest.association == association, *where)  # type: ignore[arg-type]
        .order_by(col(RatingRequest.asked_at).desc(), Agency.code)
    )
    return [Line(*one) for one in found]


def _find(session: Session, agency: Agency, edition: str) -> RatingRequest:
    """The request of an agency, which nobody else changes until the commit."""
    try:
        key = UUID(edition)
    except ValueError:
        raise NotFound("There is no such request.") from None
    found = session.exec(
        select(RatingRequest)
        .where(
            RatingRequest.association == agency.association,
            RatingRequest.edition == key,
            RatingRequest.agency == agency.id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound("There is no such request.")
    return found
