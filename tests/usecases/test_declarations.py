"""Declarations: by oneself, for others by the secretariat, ended and never deleted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound
from rankings.models import ComplaintCase, ComplaintKey, Declaration
from rankings.usecases import audit_assignments, complaints, conflicts, declarations
from rankings.usecases.audit_assignments import Plan
from rankings.usecases.declarations import Tie
from tests.usecases import offices, world
from tests.usecases.offices import DUE, DURING, LONG_AGO, TODAY, YESTERDAY, Office, cycle

STATEMENT = "My sister works there."


@pytest.fixture
def office(engine: Engine) -> Office:
    return offices.office(engine)


def tie(office: Office, who: str = "first", number: int = 0, **more: Any) -> Tie:
    usual: dict[str, Any] = {"kind": "family", "statement": STATEMENT, "since": LONG_AGO}
    return Tie(office.people[who], offices.agency(number), **(usual | more))


def declare(office: Office, wanted: Tie, by: str = "first") -> Declaration:
    return office.do(lambda session: declarations.declare(session, "alpha", wanted, office.act(by)))


def end(office: Office, declaration: UUID, until: date, by: str = "first") -> None:
    office.do(
        lambda session: declarations.end(session, "alpha", declaration, until, office.act(by))
    )


def given_up(office: Office, who: str = "first") -> list[tuple[str, str]]:
    found = office.ask(
        lambda session: declarations.to_give_up(session, "alpha", office.people[who], TODAY)
    )
    return [(one.kind, one.agency) for one in found]


def test_a_tie_is_declared_once_and_told_without_its_words(office: Office) -> None:
    made = declare(office, tie(office))
    assert declare(office, tie(office, statement="Said again.")).id == made.id
    assert made.statement == STATEMENT
    assert office.entries("declared a tie") == 1


def test_only_the_secretariat_declares_for_others(office: Office) -> None:
    with pytest.raises(NotAllowed):
        declare(office, tie(office), by="lead")
    made = declare(office, tie(office), by="secretary")
    assert made.declared_by == office.people["secretary"]
    with pytest.raises(NotFound):
        end(office, made.id, TODAY, by="lead")
    end(office, made.id, TODAY, by="secretary")


def test_an_ended_tie_stays_and_does_not_begin_again(office: Office) -> None:
    made = declare(office, tie(office))
    with pytest.raises(Invalid, match="until"):
        end(office, made.id, YESTERDAY)
    for _ in range(2):
        end(office, made.id, TODAY)
    assert office.entries("ended a tie") == 1
    with pytest.raises(Conflict, match=declarations.ENDED):
        end(office, made.id, TODAY + timedelta(days=9))
    listed = office.ask(
        lambda session: declarations.listed(session, "alpha", office.people["first"])
    )
    assert [(one.id, one.until) for one in listed] == [(made.id, TODAY)]


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("kind", {"kind": "enemy"}),
        ("statement", {"statement": " "}),
        ("statement", {"statement": "x" * 501}),
        ("since", {"since": TODAY + timedelta(days=1)}),
    ],
)
def test_what_cannot_be_taken_is_named(office: Office, place: str, more: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        declare(office, tie(office, **more))
    assert [one.place for one in caught.value.problems] == [place]


def test_people_of_agencies_and_agencies_of_nobody_are_refused(office: Office) -> None:
    stranger = Tie(uuid4(), offices.agency(0), "family", STATEMENT, LONG_AGO)
    with pytest.raises(Invalid, match="account"):
        declare(office, stranger, by="secretary")
    with pytest.raises(NotFound):
        declare(office, Tie(office.people["first"], "VN-1", "family", STATEMENT, LONG_AGO))


def test_what_one_has_in_hand_must_be_given_up_at_once(office: Office) -> None:
    """Open audits, second opinions to give and open complaints, also of agencies close by."""
    office.link(1, 0)
    office.audit(0)
    office.audit(1, evidence="document")
    office.audit(2)
    office.audit(3, closed_at=DURING)
    office.opinion(office.audit(0, "third", evidence="document"), "first")
    case(office, "first")
    assert given_up(office) == []
    declare(office, tie(office))
    near = [offices.agency(0), offices.agency(1)]
    assert sorted(given_up(office)) == [
        *(("audit", one) for one in near),
        ("case", ""),
        ("opinion", near[0]),
    ]
    assert given_up(office, "second") == []


def case(office: Office, who: str) -> None:
    """A classified complaint about the first agency, in somebody's hand."""

    def add(session: Session) -> None:
        row = world.complaint("2026-0001", licence="L-1", outcome="open", decided_on=None)
        row = world.given(**(dict(row.values) | {"may_count": None, "agency_heard": None}))
        taken = complaints.save_complaints(session, cycle(session), [row], DURING)
        assert taken.problems == []
        key = ComplaintKey(association="alpha", id=uuid4(), public_key=b"-", made_at=DURING)
        session.add(key)
        session.flush()
        session.add(
            ComplaintCase(
                association="alpha",
                id=uuid4(),
                key=key.id,
                wrapped_key=b"-",
                receipt_hash=b"-",
                receipt_key=b"-",
                received_month="2026-01",
                channel="web",
                officer=office.people[who],
                number="2026-0001",
            )
        )

    office.do(add)


@pytest.mark.parametrize("declared_first", [True, False])
def test_whichever_comes_first_nobody_keeps_an_audit_unnoticed(
    office: Office, declared_first: bool
) -> None:
    steps: list[Callable[[], object]] = [
        lambda: assign(office),
        lambda: declare(office, tie(office)),
    ]
    for step in reversed(steps) if declared_first else steps:
        if declared_first and step is steps[0]:
            with pytest.raises(Conflict, match=conflicts.WHY):
                step()
        else:
            step()
    assert len(given_up(office)) == (0 if declared_first else 1)


def test_of_both_at_the_same_moment_one_sees_the_other(office: Office) -> None:
    """Either the assignment is refused, or the declaration says what must be given up."""

    def attempt(number: int) -> str:
        try:
            assign(office) if number else declare(office, tie(office))
        except Conflict as conflict:
            return str(conflict)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(attempt, range(2)))
    assert ends[0] == "done"
    refused = ends[1] == conflicts.WHY
    assert len(given_up(office)) == (0 if refused else 1)
    with pytest.raises(Conflict):
        assign(office, 0, "document")


def assign(office: Office, number: int = 0, evidence: str = "audit") -> object:
    plan = Plan(offices.agency(number), evidence, office.people["first"], DUE)
    return office.do(
        lambda session: audit_assignments.assign(session, cycle(session), plan, office.act())
    )


def test_a_letter_that_no_database_takes_is_left_out(office: Office) -> None:
    assert declare(office, tie(office, statement="A\0 cousin.")).statement == "A cousin."
