"""Rows of the calendar, hearings and candidates, as `tests/factories.py` has them of the rest."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.models import (
    Approval,
    AssociationSettings,
    CalendarRule,
    Candidate,
    CandidateBody,
    CyclePlan,
    CycleStep,
    Dispute,
    DisputeFile,
    ExchangeRate,
    FeeCapTable,
    Hearing,
    HearingNotice,
    Lease,
    Message,
    MethodReport,
    Occurrence,
    PublicHoliday,
    RatingRequest,
    Reply,
    Withdrawal,
)
from tests.keys import ACCOUNT, AGENCY, CYCLE, DAY, EDITION, THEN

ONE = UUID(int=1)
NOTHING = "0" * 64


def settings(session: Session, whose: str = "alpha") -> AssociationSettings:
    """What the association decided for itself."""
    row = AssociationSettings(association=whose, changed_at=THEN)
    session.add(row)
    session.add(FeeCapTable(association=whose, number=1, document="", stored_at=THEN))
    rate: dict[str, Any] = {"base": "USD", "quote": "VND", "rate": "26000", "source": "a bank"}
    session.add(ExchangeRate(association=whose, since=DAY, **rate))
    session.add(PublicHoliday(association=whose, day=DAY, name="New Year"))
    session.flush()
    return row


def schedule(session: Session, whose: str = "alpha") -> CyclePlan:
    """A calendar with one planned cycle, a run of a job, a message and the lease."""
    rubric: dict[str, Any] = {"rubric_code": "code", "rubric_version": "1"}
    session.add(
        CalendarRule(
            association=whose,
            every="year",
            first_opens_on=DAY,
            time_of_day="09:00",
            days={},
            changed_at=THEN,
            **rubric,
        )
    )
    named: dict[str, Any] = {"slug": "2027", "name": "2027", "period": 0, "as_of": DAY}
    row = CyclePlan(association=whose, id=ONE, planned_at=THEN, **named, **rubric)
    session.add(row)
    session.flush()
    session.add(
        CycleStep(association=whose, plan=ONE, step="opens", on_day=DAY, time_of_day="09:00")
    )
    ran: dict[str, Any] = {"state": "done", "tries": 1, "fence": 1, "ended_at": THEN}
    session.add(Occurrence(association=whose, job="steps", key="-", due_at=THEN, **ran))
    session.add(
        Message(
            association=whose,
            id=ONE,
            account=ACCOUNT,
            occasion="-",
            kind="opened",
            values={},
            written_at=THEN,
            next_try_at=THEN,
        )
    )
    session.merge(Lease(name="schedule", holder="-", fence=1, expires_at=0))
    session.flush()
    return row


def hearing(session: Session, whose: str = "alpha") -> Hearing:
    """A hearing of the agency with its reply and a dispute."""
    of: dict[str, Any] = {"association": whose, "cycle": CYCLE, "number": 1}
    row = Hearing(**of, opened_at=THEN, opened_by="operator")
    session.add(row)
    session.flush()
    of["agency"] = AGENCY
    session.add(HearingNotice(**of, frozen={}, is_due=True))
    session.flush()
    session.add(Reply(**of, text="-", language="vi", written_by=ACCOUNT, written_at=THEN))
    about: dict[str, Any] = {"kind": "finding", "subject": "1.1", "statement": "-"}
    days: dict[str, Any] = {"found_on": DAY, "filed_at": THEN, "due_on": DAY}
    session.add(Dispute(**of, **about, **days, id=ONE, filed_by=ACCOUNT))
    session.flush()
    file: dict[str, Any] = {"name": "a.pdf", "media_type": "application/pdf", "size": 1}
    session.add(
        DisputeFile(
            association=whose,
            id=ONE,
            dispute=ONE,
            given_sha256=NOTHING,
            stored_sha256=NOTHING,
            given_by=ACCOUNT,
            given_at=THEN,
            **file,
        )
    )
    session.flush()
    return row


def candidate(session: Session, whose: str = "alpha") -> Candidate:
    """A candidate that somebody prepared; the edition's withdrawal, report and request."""
    scored: dict[str, Any] = {"digest": NOTHING, "scored_at": THEN, "scored_by": "operator"}
    row = Candidate(association=whose, id=ONE, cycle=CYCLE, number=2, contents={}, **scored)
    session.add(row)
    session.flush()
    session.add(CandidateBody(association=whose, candidate=ONE, body=b"-"))
    given: dict[str, Any] = {"proved_at": THEN, "given_at": THEN, "digest": NOTHING}
    session.add(
        Approval(association=whose, candidate=ONE, step="prepared", account=ACCOUNT, **given)
    )
    of: dict[str, Any] = {"association": whose, "edition": EDITION}
    asked: dict[str, Any] = {"asked_by": ACCOUNT, "asked_at": THEN}
    session.add(Withdrawal(**of, because="-", **asked))
    session.add(RatingRequest(**of, agency=AGENCY, reason="-", **asked))
    made: dict[str, Any] = {"body": {}, "made_by": "operator", "made_at": THEN}
    session.add(MethodReport(**of, rubric_code="code", rubric_version="1", **made))
    session.flush()
    return row
