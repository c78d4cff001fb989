"""Blind second opinions: a tenth drawn by chance, made by another, differences settled."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound
from rankings.models import Audit, Finding, JournalDetail
from rankings.usecases import conflicts, second_opinions, settlements
from rankings.usecases.second_opinions import Pair
from rankings.usecases.settlements import Settlement
from tests.usecases import offices
from tests.usecases.offices import DURING, Office, cycle

MANY = [f"1.{number}" for number in range(1, 41)]
WHY = "Two receipts, no register."


@pytest.fixture
def office(engine: Engine) -> Office:
    return offices.office(engine)


def pair(office: Office, opinion: UUID) -> Pair:
    return office.ask(lambda session: second_opinions.find(session, "alpha", opinion))


def ask(office: Office, opinion: UUID, who: str, seen: str = "") -> None:
    office.do(
        lambda session: second_opinions.assign(
            session,
            second_opinions.find(session, "alpha", opinion),
            office.people[who],
            str(office.people[seen]) if seen else "",
            office.act(),
        )
    )


def give(
    office: Office, opinion: UUID, found: str = "1", who: str = "second", reason: str = WHY
) -> None:
    office.do(
        lambda session: second_opinions.give(
            session,
            second_opinions.find(session, "alpha", opinion),
            found,
            reason,
            office.act(who, hours=1),
        )
    )


def settle(office: Office, opinion: UUID, who: str = "lead", **more: str) -> None:
    seen = settlements.token(pair(office, opinion).finding)
    said = replace(Settlement("second", "The receipts are signed.", seen), **more)
    office.do(
        lambda session: settlements.settle(
            session,
            second_opinions.find(session, "alpha", opinion),
            said,
            office.act(who, hours=2),
        )
    )


def open_now(office: Office) -> list[UUID]:
    found = office.ask(lambda session: second_opinions.open_of(session, cycle(session)))
    return [one.id for one in found]


def draw(office: Office, audit: UUID, indicators: list[str] = MANY) -> list[str]:
    drawn = office.do(
        lambda session: second_opinions.draw(
            session, session.get_one(Audit, ("alpha", audit)), indicators, office.act()
        )
    )
    return [one.indicator for one in drawn]


@given(st.integers(0, 300), st.binary(min_size=16, max_size=16))
@settings(max_examples=60, deadline=None)
def test_a_tenth_rounded_up_is_drawn(many: int, seed: bytes) -> None:
    indicators = [str(number) for number in range(many)]
    drawn = second_opinions.drawn(indicators, seed)
    assert len(drawn) == (many + 9) // 10
    assert set(drawn) <= set(indicators)
    assert drawn == second_opinions.drawn(list(reversed(indicators)), seed)


def test_each_finding_is_drawn_about_as_often() -> None:
    """Of 2,000 draws of 4 out of 40 each comes up 200 times, give or take five deviations."""
    source = random.Random(1)
    counts = dict.fromkeys(MANY, 0)
    for _ in range(2_000):
        for one in second_opinions.drawn(MANY, source.randbytes(16)):
            counts[one] += 1
    assert all(abs(many - 200) < 68 for many in counts.values())


def test_the_draw_cannot_be_foreseen_and_can_be_repeated_from_the_journal(office: Office) -> None:
    """The same audit, closed at the same moment by the same person, is drawn differently."""
    draws = {tuple(draw(office, office.audit(number))) for number in range(4)}
    assert len(draws) > 1
    assert all(len(one) == 4 for one in draws)
    details = office.ask(lambda session: session.exec(select(JournalDetail)).all())
    told = [one.details for one in details if "seed" in one.details]
    assert len(told) == 4
    for one in told:
        assert one["drawn"] == second_opinions.drawn(one["of"], bytes.fromhex(one["seed"]))


def test_what_was_drawn_once_is_not_drawn_again(office: Office) -> None:
    audit = office.audit()
    first = draw(office, audit)
    again = draw(office, audit)
    assert not set(first) & set(again)
    assert draw(office, audit, []) == []


def test_never_the_first_auditor_a_tied_one_or_a_lead(office: Office) -> None:
    opinion = office.opinion(office.audit(), who=None)
    office.tie("third")
    names = office.ask(
        lambda session: [
            one.name
            for one in second_opinions.candidates(
                session, second_opinions.find(session, "alpha", opinion), office.act()
            )
        ]
    )
    assert names == ["Second"]
    with pytest.raises(Conflict, match=second_opinions.FIRST):
        ask(office, opinion, "first")
    with pytest.raises(Conflict, match=conflicts.WHY):
        ask(office, opinion, "third")
    for who in ("lead", "officer", "secretary"):
        with pytest.raises(Invalid, match="auditor"):
            ask(office, opinion, who)
    for _ in range(2):
        ask(office, opinion, "second")
    assert office.entries("asked for a second opinion") == 1
    with pytest.raises(Conflict, match=second_opinions.CHANGED):
        ask(office, opinion, "third")


def test_whoever_took_over_findings_is_a_first_auditor_too(office: Office) -> None:
    audit = office.audit()
    opinion = office.opinion(audit, who=None)

    def hand_over(session: Session) -> None:
        session.get_one(Audit, ("alpha", audit)).auditor = office.people["third"]

    office.do(hand_over)
    for who in ("first", "third"):
        with pytest.raises(Conflict, match=second_opinions.FIRST):
            ask(office, opinion, who)


def test_an_opinion_is_given_once_by_whoever_was_asked(office: Office) -> None:
    opinion = office.opinion(office.audit())
    with pytest.raises(NotAllowed):
        give(office, opinion, who="third")
    give(office, opinion)
    held = pair(office, opinion).opinion
    assert (held.found, held.reason) == ("1", WHY)
    for again in ("1", "2"):
        with pytest.raises(Conflict, match=second_opinions.GIVEN):
            give(office, opinion, again)
    with pytest.raises(Conflict, match=second_opinions.GIVEN):
        ask(office, opinion, "third", seen="second")
    assert office.entries("gave a second opinion") == 1


@pytest.mark.parametrize(
    ("place", "found", "reason"),
    [("found", "9", WHY), ("found", "", WHY), ("reason", "1", " "), ("reason", "1", "x" * 1_001)],
)
def test_what_cannot_be_taken_is_named(office: Office, place: str, found: str, reason: str) -> None:
    opinion = office.opinion(office.audit())
    with pytest.raises(Invalid) as caught:
        give(office, opinion, found, reason=reason)
    assert [one.place for one in caught.value.problems] == [place]


def test_a_tie_declared_after_asking_stops_the_opinion(office: Office) -> None:
    opinion = office.opinion(office.audit())
    office.tie("second")
    with pytest.raises(Conflict, match=conflicts.WHY):
        give(office, opinion)


def test_it_is_open_until_given_and_alike_or_settled(office: Office) -> None:
    alike, different = office.opinion(office.audit(0)), office.opinion(office.audit(1))
    assert sorted(open_now(office)) == sorted([alike, different])
    give(office, alike, "3")
    give(office, different, "1")
    assert open_now(office) == [different]
    settle(office, different)
    assert open_now(office) == []


@pytest.mark.parametrize(
    ("choice", "found", "by"), [("first", "3", "first"), ("second", "1", "second")]
)
def test_a_settlement_keeps_the_first_or_takes_the_second(
    office: Office, choice: str, found: str, by: str
) -> None:
    opinion = office.opinion(office.audit())
    give(office, opinion)
    before = pair(office, opinion).finding
    settle(office, opinion, choice=choice)
    after = pair(office, opinion)
    assert before
    assert after.finding
    assert (after.finding.found, after.finding.auditor) == (found, str(office.people[by]))
    assert after.finding.found_on == before.found_on
    assert after.opinion.settled_by == office.people["lead"]
    assert open_now(office) == []
    with pytest.raises(Conflict, match=settlements.NOT_OPEN):
        settle(office, opinion)
    told = office.ask(lambda session: session.exec(select(JournalDetail)).all())
    assert "receipts" not in json.dumps([one.details for one in told])


def test_only_a_lead_who_made_neither_finding_and_has_no_tie_settles(office: Office) -> None:
    opinion = office.opinion(office.audit(0, "lead"))
    give(office, opinion)
    with pytest.raises(NotAllowed):
        settle(office, opinion, who="third")
    with pytest.raises(Conflict, match=settlements.OWN):
        settle(office, opinion, who="lead")
    office.tie("other_lead")
    with pytest.raises(Conflict, match=conflicts.WHY):
        settle(office, opinion, who="other_lead")


def test_nothing_is_settled_before_it_is_given_while_reopened_or_unseen(office: Office) -> None:
    audit = office.audit()
    opinion = office.opinion(audit)
    with pytest.raises(Conflict, match=settlements.NOT_OPEN):
        settle(office, opinion)
    give(office, opinion)
    with pytest.raises(Conflict, match=settlements.CHANGED):
        settle(office, opinion, seen="what stood there before")
    with pytest.raises(Invalid, match="choice"):
        settle(office, opinion, choice="both", because="")

    def reopen(session: Session) -> None:
        session.get_one(Audit, ("alpha", audit)).closed_at = None

    office.do(reopen)
    with pytest.raises(Conflict, match=settlements.AUDIT_OPEN):
        settle(office, opinion)


def test_a_finding_changed_after_its_settlement_is_open_again(office: Office) -> None:
    opinion = office.opinion(office.audit())
    give(office, opinion)
    settle(office, opinion, choice="first")

    def change(session: Session) -> None:
        finding = second_opinions.find(session, "alpha", opinion).finding
        assert isinstance(finding, Finding)
        finding.found, finding.found_at = "4", DURING + timedelta(days=1)

    office.do(change)
    assert open_now(office) == [opinion]


def test_of_two_leads_one_settles(office: Office) -> None:
    opinion = office.opinion(office.audit())
    give(office, opinion)

    def attempt(who: str) -> str:
        try:
            settle(office, opinion, who=who)
        except Conflict:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["lead", "other_lead"])) == ["done", "refused"]


def test_another_association_has_no_such_opinion(office: Office) -> None:
    opinion = office.opinion(office.audit())
    with pytest.raises(NotFound):
        office.ask(lambda session: second_opinions.find(session, "beta", opinion))
