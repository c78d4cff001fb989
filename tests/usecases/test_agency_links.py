"""Links between agencies: two persons make one, then the record follows and nothing else."""

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import AssessmentCycle
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import read
from rankings.usecases import (
    agencies,
    agency_links,
    assessments,
    audits,
    complaints,
    gathering,
    interviews,
    records,
    registry,
)
from rankings.usecases.agency_links import CHANGED, DECIDED, KNOWN, PROPOSER, REFUSE, RING
from tests.usecases import register, world
from tests.usecases.register import code, decided, link, proposed

RUBRIC = read(world.source()).rubric
NEW = {"agency": "L-2"}


def taken(save: Any, session: Session, cycle: AssessmentCycle, rows: Any) -> None:
    assert save(session, cycle, rows, world.NOW).problems == []


def story(session: Session) -> AssessmentCycle:
    """An agency with a long record, and a new one as good but for complaints, of which it has none.

    The new one has sent 100 workers.
    """
    cycle = world.cycle(session)
    register.agencies(session, cycle)
    world.fill(session, cycle)
    said = [{"v1": world.yes(n < 9), "v2": world.yes(n < 5)} for n in range(12)]
    rows = [world.interview(50 + n, "L-2", **one) for n, one in enumerate(said)]
    taken(interviews.save_interviews, session, cycle, rows)
    claims = [world.answer("i2", "4", **NEW), world.answer("i3", "not_applicable", **NEW)]
    taken(assessments.save_self_assessments, session, cycle, claims)
    found = [
        world.finding("i1", "3", **NEW),
        world.finding("i3", "not_applicable", evidence="document", **NEW),
        world.finding("i4", "2", evidence="document", **NEW),
    ]
    taken(audits.save_findings, session, cycle, found)
    sent = world.deployments(("2026-Q2", 100), agency="L-2")
    taken(registry.save_deployments, session, cycle, sent)
    return cycle


def cards(session: Session, cycle: AssessmentCycle) -> dict[str, Scorecard]:
    scorer = Scorer(RUBRIC)
    listed = records.listed(session, cycle, RUBRIC, {})
    return {one.record.id: scorer.score(one.record, cycle.as_of) for one in listed}


def test_nothing_moves_before_the_approval_and_the_score_moves_with_it(engine: Engine) -> None:
    """By hand: the part of complaints is 77.5 for 100 workers and none, 65.5 for 1,000 and all."""
    with db.transaction(engine) as session:
        cycle = story(session)
        acts = register.two_people(session)
        before = register.parts(session, cycle)
        assert cards(session, cycle)[code(2)].published == Fraction("61.6")
        row = proposed(session, 2, 1, acts)
        assert register.parts(session, cycle) == before
        decided(session, row, acts["second"])
        after = register.parts(session, cycle)
        found = cards(session, cycle)
    assert found[code(2)].published == Fraction("58.6")
    assert found[code(1)].published == Fraction("57.7")
    own = f"agencies/{code(1)}"
    assert after[own] == before[own]


def test_a_refused_link_changes_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = story(session)
        acts = register.two_people(session)
        before = register.parts(session, cycle)
        row = proposed(session, 2, 1, acts)
        assert decided(session, row, acts["second"], REFUSE)
        assert not decided(session, row, acts["second"], REFUSE)
        assert register.parts(session, cycle) == before
    assert row.is_approved is False


