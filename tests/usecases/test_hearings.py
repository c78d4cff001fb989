"""The right of reply: what is judged is fixed, everybody is told, silence releases in the end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings.errors import Conflict, Invalid
from rankings.models import (
    AssessmentCycle,
    AssociationSettings,
    Dispute,
    HearingNotice,
    Message,
    PublicHoliday,
)
from rankings.usecases import (
    candidates,
    dispute_decisions,
    dispute_filing,
    disputed,
    disputes,
    hearings,
)
from rankings.usecases.dispute_decisions import Decision
from tests.usecases import world
from tests.usecases.releases import OVER, Release, release

DAY = date(2026, 7, 1)  # a Wednesday
SIGNATORY = "agency_signatory"
LATE: list[tuple[str, Any]] = [
    ("self-assessments", world.answer("i2", "0")),
    ("findings", world.finding("i1", "0")),
    ("findings", world.finding("i5", "4")),
    ("findings", world.serious()),
    ("interviews", world.interview(99, v1="no", v2="no")),
    ("complaints", world.complaint("99")),
    ("deployments", world.deployments(("2026-Q1", 5000))[0]),
]


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Release:
    return release(engine, tmp_path)


def notices(alpha: Release) -> list[HearingNotice]:
    def question(session: Session, cycle: AssessmentCycle) -> list[HearingNotice]:
        found = hearings.notices(session, hearings.find_newest(session, cycle))
        return [notice for notice, _agency in found]

    return alpha.ask(question)


def serve(alpha: Release, on: date, licence: str = world.LICENCE) -> None:
    whom = alpha.agency(licence)

    def work(session: Session, cycle: AssessmentCycle) -> None:
        hearing = hearings.find_newest(session, cycle)
        hearings.serve_by_letter(session, cycle, hearing, whom, on, alpha.act("writer"))

    alpha.do(work)


def messages(alpha: Release, kind: str) -> int:
    wanted = select(Message).where(Message.kind == kind)
    return alpha.ask(lambda session, _: len(session.exec(wanted).all()))


def test_once_it_is_open_nothing_new_moves_what_is_judged(alpha: Release) -> None:
    before = alpha.score()
    alpha.hear()
    assert alpha.score().digest == before.digest
    for row in LATE:
        alpha.desk.take([row])
    after = alpha.score()
    # What the association says of its own work is no agency's rating.
    assert candidates.changes(before.contents, after.contents)["parts"] == ["report-card"]


def test_without_a_hearing_all_of_these_would_have_moved_it(alpha: Release) -> None:
    before = alpha.score()
    for row in LATE:
        alpha.desk.take([row])
        after = alpha.score()
        assert after.digest != before.digest, row
        before = after


def test_a_licence_counts_as_it_is_on_the_day_of_the_score(alpha: Release) -> None:
    alpha.hear()
    before = alpha.score()
    changed = world.agency(licence_state="revoked", licence_state_since=date(2026, 6, 1))
    alpha.desk.take([("agencies", changed)])
    after = alpha.score()
    assert after.digest != before.digest
    assert f"agencies/{world.CODE}" in moved(alpha)


def moved(alpha: Release) -> list[str]:
    """The parts that made the last candidate void."""
    (last, *_) = alpha.ask(candidates.former)
    assert last.void_because is not None
    return list(last.void_because["parts"])


def test_a_dispute_does_not_count_while_open_and_counts_once_decided(alpha: Release) -> None:
    alpha.grant("signatory", SIGNATORY, world.CODE)
    alpha.hear()
    told = alpha.score()
    made = file(alpha)
    open_one = alpha.score()
    decide(alpha, made)
    decided = alpha.score()
    assert len({told.digest, open_one.digest, decided.digest}) == 3
    alpha.letters(DAY)
    alpha.later(days=OVER)
    alpha.score()
    alpha.approved()
    part = alpha.desk.part(alpha.publish(), f"parts/agencies/{world.CODE}.json")
    assert part["inputs"]["answers"]["i1"] != before_it(alpha)["answers"]["i1"]


def before_it(alpha: Release) -> Any:
    (notice,) = [one for one in notices(alpha) if one.agency == alpha.agency().id]
    return notice.frozen["inputs"]


def file(alpha: Release) -> Dispute:
    whom = alpha.agency()

    def work(session: Session, cycle: AssessmentCycle) -> Dispute:
        said = "The papers say something else."
        act = alpha.act("signatory")
        return dispute_filing.file(session, (cycle, whom), "audit-i1", said, (), act)

    return alpha.do(work)


def decide(alpha: Release, made: Dispute) -> None:
    def work(session: Session, _cycle: AssessmentCycle) -> None:
        one = disputes.find(session, "alpha", made.id)
        seen = dispute_decisions.token(disputed.row_of(session, one.dispute))
        why = "The receipts that were handed in are signed by the workers."
        said = Decision("changed", found="4", reason=why, seen=seen)
        dispute_decisions.decide(session, one, said, alpha.act("lead"))

    alpha.do(work)


def test_it_opens_once_after_the_cut_off_day_and_a_correction_says_why(alpha: Release) -> None:
    alpha.later(hours=-9.5)  # 23:30 in Bangkok on the cut-off day
    with pytest.raises(Conflict, match=hearings.TOO_EARLY):
        alpha.hear()
    alpha.later(hours=9.5)
    assert alpha.hear() == 3
    with pytest.raises(Conflict, match=hearings.OPEN_ALREADY):
        alpha.hear()
    alpha.letters(DAY)
    alpha.later(days=OVER)
    alpha.score()
    alpha.approved()
    alpha.publish()
    with pytest.raises(Conflict, match=hearings.NO_REASON):
        alpha.hear("  ")


def test_an_unserved_notice_blocks_and_silence_releases_after_the_last_day(
    alpha: Release,
) -> None:
    alpha.hear()
    alpha.score()
    serve(alpha, DAY)
    serve(alpha, DAY, "L-2")
    alpha.later(days=OVER)
    assert gate(alpha) == ("red", 1, 0)
    alpha.approved()
    with pytest.raises(Conflict, match="hearing"):
        alpha.publish()
    serve(alpha, alpha.now.date(), "L-3")
    assert gate(alpha) == ("red", 0, 1)
    (last,) = {one.ends_on for one in notices(alpha)} - {date(2026, 7, 15)}
    assert last == date(2026, 8, 14)
    alpha.later(days=(last - alpha.now.date()).days, hours=14.9)  # 23:54 in Bangkok
    assert gate(alpha) == ("red", 0, 1)
    alpha.later(hours=0.2)
    assert gate(alpha) == ("green", 0, 0)
    alpha.publish()


def gate(alpha: Release) -> tuple[str, int, int]:
    found = alpha.gates()["hearing"]
    return found.state, found.values["unserved"], found.values["running"]


def test_the_clock_counts_working_days_and_so_many_as_were_decided(alpha: Release) -> None:
    def work(session: Session, _cycle: AssessmentCycle) -> None:
        held = session.get_one(AssociationSettings, "alpha")
        held.hearing_days = 3
        session.add(held)
        session.add(PublicHoliday(association="alpha", day=date(2026, 7, 3), name="A day"))

    alpha.do(work)
    alpha.hear()
    serve(alpha, DAY)
    (ends,) = {one.ends_on for one in notices(alpha)} - {None}
    assert ends == date(2026, 7, 7)  # Thursday, Monday, Tuesday


def test_a_letter_arrives_from_the_opening_to_today_and_once(alpha: Release) -> None:
    alpha.hear()
    for wrong in (date(2026, 6, 30), date(2026, 7, 2)):
        with pytest.raises(Invalid, match="day"):
            serve(alpha, wrong)
    serve(alpha, DAY)
    with pytest.raises(Conflict, match=hearings.SERVED):
        serve(alpha, DAY)


def test_who_has_an_account_is_told_at_once_and_a_newcomer_as_soon_as_there_is_one(
    alpha: Release,
) -> None:
    alpha.grant("member", "agency_member", world.CODE)
    alpha.hear()
    assert [one.how for one in notices(alpha) if one.served_on] == ["page"]
    assert messages(alpha, "hearing_opened") == 1
    second = alpha.agency("L-2")
    alpha.grant("signatory", SIGNATORY, second.code)
    alpha.later(days=1)
    assert [newcomers(alpha), newcomers(alpha)] == [1, 0]
    served = {one.agency: (one.served_on, one.how) for one in notices(alpha)}
    assert served[second.id] == (date(2026, 7, 2), "page")
    assert messages(alpha, "hearing_opened") == 2


def newcomers(alpha: Release) -> int:
    return alpha.do(lambda session, cycle: hearings.serve_newcomers(session, cycle, alpha.act()))


def test_a_correction_tells_only_those_for_whom_something_changes(alpha: Release) -> None:
    alpha.heard()
    alpha.approved()
    alpha.publish()
    alpha.desk.take([("findings", world.finding("i5", "4"))])
    assert alpha.hear("A finding was forgotten.") == 1
    with pytest.raises(Conflict, match=hearings.NOT_DUE):
        serve(alpha, alpha.now.date(), "L-2")
    serve(alpha, alpha.now.date())
    alpha.later(days=OVER)
    alpha.score()
    alpha.approved()
    edition = alpha.publish()
    assert (edition.number, edition.reason) == (2, "A finding was forgotten.")
