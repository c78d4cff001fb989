"""Withdrawals: asked for by one person, approved by another; the edition stays readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound
from rankings.models import AssessmentCycle, Message, RankingEdition
from rankings.usecases import accounts, approvals, editions, withdrawals
from tests.usecases import world
from tests.usecases.releases import Release, release

WHY = "Two agencies were mixed up in it."


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Release:
    """One edition is published."""
    made = release(engine, tmp_path)
    made.grant("member", "agency_member", world.CODE)
    made.heard()
    made.approved()
    made.publish()
    return made


def edition(session: Session, cycle: AssessmentCycle) -> RankingEdition:
    found = editions.newest_of(session, cycle)
    assert found is not None
    return found


def ask(alpha: Release, who: str = "writer", why: str = WHY) -> None:
    def work(session: Session, cycle: AssessmentCycle) -> None:
        withdrawals.ask(session, edition(session, cycle), why, alpha.now, alpha.act(who))

    alpha.do(work)


def approve(alpha: Release, who: str = "other") -> None:
    def work(session: Session, cycle: AssessmentCycle) -> None:
        withdrawals.approve(session, edition(session, cycle), alpha.now, alpha.act(who))

    alpha.do(work)


def listed(alpha: Release) -> list[tuple[str | None, str]]:
    """Why each edition of the next notice was withdrawn, and its digest."""
    told = alpha.desk.notice(alpha.now)
    return [(one.get("withdrawn", {}).get("because"), one["digest"]) for one in told["editions"]]


def test_two_persons_withdraw_it_the_notice_says_so_and_its_bytes_stay(alpha: Release) -> None:
    held = alpha.ask(edition)
    body = alpha.desk.body(held)
    ask(alpha)
    assert listed(alpha) == [(None, held.digest)]
    approve(alpha)
    assert listed(alpha) == [(WHY, held.digest)]
    assert alpha.desk.body(held) == body
    wanted = select(Message.account).where(Message.kind == "withdrawn")
    assert alpha.ask(lambda s, _: list(s.exec(wanted))) == [alpha.people["member"]]


def test_nobody_approves_what_the_same_person_asked_for(alpha: Release) -> None:
    with pytest.raises(Conflict, match=withdrawals.NOT_ASKED):
        approve(alpha)
    ask(alpha)
    alpha.grant("writer", "lead_auditor")
    with pytest.raises(NotAllowed, match=approvals.SAME_PERSON):
        approve(alpha, "writer")
    assert alpha.ask(lambda session, _: withdrawals.approved(session, "alpha")) == {}


def test_a_withdrawal_of_somebody_who_lost_the_role_is_nobodys(alpha: Release) -> None:
    ask(alpha)
    whom = alpha.people["writer"]
    alpha.do(lambda session, _: accounts.disable(session, whom, world.act(alpha.now)))
    with pytest.raises(Conflict, match=withdrawals.NOT_ASKED):
        approve(alpha)


def test_it_is_asked_for_and_approved_once(alpha: Release) -> None:
    ask(alpha)
    with pytest.raises(Conflict, match=withdrawals.ASKED):
        ask(alpha, "other")
    approve(alpha)
    with pytest.raises(Conflict, match=withdrawals.WITHDRAWN):
        approve(alpha, "lead")


@pytest.mark.parametrize("why", ["", "Wrong.", "a" * 501, "A reason with\x00 a bad sign in it."])
def test_it_needs_a_reason_that_everybody_can_read(alpha: Release, why: str) -> None:
    with pytest.raises(Invalid, match="because"):
        ask(alpha, why=why)


def test_only_those_who_proved_it_and_may(alpha: Release) -> None:
    for who in ("lead", "member"):
        with pytest.raises(NotAllowed, match=approvals.NOT_YOU):
            ask(alpha, who)
    ask(alpha)

    def late(session: Session, cycle: AssessmentCycle) -> None:
        withdrawals.approve(session, edition(session, cycle), None, alpha.act("other"))

    with pytest.raises(NotAllowed, match=approvals.NOT_PROVED):
        alpha.do(late)


def test_refused_it_can_be_asked_for_again(alpha: Release) -> None:
    ask(alpha)
    alpha.do(lambda s, cycle: withdrawals.refuse(s, edition(s, cycle), alpha.act("other")))
    with pytest.raises(Conflict, match=withdrawals.NOT_ASKED):
        approve(alpha)
    ask(alpha)


def test_another_association_has_no_such_edition(alpha: Release) -> None:
    held = alpha.ask(edition)
    with pytest.raises(NotFound):
        alpha.ask(lambda session, _: withdrawals.find_edition(session, "beta", held.id))