def test_an_approved_link_can_be_undone(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = story(session)
        acts = register.two_people(session)
        before = register.parts(session, cycle)
        row = link(session, 2, 1, acts)
        assert register.parts(session, cycle) != before
        assert decided(session, row, acts["second"], REFUSE)
        assert register.parts(session, cycle) == before
        with pytest.raises(Conflict, match=DECIDED):
            decided(session, row, acts["second"])


def known(session: Session, cycle: AssessmentCycle, number: int) -> gathering.Known:
    agency = agencies.find(session, "alpha", code(number))
    return gathering.gathered(session, cycle, [agency.id])[agency.id]


def test_an_old_audit_does_not_lift_a_new_company(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        register.agencies(session, cycle)
        world.fill(session, cycle)
        taken(audits.save_findings, session, cycle, [world.serious()])
        link(session, 2, 1, register.two_people(session))
        found = known(session, cycle, 2)
    follows = (found.complaints, found.deployments, found.serious_findings)
    assert [len(one) for one in follows] == [3, 4, 1]
    stays = (found.answers, found.findings, found.interviews, found.self_assessments)
    assert [len(one) for one in stays] == [0, 0, 0, 0]


def test_the_record_follows_through_a_chain_and_counts_once(engine: Engine) -> None:
    """1 is followed by 2 and 3, both by 4: it counts once there."""
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        register.agencies(session, cycle, 4)
        cases = [world.complaint("1"), world.complaint("2", agency="L-2")]
        taken(complaints.save_complaints, session, cycle, cases)
        acts = register.two_people(session)
        for after, before in ((2, 1), (3, 1), (4, 2), (4, 3)):
            link(session, after, before, acts, since=f"2026-01-0{after}")
        numbers = {
            n: sorted(one.number for one in known(session, cycle, n).complaints)
            for n in range(1, 5)
        }
        (fourth,) = [
            one for one in records.listed(session, cycle, RUBRIC, {}) if one.record.id == code(4)
        ]
    assert numbers == {1: ["1"], 2: ["1", "2"], 3: ["1"], 4: ["1", "2"]}
    names = [(one["names"]["vi"], one["until"]) for one in fourth.identity["former_names"]]
    assert names == [
        ("Ví Dụ 1", "2026-01-03"),
        ("Ví Dụ 2", "2026-01-04"),
        ("Ví Dụ 3", "2026-01-04"),
    ]


def test_a_link_that_begins_after_the_cut_off_day_waits_for_the_next_cycle(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = story(session)
        before = register.parts(session, cycle)
        link(session, 2, 1, register.two_people(session), since="2026-07-01")
        assert register.parts(session, cycle) == before
        assert agency_links.before(session, "alpha", date(2026, 7, 1))


def test_the_names_of_the_predecessor_are_former_names_of_its_successor(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        register.agencies(session, cycle)
        link(session, 2, 1, register.two_people(session))
        first, second = records.listed(session, cycle, RUBRIC, {})
    assert first.identity["former_names"] == []
    assert second.identity["former_names"] == [
        {"names": {"vi": "Ví Dụ 1"}, "until": register.SINCE.isoformat()}
    ]
    assert first.identity["licence"]["number"] == "L-1"


def test_whoever_proposed_a_link_does_not_decide_it(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        acts = register.two_people(session)
        row = proposed(session, 2, 1, acts)
        for act in (acts["first"], world.act()):
            with pytest.raises(Conflict, match=PROPOSER):
                decided(session, row, act)
    assert row.is_approved is None


def test_links_never_make_a_ring(engine: Engine) -> None:
    """Both halves may be proposed at a time; the second approval is refused."""
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session), 3)
        acts = register.two_people(session)
        back = proposed(session, 1, 3, acts)
        link(session, 2, 1, acts)
        link(session, 3, 2, acts)
        with pytest.raises(Conflict, match=RING):
            decided(session, back, acts["second"])
        with pytest.raises(Conflict, match=RING):
            proposed(session, 1, 2, acts)


def test_the_same_proposal_again_changes_nothing_and_another_one_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        acts = register.two_people(session)
        proposed(session, 2, 1, acts)
        again = register.proposal(1)
        assert not agency_links.propose(session, "alpha", code(2), again, acts["second"])
        with pytest.raises(Conflict, match=KNOWN):
            proposed(session, 2, 1, acts, kind="taken_over")
        assert register.entries(session)["proposed a link"] == 1


def test_a_refused_link_may_be_proposed_again_and_is_decided_as_it_was_shown(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        acts = register.two_people(session)
        row = proposed(session, 2, 1, acts)
        seen = agency_links.token(row)
        decided(session, row, acts["second"], REFUSE)
        later = register.someone(session, "third")
        acts["first"] = type(later)(later.who, world.NOW.replace(hour=3))
        assert proposed(session, 2, 1, acts, kind="taken_over") is row
        with pytest.raises(Conflict, match=CHANGED):
            agency_links.decide(session, "alpha", row.id, "approve", seen, acts["second"])
        decided(session, row, acts["second"])
        told = register.entries(session)
    assert (told["proposed a link"], told["refused a link"], told["approved a link"]) == (2, 1, 1)


def test_what_cannot_be_a_link_is_named(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        acts = register.two_people(session)
        for wrong, place in (
            ({"predecessor": code(2)}, "predecessor"),
            ({"predecessor": "x\0"}, "predecessor"),
            ({"kind": "friends"}, "kind"),
            ({"since": "2026-07-02"}, "since"),
            ({"reason": " "}, "reason"),
        ):
            with pytest.raises(Invalid) as refusal:
                proposed(session, 2, 1, acts, **wrong)
            assert list(register.faults(refusal.value)) == [place]


def test_another_associations_links_are_not_there(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        world.cycle(session, "beta")
        acts = register.two_people(session)
        row = proposed(session, 2, 1, acts)
        for association, key in (("beta", row.id), ("alpha", uuid4()), ("alpha", UUID(int=0))):
            with pytest.raises(NotFound):
                agency_links.decide(session, association, key, "approve", "", acts["second"])
