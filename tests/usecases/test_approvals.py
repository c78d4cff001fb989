"""Two persons for every publication: whatever is tried, nothing is published outside the rule."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, NotAllowed, Refusal
from rankings.models import Approval, AssessmentCycle, JournalEntry, Membership, Message
from rankings.usecases import accounts, approvals, candidates, cycles
from tests.usecases import world
from tests.usecases.releases import Release, release

AT_ONCE = 16


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Release:
    """Everybody was heard; a candidate waits."""
    made = release(engine, tmp_path)
    made.heard()
    return made


def refused(alpha: Release) -> None:
    """It cannot be published, and is not."""
    with pytest.raises(Conflict, match=approvals.NOT_APPROVED):
        alpha.publish()
    assert alpha.editions() == 0


def given(alpha: Release) -> list[str]:
    return sorted(
        alpha.ask(lambda session, _: [one.step for one in session.exec(select(Approval))])
    )


def test_one_prepares_another_approves_and_it_is_published(alpha: Release) -> None:
    refused(alpha)
    alpha.sign("prepare", "writer")
    refused(alpha)
    alpha.sign("approve", "lead")
    alpha.publish()
    assert alpha.editions() == 1


def test_who_may_approve_is_asked_to_once(alpha: Release) -> None:
    alpha.sign("prepare", "writer")
    wanted = select(Message.account).where(Message.kind == "approval_asked")
    asked = alpha.ask(lambda session, _: list(session.exec(wanted)))
    assert len(asked) == len(set(asked))
    assert {alpha.people["other"], alpha.people["lead"]} <= set(asked)


@pytest.mark.parametrize("is_sooner", [False, True], ids=["a minute later", "in the same moment"])
def test_nobody_approves_what_the_same_person_prepared(alpha: Release, is_sooner: bool) -> None:
    """Neither in another session nor under another role."""
    alpha.grant("writer", "lead_auditor")
    alpha.sign("prepare", "writer")
    alpha.later(seconds=0 if is_sooner else 60)
    with pytest.raises(NotAllowed, match=approvals.SAME_PERSON):
        alpha.sign("approve", "writer")
    alpha.revoke("writer", "secretariat")
    with pytest.raises(NotAllowed, match=approvals.SAME_PERSON):
        alpha.sign("approve", "writer")
    refused(alpha)


def test_who_proved_it_more_than_ten_minutes_ago_proves_it_again(alpha: Release) -> None:
    for step, who in (("prepare", "writer"), ("approve", "other")):
        for ago in (601, -1):
            with pytest.raises(NotAllowed, match=approvals.NOT_PROVED):
                alpha.sign(step, who, ago)
        alpha.sign(step, who, 600)
    alpha.publish()


def test_who_never_proved_it_stands_for_nothing(alpha: Release) -> None:
    def work(session: Session, cycle: AssessmentCycle) -> None:
        found = candidates.find(session, cycle)
        approvals.prepare(session, cycle, found, found.digest, None, alpha.act("writer"))

    with pytest.raises(NotAllowed, match=approvals.NOT_PROVED):
        alpha.do(work)


def test_the_digest_of_another_candidate_is_refused(alpha: Release) -> None:
    with pytest.raises(Conflict, match=approvals.CHANGED):
        alpha.sign("prepare", "writer", seen="0" * 64)
    alpha.sign("prepare", "writer")
    with pytest.raises(Conflict, match=approvals.CHANGED):
        alpha.sign("approve", "other", seen="0" * 64)
    refused(alpha)


def test_each_step_comes_once_and_in_its_order(alpha: Release) -> None:
    with pytest.raises(Conflict, match=approvals.NOT_PREPARED):
        alpha.sign("approve", "other")
    alpha.sign("prepare", "writer")
    with pytest.raises(Conflict, match=approvals.PREPARED_ALREADY):
        alpha.sign("prepare", "other")
    alpha.sign("approve", "other")
    with pytest.raises(Conflict, match=approvals.APPROVED_ALREADY):
        alpha.sign("approve", "lead")


def test_a_lead_auditor_approves_and_does_not_prepare_and_others_do_neither(
    alpha: Release,
) -> None:
    alpha.grant("auditor", "auditor")
    alpha.grant("member", "agency_signatory", world.CODE)
    for who in ("lead", "auditor", "member"):
        with pytest.raises(NotAllowed, match=approvals.NOT_YOU):
            alpha.sign("prepare", who)
    alpha.sign("prepare", "writer")
    for who in ("auditor", "member"):
        with pytest.raises(NotAllowed, match=approvals.NOT_YOU):
            alpha.sign("approve", who)
    refused(alpha)


def demoted(who: str) -> Callable[[Release], None]:
    def work(alpha: Release) -> None:
        role = "secretariat"
        wanted = select(Membership).where(
            Membership.account == alpha.people[who], Membership.role == role
        )
        alpha.do(lambda session, _: session.delete(session.exec(wanted).one()))

    return work


def disabled(who: str) -> Callable[[Release], None]:
    return lambda alpha: alpha.do(
        lambda session, _: accounts.disable(session, alpha.people[who], world.act(alpha.now))
    )


@pytest.mark.parametrize(
    "between",
    [demoted("writer"), demoted("other"), disabled("writer"), disabled("other")],
    ids=["preparer demoted", "approver demoted", "preparer disabled", "approver disabled"],
)
def test_who_lost_the_right_in_between_stands_for_nothing_any_more(
    alpha: Release, between: Callable[[Release], None]
) -> None:
    alpha.approved()
    between(alpha)
    refused(alpha)


def test_a_role_given_back_does_not_count_for_another_step(alpha: Release) -> None:
    alpha.approved()
    demoted("writer")(alpha)
    alpha.grant("writer", "lead_auditor")
    refused(alpha)


def test_what_changed_after_the_approval_is_void_and_says_what(alpha: Release) -> None:
    alpha.approved()
    changed = world.agency(name_vi=("Ví Dụ", None), licence_state="revoked")
    alpha.desk.take([("agencies", changed)])
    with pytest.raises(Conflict, match="changed since it was approved"):
        alpha.publish()
    assert alpha.editions() == 0
    (gone,) = alpha.ask(candidates.former)
    assert gone.void_because is not None
    assert f"agencies/{world.CODE}" in gone.void_because["parts"]
    refused(alpha)


def test_sent_back_it_is_void_and_the_preparer_hears_why(alpha: Release) -> None:
    act = alpha.act("lead")

    def back(session: Session, cycle: AssessmentCycle) -> None:
        found = candidates.find(session, cycle)
        approvals.send_back(session, cycle, found, "The second name is wrong.", act)

    with pytest.raises(Conflict, match=approvals.NOT_PREPARED):
        alpha.do(back)
    alpha.sign("prepare", "writer")
    alpha.do(back)
    wanted = select(Message.account).where(Message.kind == "candidate_void")
    assert alpha.ask(lambda session, _: list(session.exec(wanted))) == [alpha.people["writer"]]
    alpha.score()
    refused(alpha)


def test_of_sixteen_at_once_one_approves(alpha: Release) -> None:
    """Eight people in two sessions each, and among them whoever prepared it."""
    alpha.sign("prepare", "writer")
    people = ["writer", *(f"p{number}" for number in range(AT_ONCE // 2 - 1))]
    for name in people[1:]:
        alpha.grant(name, "secretariat")
    gate = Barrier(AT_ONCE)

    def attempt(who: str) -> str:
        gate.wait()
        try:
            alpha.sign("approve", who)
        except (Refusal, DBAPIError) as error:
            return type(error).__name__
        return "approved"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(attempt, people * 2))
    assert done.count("approved") == 1
    assert set(done) <= {"approved", "Conflict", "NotAllowed"}, done
    assert given(alpha) == ["approved", "prepared"]
    wanted = select(JournalEntry).where(JournalEntry.action == "approved a candidate")
    assert alpha.ask(lambda session, _: len(session.exec(wanted).all())) == 1


def test_an_approval_is_never_changed(alpha: Release) -> None:
    alpha.sign("prepare", "writer")
    with db.reading(alpha.engine) as session:
        assert cycles.find(session, "alpha", "2026")
    with pytest.raises(db.WrittenOnce):
        alpha.do(lambda session, _: session.delete(session.exec(select(Approval)).one()))
