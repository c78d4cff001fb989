"""Corrective actions: demanded, reported, given more time, closed, and never by a tied person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import CorrectiveAction, JournalEntry
from rankings.usecases import corrective_actions, journal, memberships
from rankings.usecases.corrective_actions import Demand, Held
from tests.usecases import world
from tests.usecases.audits_world import Audited, audited, place

DUE = date(2026, 6, 1)
TODAY = date(2026, 5, 1)


@pytest.fixture
def alpha(engine: Engine) -> Audited:
    return audited(engine)


def demand(
    alpha: Audited, text: str = "Register it.", due_on: date = DUE, code: str = "i1"
) -> UUID:
    with db.transaction(alpha.engine) as session:
        wanted = Demand(code, text, due_on)
        return corrective_actions.demand(session, *place(session), wanted, alpha.auditor).id


def stored(alpha: Audited) -> list[CorrectiveAction]:
    with db.reading(alpha.engine) as session:
        cycle, agency = place(session)
        return corrective_actions.of(session, cycle, agency.id)


def change(alpha: Audited, verb: Callable[..., None], said: Any, **more: Any) -> None:
    """Does something with the one action, by what stands there unless said."""
    (one,) = stored(alpha)
    seen = more.get("seen", corrective_actions.token(one))

    def work(session: Session) -> None:
        verb(session, held(session, one.id), said, seen, more.get("act", alpha.lead))

    db.run(alpha.engine, work)


def held(session: Session, action: UUID) -> Held:
    cycle, agency = place(session)
    return cycle, agency, corrective_actions.find(session, cycle, agency, action)


def actions(alpha: Audited) -> list[str]:
    """What the journal says of corrective actions; all at one moment, so in no order."""
    with db.reading(alpha.engine) as session:
        said = session.exec(select(JournalEntry))
        return sorted(one.action for one in said if "corrective action" in one.action)


def test_from_a_demand_over_a_report_to_the_end(alpha: Audited) -> None:
    demand(alpha, " Register\r\nit. ")
    (one,) = stored(alpha)
    assert (one.demand, one.due_on, one.indicator) == ("Register\nit.", DUE, "i1")
    assert corrective_actions.state(one, DUE) == "open"
    change(alpha, corrective_actions.report, "Done in May.")
    (one,) = stored(alpha)
    assert (one.report, corrective_actions.state(one, DUE)) == ("Done in May.", "reported")
    change(alpha, corrective_actions.close, "The register names it.")
    (one,) = stored(alpha)
    assert (one.closed_on, one.closed_because) == (TODAY, "The register names it.")
    assert actions(alpha) == [
        "closed a corrective action",
        "demanded a corrective action",
        "reported a corrective action",
    ]
    for verb, said in (
        (corrective_actions.report, "More."),
        (corrective_actions.close, "Again."),
        (corrective_actions.extend, (date(2026, 7, 1), "Why not.")),
    ):
        with pytest.raises(Conflict, match="closed"):
            change(alpha, verb, said)


def test_the_same_demand_or_report_twice_is_one(alpha: Audited) -> None:
    assert demand(alpha) == demand(alpha)
    change(alpha, corrective_actions.report, "Done.")
    change(alpha, corrective_actions.report, "Done.", seen="old")
    assert len(actions(alpha)) == 2


def test_nothing_is_overwritten_or_closed_unseen(alpha: Audited) -> None:
    demand(alpha)
    (before,) = stored(alpha)
    seen = corrective_actions.token(before)
    change(alpha, corrective_actions.report, "Done.")
    for verb, said in (
        (corrective_actions.report, "Not done."),
        (corrective_actions.close, "Nothing was reported, but it is done."),
        (corrective_actions.extend, (date(2026, 7, 1), "Nothing came.")),
    ):
        with pytest.raises(Conflict, match="meantime"):
            change(alpha, verb, said, seen=seen)
    assert stored(alpha)[0].report == "Done."


WRONG: tuple[tuple[str, date, str, list[str]], ...] = (
    (" ", DUE, "i1", ["demand"]),
    ("x" * 1001, DUE, "i1", ["demand"]),
    ("Now.", date(2026, 4, 30), "i1", ["due_on"]),
    ("Later.", date(2028, 5, 1), "i1", ["due_on"]),
    ("", date(2020, 1, 1), "v1", ["due_on", "demand", "indicator"]),
)


def test_a_wrong_demand_is_named(alpha: Audited) -> None:
    for text, due_on, code, wrong in WRONG:
        with pytest.raises(Invalid) as refused:
            demand(alpha, text, due_on, code)
        assert [one.place for one in refused.value.problems] == wrong
    assert stored(alpha) == []


def test_more_time_is_given_with_a_reason_and_never_less(alpha: Audited) -> None:
    demand(alpha)
    for day, reason in ((date(2026, 5, 20), "Sooner."), (date(2026, 7, 1), " ")):
        with pytest.raises(Invalid):
            change(alpha, corrective_actions.extend, (day, reason))
    change(alpha, corrective_actions.extend, (date(2026, 7, 1), "The authority is slow."))
    assert stored(alpha)[0].due_on == date(2026, 7, 1)
    assert "gave a corrective action more time" in actions(alpha)


def test_what_is_late_comes_first_in_the_list_of_the_cycle(alpha: Audited) -> None:
    demand(alpha, "Second.", date(2026, 6, 2))
    demand(alpha, "First.", date(2026, 6, 1), "i2")
    with db.reading(alpha.engine) as session:
        found = corrective_actions.of_cycle(session, place(session)[0])
    assert [(one.demand, agency.code) for one, agency in found] == [
        ("First.", world.CODE),
        ("Second.", world.CODE),
    ]
    late = [corrective_actions.is_late(one, date(2026, 6, 2)) for one, _agency in found]
    assert late == [True, False]
    assert corrective_actions.state(found[0][0], date(2026, 6, 2)) == "overdue"


def test_whoever_is_tied_to_the_agency_neither_demands_nor_closes(alpha: Audited) -> None:
    demand(alpha)
    with db.transaction(alpha.engine) as session:
        who = UUID(alpha.lead.who)
        operator = journal.Act(journal.OPERATOR, datetime(2026, 5, 1, tzinfo=UTC))
        memberships.grant(session, "alpha", who, "agency_member", world.CODE, operator)
    with pytest.raises(Conflict, match="tied"):
        change(alpha, corrective_actions.close, "It is done.")
    with pytest.raises(Conflict, match="tied"):
        change(alpha, corrective_actions.extend, (date(2026, 7, 1), "Slow."))
    change(alpha, corrective_actions.report, "Done.")


def test_another_agencys_action_is_not_there(alpha: Audited) -> None:
    action = demand(alpha)
    with db.transaction(alpha.engine) as session:
        cycle, agency = place(session)
        later = world.open_cycle(session, "alpha", "2027", date(2027, 6, 30), alpha.lead.now)
        for whose, key in ((later, action), (cycle, uuid4())):
            with pytest.raises(NotFound):
                corrective_actions.find(session, whose, agency, key)
