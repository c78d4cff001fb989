"""Deployment lists and interviews with invented numbers, over the worked example's agency."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlmodel import Session, select

from rankings.models import Account, Agency, AssessmentCycle, Interview, InterviewDraw
from rankings.usecases import accounts, interview_draws, interview_entry, memberships
from rankings.usecases.interview_draws import STATES, Wish, Worker
from rankings.usecases.interview_entry import Entry
from rankings.usecases.journal import Act
from tests.usecases import world

# While the cycle is open.
DURING = datetime(2026, 3, 1, 2, tzinfo=UTC)
GOOD = {"v1": "yes", "v2": "yes"}

Place = tuple[AssessmentCycle, Agency]


def place(session: Session) -> Place:
    """The example's cycle and its one agency."""
    cycle = world.cycle(session)
    world.register(session, cycle)
    return cycle, session.exec(select(Agency)).one()


def asker(session: Session, name: str = "linh", role: str = "auditor") -> Act:
    """Somebody of the association's staff, at work."""
    newcomer = accounts.Newcomer(name.title(), "vi", "no password opens this")
    made: Account = accounts.add(session, f"{name}@example.org", newcomer, world.act(DURING))
    memberships.grant(session, "alpha", made.id, role, None, world.act(DURING))
    return Act(str(made.id), DURING, Random(name).randbytes)


def listed(many: int = 40, start: int = 1) -> list[Worker]:
    """A list with half of its workers abroad, some returned, few before departure."""
    which = (0, 0, 0, 0, 0, 1, 1, 1, 2, 2)
    numbers = range(start, start + many)
    return [Worker(f"D-{n}", STATES[which[n % 10]], "JP") for n in numbers]


def drawn(
    session: Session, where: Place, act: Act, many: int = 10, workers: list[Worker] | None = None
) -> InterviewDraw:
    """The next draw of the agency."""
    seen = interview_draws.token(interview_draws.of(session, where[0], where[1].id))
    wish = Wish("DOLAB", str(many), seen)
    return interview_draws.draw(
        session, *where, listed() if workers is None else workers, wish, act
    )


def numbers(row: InterviewDraw) -> list[str]:
    return [one.number for one in interview_draws.of_draw(row)]


def entry(number: str, **more: Any) -> Entry:
    """An interview as it should be."""
    usual: dict[str, Any] = {
        "worker": "returned",
        "interviewed_on": "2026-02-20",
        "answers": GOOD,
        "agreed": True,
        "alone": True,
    }
    return Entry(number, **(usual | more))


def entered(session: Session, where: Place, act: Act, number: str, **more: Any) -> Interview:
    return interview_entry.enter(session, *where, entry(number, **more), act)
