"""Audits are given to auditors, to others with a reason, and their state is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Account, Audit
from rankings.usecases import audit_assignments, conflicts, panel
from rankings.usecases.audit_assignments import Change, Plan
from tests.usecases import offices
from tests.usecases.offices import DUE, DURING, TODAY, YESTERDAY, Office, cycle


@pytest.fixture
def office(engine: Engine) -> Office:
    return offices.office(engine)


def plan(office: Office, **more: object) -> Plan:
    usual = Plan(offices.agency(0), "audit", office.people["first"], DUE)
    return replace(usual, **more)  # type: ignore[arg-type]


def assign(office: Office, wanted: Plan, days: int = 0) -> Audit:
    act = office.act(days=days)
    return office.do(lambda session: audit_assignments.assign(session, cycle(session), wanted, act))


def reassign(office: Office, audit: UUID, to: str = "second", **more: object) -> None:
    usual = Change(office.people[to], DUE, "workload", str(office.people["first"]))
    change = replace(usual, **more)  # type: ignore[arg-type]
    office.do(
        lambda session: audit_assignments.reassign(
            session, cycle(session), session.get_one(Audit, ("alpha", audit)), change, office.act()
        )
    )


def states(office: Office) -> list[str]:
    lines = office.ask(lambda session: audit_assignments.lines(session, cycle(session), TODAY))
    return [one.state for one in lines]


def test_an_audit_is_assigned_once(office: Office) -> None:
    made = assign(office, plan(office))
    assert assign(office, plan(office)).id == made.id
    assert (made.auditor, made.assigned_by) == (office.people["first"], office.people["lead"])
    assert office.entries("assigned an audit") == 1
    with pytest.raises(Conflict, match=audit_assignments.TAKEN):
        assign(office, plan(office, auditor=office.people["second"]))
    assign(office, plan(office, evidence="document"))
    assign(office, plan(office, agency=offices.agency(1), auditor=office.people["lead"]))


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("evidence", {"evidence": "self"}),
        ("auditor", {"auditor": "officer"}),
        ("auditor", {"auditor": "secretary"}),
        ("auditor", {"auditor": "nobody"}),
        ("due_on", {"due_on": YESTERDAY}),
        ("due_on", {"due_on": date(2026, 7, 1)}),
    ],
)
def test_what_cannot_be_taken_is_named(office: Office, place: str, more: dict[str, object]) -> None:
    if "auditor" in more:
        more = {"auditor": office.people.get(str(more["auditor"]), uuid4())}
    with pytest.raises(Invalid) as caught:
        assign(office, plan(office, **more))
    assert [one.place for one in caught.value.problems] == [place]


def test_nobody_who_cannot_get_in_is_given_an_audit(office: Office) -> None:
    def disable(session: Session) -> None:
        session.get_one(Account, office.people["first"]).disabled_at = DURING

    office.do(disable)
    with pytest.raises(Invalid, match="auditor"):
        assign(office, plan(office))


def test_after_the_cut_off_day_and_elsewhere_nothing_is_assigned(office: Office) -> None:
    with pytest.raises(Conflict, match=audit_assignments.OVER):
        assign(office, plan(office), days=122)
    with pytest.raises(NotFound):
        assign(office, plan(office, agency="VN-00099"))


def test_an_open_audit_goes_to_somebody_else_with_a_reason(office: Office) -> None:
    audit = office.audit()
    with pytest.raises(Invalid, match="reason"):
        reassign(office, audit, reason="she is ill with")
    for _ in range(2):
        reassign(office, audit)
    assert office.entries("reassigned an audit") == 1
    with pytest.raises(Conflict, match=audit_assignments.CHANGED):
        reassign(office, audit, to="third")


def test_a_tied_auditor_is_not_given_it_and_a_closed_audit_stays(office: Office) -> None:
    audit = office.audit()
    office.tie("second")
    with pytest.raises(Conflict, match=conflicts.WHY):
        reassign(office, audit)
    closed = office.audit(1, closed_at=DURING)
    with pytest.raises(Conflict, match=audit_assignments.AUDIT_CLOSED):
        reassign(office, closed)


def test_of_two_leads_at_the_same_moment_one_assigns(office: Office) -> None:
    def attempt(who: str) -> str:
        try:
            assign(office, plan(office, auditor=office.people[who]))
        except Conflict as conflict:
            return str(conflict)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(attempt, ["first", "second"]))
    assert ends == [audit_assignments.TAKEN, "done"]


def test_each_state_is_seen(office: Office) -> None:
    office.audit(0)
    office.audit(1, visited_on=TODAY)
    office.audit(2, closed_at=DURING)
    office.opinion(office.audit(3))
    assert states(office) == ["not_begun", "begun", "closed", "opinions_open"]


def test_a_tie_declared_later_and_a_day_that_has_passed_are_marked(office: Office) -> None:
    office.audit(0, due_on=YESTERDAY)
    office.audit(1, "second")
    office.tie("second", 1)
    lines = office.ask(lambda session: audit_assignments.lines(session, cycle(session), TODAY))
    assert [(one.is_late, one.is_tied) for one in lines] == [(True, False), (False, True)]
    own = office.ask(
        lambda session: audit_assignments.lines(
            session, cycle(session), TODAY, office.people["second"]
        )
    )
    assert [one.auditor for one in own] == ["Second"]


def test_the_panel_says_which_seats_are_empty(office: Office) -> None:
    def give(who: str, seat: str) -> None:
        office.do(
            lambda session: panel.give(
                session, cycle(session), office.people[who], seat, office.act("secretary")
            )
        )

    for _ in range(2):
        give("first", "union")
    give("officer", "ministry")
    assert office.entries("gave a panel seat") == 2
    assert office.ask(lambda session: panel.empty(session, cycle(session))) == [
        "association",
        "civil_society",
    ]
    with pytest.raises(Conflict, match=panel.SEATED):
        give("first", "association")
    with pytest.raises(Invalid, match="seat"):
        give("second", "employers")
    office.role("second")
    with pytest.raises(Invalid, match="account"):
        give("second", "association")


def test_a_seat_is_freed(office: Office) -> None:
    act = office.act("secretary")
    person = office.people["first"]
    office.do(lambda session: panel.give(session, cycle(session), person, "union", act))
    (seat,) = office.ask(lambda session: panel.of(session, cycle(session)))
    office.do(lambda session: panel.take_away(session, cycle(session), seat.id, act))
    assert len(office.ask(lambda session: panel.empty(session, cycle(session)))) == 4
    with pytest.raises(NotFound):
        office.do(lambda session: panel.take_away(session, cycle(session), seat.id, act))
