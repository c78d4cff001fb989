"""What people do in the course of a year: each is one act of somebody, at the moment it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from rankings import publishing
from rankings.models import Dispute
from rankings.usecases import (
    approvals,
    associations,
    audit_assignments,
    audit_findings,
    candidates,
    cycles,
    dispute_decisions,
    dispute_filing,
    disputed,
    disputes,
    hearings,
    interviews,
    registry,
    replies,
    second_opinions,
    self_assessments,
)
from rankings.usecases.audit_assignments import Plan
from rankings.usecases.dispute_decisions import Decision
from rankings.usecases.evidence import Handed
from rankings.usecases.interviews import items
from rankings.usecases.replies import Verdict, Words
from tests.usecases import world
from tests.web import small
from tests.web.journey_house import ASKED, best, options
from tests.year import CYCLE, FIRST, THIRD, Year, cycle, place

NUMBERS = range(1, len(small.NAMES) + 1)
RENAMED = "Ví Dụ Hai Mới"
# Found in the audit; at the two that are in dispute later much less than the agency says.
DISPUTED, APPEALED = "1.1", "1.2"
CHECKED = list(ASKED)[:10]
FILE = Handed("receipt.pdf", "application/pdf", 9, "1" * 64, "2" * 64)
SAID = "Chúng tôi không thu tiền của người lao động."
WHY = "The papers that were handed in show what the auditor did not see."
CORRECTED = "An appeal was upheld: one finding was wrong."


def found(indicator: str) -> str:
    return options(indicator)[1] if indicator in (DISPUTED, APPEALED) else best(indicator)


def submit(year: Year) -> None:
    """The first agency says the best of itself; the second one has not begun."""
    act, none = year.act("signatory"), self_assessments.token(None)
    changes = [self_assessments.Change(one, best(one), "", none) for one in ASKED]

    def work(session: Session) -> None:
        self_assessments.save_answers(session, *place(session), changes, act)
        self_assessments.submit(session, *place(session), act)

    year.do(work)


def sent(year: Year) -> None:
    """The authority says how many workers each agency has sent."""

    def work(session: Session) -> None:
        for number in NUMBERS:
            given = world.deployments(("2027-Q1", 100 * number), agency=f"L-{number}")
            intake = registry.save_deployments(session, cycle(session), given, year.wall.now)
            assert intake.problems == []

    year.do(work)


def register(year: Year, number: int, **more: object) -> None:
    """A row of the register, taken in once more with something changed."""

    def work(session: Session) -> None:
        whose = [small.row(number, **more)]
        small.save(session, cycle(session), whose, year.wall.now)

    year.do(work)


def interview(year: Year) -> None:
    """Six workers of the first agency say only good of it."""

    def work(session: Session) -> None:
        held = cycle(session)
        asked = items(cycles.code_of(held).rubric)
        said = dict.fromkeys(asked, "yes")
        day = {"interviewed_on": date(2027, 3, 15)}
        usual = [dict(world.interview(number, agency="L-1").values) for number in range(6)]
        rows = [world.given(**(one | day | said)) for one in usual]
        intake = interviews.save_interviews(session, held, rows, year.wall.now)
        assert intake.problems == []

    year.do(work)


def assign(year: Year, agency: str) -> UUID:
    """An audit, to be made by the end of May."""

    def work(session: Session) -> UUID:
        plan = Plan(agency, "audit", year.people["auditor"], date(2027, 5, 31))
        return audit_assignments.assign(session, cycle(session), plan, year.act("lead")).id

    return year.do(work)


def audit(year: Year) -> None:
    """The first agency is visited; one finding is made again by somebody else, who finds the same.

    An audit of the third agency is never closed.
    """
    key, act, none = assign(year, FIRST), year.act("auditor"), audit_findings.token(None)
    assign(year, THIRD)
    changes = [audit_findings.Change(one, found(one), f"Seen: {one}.", none) for one in CHECKED]

    def work(session: Session) -> None:
        held = audit_findings.find(session, small.CODE, key)[0]
        audit_findings.set_visit(session, held, date(2027, 3, 15), "visit_announced", act)
        audit_findings.save(session, held, changes, act)
        audit_findings.close(session, held, act)

    year.do(work)
    year.do(lambda session: _second_opinions(session, year))


def _second_opinions(session: Session, year: Year) -> None:
    whom = year.people["other auditor"]
    for one in second_opinions.open_of(session, cycle(session)):
        pair = second_opinions.find(session, small.CODE, one.id)
        second_opinions.assign(session, pair, whom, "", year.act("lead"))
        same = (found(one.indicator), "Seen again.")
        second_opinions.give(session, pair, *same, year.act("other auditor"))


def complain(year: Year) -> None:
    """A worker tells something in March; nobody looks at it."""
    officer = year.people["officer"]
    year.do(lambda session: year.desk.case(session, month="2027-03", officer=officer))


def letters(year: Year) -> int:
    """Whoever has nobody here is told by letter; how many these are."""

    def work(session: Session) -> int:
        held = cycle(session)
        hearing = hearings.find_newest(session, held)
        today = associations.day(associations.find(session, small.CODE), year.wall.now)
        left = [
            agency
            for notice, agency in hearings.notices(session, hearing)
            if notice.is_due and notice.served_on is None
        ]
        for agency in left:
            hearings.serve_by_letter(session, held, hearing, agency, today, year.act("office"))
        return len(left)

    return year.do(work)


def reply(year: Year) -> None:
    said = Words(SAID, "vi", replies.token(None))
    year.do(lambda session: replies.write(session, *place(session), said, year.act("signatory")))


def moderate(year: Year) -> None:
    """The reply is read and will be printed."""

    def work(session: Session) -> None:
        held, agency = place(session)
        seen = replies.token(replies.newest(session, held, agency.id))
        replies.moderate(session, held, agency, Verdict("print", "", seen), year.act("office"))

    year.do(work)


def dispute(year: Year, indicator: str, files: Sequence[Handed] = (FILE,)) -> UUID:
    """In the hearing a dispute, after the publication an appeal."""
    said, act = "We never did this.", year.act("signatory")

    def work(session: Session) -> UUID:
        at = place(session)
        return dispute_filing.file(session, at, f"audit-{indicator}", said, files, act).id

    return year.do(work)


def decide(year: Year, key: UUID, who: str) -> None:
    """The auditor was wrong, says another person."""

    def work(session: Session) -> None:
        one = disputes.find(session, small.CODE, key)
        seen = dispute_decisions.token(disputed.row_of(session, one.dispute))
        said = Decision("changed", best(one.dispute.subject), WHY, seen)
        dispute_decisions.decide(session, one, said, year.act(who))

    year.do(work)


def of_dispute(year: Year, key: UUID) -> Dispute:
    wanted = select(Dispute).where(Dispute.id == key)
    return year.ask(lambda session: session.exec(wanted).one())


def prepare(year: Year, who: str = "office") -> None:
    _stand(year, approvals.prepare, who)


def approve(year: Year, who: str = "other office") -> None:
    _stand(year, approvals.approve, who)


def _stand(year: Year, step: object, who: str) -> None:
    def work(session: Session) -> None:
        held = cycle(session)
        one, now = candidates.find(session, held), year.wall.now
        step(session, held, one, one.digest, now, year.act(who))  # type: ignore[operator]

    year.do(work)


def begin_correction(year: Year) -> int:
    """The hearing before the second edition; how many agencies must be told."""
    order = publishing.Order(small.CODE, CYCLE)
    known = (year.engine, year.settings)
    many = publishing.open_hearing(*known, order, CORRECTED, year.act("office"))
    publishing.score(*known, order, year.act("office"))
    return many
