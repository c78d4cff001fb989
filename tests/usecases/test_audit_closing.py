"""An audit is closed once, by whoever has said when and how; only then its findings count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.models import JournalDetail, SecondOpinion
from rankings.scoring.score import Scorer
from rankings.usecases import audit_closing, complaints, cycles, interviews, journal, registry
from tests.usecases import world
from tests.usecases.audits_world import DURING, VISITED, Audited, audited, place, submit

LATE = datetime(2026, 7, 1, 3, tzinfo=UTC)


@pytest.fixture
def alpha(engine: Engine) -> Audited:
    return audited(engine)


def lacking(alpha: Audited) -> list[str]:
    with db.reading(alpha.engine) as session:
        return audit_closing.missing(session, alpha.audit(session))


def drawn(alpha: Audited) -> int:
    with db.reading(alpha.engine) as session:
        return len(session.exec(select(SecondOpinion)).all())


def test_a_visit_is_on_a_past_day_of_the_cycle_and_no_desk_check(alpha: Audited) -> None:
    both = ["visited_on", "method"]
    for day, method, wrong in (
        (date(2025, 12, 31), "visit_announced", ["visited_on"]),
        (date(2026, 5, 2), "visit_announced", ["visited_on"]),
        (VISITED, "documents", ["method"]),
        (date(2026, 7, 1), "by hearsay", both),
    ):
        with pytest.raises(Invalid) as refused:
            alpha.visit(day, method)
        assert [one.place for one in refused.value.problems] == wrong


def test_the_first_day_of_the_cycle_and_today_are_days_for_a_visit(alpha: Audited) -> None:
    for day in (date(2026, 1, 1), date(2026, 5, 1), date(2026, 5, 1)):
        alpha.visit(day)
    assert len(alpha.told("said when an audit was made")) == 2


def test_a_desk_check_reads_documents(engine: Engine) -> None:
    alpha = audited(engine, evidence="document")
    with pytest.raises(Invalid):
        alpha.visit(method="visit_announced")
    alpha.visit(method="documents")


def test_of_two_people_the_second_hears_that_the_day_has_changed(alpha: Audited) -> None:
    alpha.visit(seen=" ")
    with pytest.raises(Conflict, match="changed"):
        alpha.visit(date(2026, 4, 21), seen=" ", act=alpha.lead)
    alpha.visit(date(2026, 4, 21), seen=f"{VISITED} visit_announced", act=alpha.lead)


def test_it_is_said_what_an_audit_lacks_before_it_can_be_closed(alpha: Audited) -> None:
    assert lacking(alpha) == ["visit", "findings"]
    with pytest.raises(Invalid) as refused:
        alpha.close()
    assert [one.place for one in refused.value.problems] == ["visit", "findings"]
    alpha.visit()
    alpha.find("i1", "4")
    assert lacking(alpha) == []
    alpha.close()


def test_a_claim_submitted_later_asks_for_the_reason_that_was_not_needed_before(
    engine: Engine,
) -> None:
    alpha = audited(engine, is_submitted=False)
    alpha.visit()
    alpha.find("i1", "1")
    with db.transaction(engine) as session:
        submit(session, alpha.lead)
    assert lacking(alpha) == ["i1"]
    with pytest.raises(Invalid):
        alpha.close()
    alpha.find("i1", "1", "Half of the branches.")
    alpha.close()


def test_a_closed_audit_is_locked_and_a_tenth_of_it_is_drawn(alpha: Audited) -> None:
    alpha.visit()
    for code in ("i1", "i2"):
        alpha.find(code, "4")
    alpha.close()
    assert drawn(alpha) == 1
    for attempt in (lambda: alpha.find("i1", "3", "Seen."), alpha.visit, alpha.close):
        with pytest.raises(Conflict, match="closed"):
            attempt()
    (entry,) = alpha.told("closed an audit")
    assert entry.about == f"2026 {world.CODE} audit"


def test_of_16_threads_that_find_and_close_one_closes_and_no_finding_follows(
    alpha: Audited,
) -> None:
    alpha.visit()
    alpha.find("i1", "0", "0")

    def attempt(number: int) -> str:
        try:
            if number % 4 == 0:
                alpha.close()
            else:
                alpha.find("i1", str(number % 5), str(number))
        except Conflict:
            return "refused"
        return "closed" if number % 4 == 0 else str(number)

    with ThreadPoolExecutor(16) as pool:
        ends = list(pool.map(attempt, range(16)))
    assert ends.count("closed") == 1
    assert drawn(alpha) == 1
    saved = sum(end.isdigit() for end in ends)
    assert len(alpha.told("saved a finding")) == 1 + saved
    assert alpha.stored()["i1"].reason in {"0", *ends}


def test_after_the_cut_off_day_a_complete_audit_can_still_be_closed(alpha: Audited) -> None:
    alpha.visit()
    alpha.find("i1", "4")
    late = journal.Act(alpha.auditor.who, LATE)
    with pytest.raises(Conflict, match="cut-off"):
        alpha.visit(date(2026, 4, 21), act=late)
    alpha.close(late)
    with pytest.raises(Conflict, match="cut-off"):
        alpha.reopen(act=journal.Act(alpha.lead.who, LATE))


def test_a_closed_audit_is_opened_again_with_a_reason_in_the_journal(alpha: Audited) -> None:
    with pytest.raises(Conflict, match="open already"):
        alpha.reopen()
    alpha.visit()
    alpha.find("i1", "4")
    alpha.close()
    for reason in (" ", "x" * 201):
        with pytest.raises(Invalid):
            alpha.reopen(reason)
    alpha.reopen(" A branch was forgotten. ")
    (entry,) = alpha.told("opened an audit again")
    with db.reading(alpha.engine) as session:
        detail = session.get_one(JournalDetail, ("alpha", entry.id))
    assert detail.details == {"reason": "A branch was forgotten."}
    alpha.find("i2", "4")
    alpha.close()
    assert drawn(alpha) == 2


def rated(alpha: Audited) -> None:
    """All that a score needs besides the conduct."""
    sent = world.deployments(("2026-Q1", 300), ("2025-Q2", 300))
    asked = [world.interview(n, v1="yes", v2=world.yes(n < 9)) for n in range(12)]
    with db.transaction(alpha.engine) as session:
        cycle = place(session)[0]
        for save, rows in (
            (registry.save_deployments, sent),
            (interviews.save_interviews, asked),
            (complaints.save_complaints, [world.complaint("1")]),
        ):
            assert save(session, cycle, rows, DURING).problems == []


def score(alpha: Audited) -> tuple[Fraction | None, Fraction | None]:
    """What an edition would print now, and on how much of it is checked."""
    with db.reading(alpha.engine) as session:
        cycle = place(session)[0]
        card = Scorer(cycles.code_of(cycle).rubric).score(world.record(session, cycle), cycle.as_of)
    return card.published, card.confidence


def test_findings_move_the_score_when_the_audit_is_closed_and_not_before(alpha: Audited) -> None:
    rated(alpha)
    claimed, unchecked = score(alpha)
    assert claimed is not None
    assert unchecked is not None
    alpha.visit()
    alpha.find("i1", "1", "Half of the branches have no register.")
    alpha.find("i2", "4")
    assert score(alpha) == (claimed, unchecked)
    alpha.close()
    found, checked = score(alpha)
    assert found is not None
    assert checked is not None
    assert found < claimed
    assert checked > unchecked
    alpha.reopen()
    assert score(alpha) == (claimed, unchecked)
