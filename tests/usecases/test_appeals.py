"""Appeals: after the publication, decided by others again, followed by a correction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from rankings.errors import Conflict
from rankings.usecases import dispute_decisions, dispute_rules, disputes
from tests.usecases import hearing_world
from tests.usecases.hearing_world import AFTER, FEE, PUBLISHED, Court, place
from tests.usecases.offices import cycle


@pytest.fixture
def court(engine: Engine) -> Court:
    return hearing_world.court(engine)


def test_an_appeal_comes_within_its_days_also_beside_a_hearing_of_others(court: Court) -> None:
    court.publish()
    last = PUBLISHED + timedelta(days=30)
    with pytest.raises(Conflict, match=dispute_rules.APPEAL_OVER):
        court.file(now=last + timedelta(days=1))
    made = court.file(now=last)
    assert made.edition is not None
    assert court.marks() == {"i1": "disputed"}
    assert court.office.entries("appealed a finding") == 1
    court.correct(is_due=False)
    held = court.office.ask(lambda session: dispute_rules.stage(session, *place(session), AFTER))
    assert (held.number, held.is_appeal) == (1, True)


def test_who_decided_the_dispute_does_not_decide_the_appeal(court: Court) -> None:
    court.decide(court.file(), "stands")
    court.publish()
    made = court.file(now=AFTER)
    with pytest.raises(Conflict, match=dispute_decisions.DECIDED_BEFORE):
        court.decide(made, now=AFTER)
    court.decide(made, "stands", who="secretary", now=AFTER)
    assert corrections(court) == []


def corrections(court: Court) -> list[str]:
    found = court.office.ask(lambda session: disputes.corrections_due(session, cycle(session)))
    return [one.subject for one in found]


def test_a_correction_is_due_where_a_decision_makes_the_edition_wrong(court: Court) -> None:
    left_out = court.file(FEE)
    court.publish()
    appeal = court.file(now=AFTER)
    assert corrections(court) == []
    court.decide(left_out, "stands", now=AFTER)
    assert corrections(court) == ["illegal_fee"]
    court.decide(appeal, "changed", now=AFTER)
    assert corrections(court) == ["illegal_fee", "i1"]
    court.publish(2, AFTER + timedelta(days=9))
    assert corrections(court) == []


def test_subjects_are_what_was_filed_or_decided_since_the_hearing(court: Court) -> None:
    def subjects() -> set[tuple[str, str]]:
        return court.office.ask(lambda session: disputes.subjects(session, cycle(session), whom))

    whom = court.office.agencies[0]
    first = court.file()
    assert subjects() == {("finding", "i1")}
    court.publish()
    court.correct()
    assert subjects() == set()
    court.decide(first, now=AFTER)
    court.file(FEE, now=AFTER)
    assert subjects() == {("finding", "i1"), ("serious", "illegal_fee")}
    assert len(court.office.ask(lambda session: disputes.open_of(session, cycle(session)))) == 1
