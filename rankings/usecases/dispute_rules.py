"""Until when an agency may answer: in the hearing before an edition, or by appeals after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, desc, select

from rankings.errors import Conflict
from rankings.models import Agency, AssessmentCycle, Hearing, HearingNotice, RankingEdition
from rankings.usecases import association_settings, associations, memberships, self_assessments

SIGNATORY = memberships.AGENCY_ROLES[1]
# The sentences.
NO_HEARING = "There is no hearing now, and no edition that could be appealed."
NOT_SERVED = "The agency has not been told yet: its time has not begun."
NOT_DUE = "Nothing changes for this agency, so there is nothing to hear it about."
OVER = "The time to answer has ended."
APPEAL_OVER = "The time to appeal has ended."
WHY = (NO_HEARING, NOT_SERVED, NOT_DUE, OVER, APPEAL_OVER)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an agency stands: heard before edition `number`, or with an `edition` to appeal.

    `until` is the last day, `why_closed` why nothing can be written now, `notice` what it was
    told in the hearing before that edition.
    """

    number: int
    edition: RankingEdition | None
    notice: HearingNotice | None
    until: date | None
    why_closed: str | None

    @property
    def is_appeal(self) -> bool:
        """Whether an edition has been published."""
        return self.edition is not None


def stage(session: Session, cycle: AssessmentCycle, agency: Agency, now: datetime) -> Stage:
    """Where the agency stands in a cycle at a moment."""
    hearing, edition = _hearing(session, cycle), newest_edition(session, cycle)
    today = self_assessments.day(session, cycle, now)
    if hearing is not None and (edition is None or hearing.number > edition.number):
        notice = _notice(session, cycle, hearing.number, agency.id)
        if edition is None or (notice is not None and notice.is_due):
            return Stage(hearing.number, None, notice, *_clock(notice, today))
    if edition is None:
        return Stage(1, None, None, None, NO_HEARING)
    whose = associations.find(session, cycle.association)
    days = association_settings.of(session, cycle.association).appeal_days
    until = associations.day(whose, edition.published_at) + timedelta(days=days)
    notice = _notice(session, cycle, edition.number, agency.id)
    why = APPEAL_OVER if today > until else None
    return Stage(edition.number, edition, notice, until, why)


def open_notice(
    session: Session, cycle: AssessmentCycle, agency: Agency, now: datetime
) -> HearingNotice:
    """What the agency was told, while it may answer; nobody else changes it until the commit.

    Conflict outside of the hearing's clock.
    """
    held = stage(session, cycle, agency, now)
    if held.why_closed:
        raise Conflict(held.why_closed)
    if held.notice is None or held.is_appeal:
        raise Conflict(OVER)
    return session.exec(
        select(HearingNotice)
        .where(
            HearingNotice.association == held.notice.association,
            HearingNotice.cycle == held.notice.cycle,
            HearingNotice.number == held.notice.number,
            HearingNotice.agency == held.notice.agency,
        )
        .with_for_update()
    ).one()


def signs(session: Session, agency: Agency, account: UUID | None) -> bool:
    """Whether somebody signs for the agency."""
    held = memberships.of(session, agency.association, account) if account else []
    return any((one.role, one.agency) == (SIGNATORY, agency.id) for one in held)


def newest_edition(session: Session, cycle: AssessmentCycle) -> RankingEdition | None:
    """The newest edition of a cycle."""
    found = select(RankingEdition).where(
        RankingEdition.association == cycle.association, RankingEdition.cycle == cycle.id
    )
    return session.exec(found.order_by(desc(RankingEdition.number))).first()


def _hearing(session: Session, cycle: AssessmentCycle) -> Hearing | None:
    found = select(Hearing).where(
        Hearing.association == cycle.association, Hearing.cycle == cycle.id
    )
    return session.exec(found.order_by(desc(Hearing.number))).first()


def _notice(
    session: Session, cycle: AssessmentCycle, number: int, agency: UUID
) -> HearingNotice | None:
    return session.get(HearingNotice, (cycle.association, cycle.id, number, agency))


def _clock(notice: HearingNotice | None, today: date) -> tuple[date | None, str | None]:
    """The last day, and why nothing can be written; the last day is the agency's own."""
    if notice is None or not notice.is_due:
        return None, NOT_DUE
    if notice.ends_on is None:
        return None, NOT_SERVED
    return notice.ends_on, OVER if today > notice.ends_on else None
