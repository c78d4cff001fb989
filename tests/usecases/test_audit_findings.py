"""Findings of an audit: several people at once, reasons, ties, files, and the end of the cycle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Audit, Declaration, Finding, SecondOpinion
from rankings.usecases import audit_findings, audit_reading, audits, journal
from rankings.usecases.audit_findings import Change, Clash, Taken
from tests.usecases import world
from tests.usecases.audits_world import (
    AUDIT,
    DURING,
    NONE,
    SAID,
    VISITED,
    Audited,
    audited,
    place,
    submit,
)


@pytest.fixture
def alpha(engine: Engine) -> Audited:
    return audited(engine)


def test_a_finding_is_kept_with_who_when_and_why(alpha: Audited) -> None:
    assert alpha.save(Change("i1", "2", " Two branches\r\nlack it. ", NONE)) == 1
    kept = alpha.stored()["i1"]
    assert (kept.found, kept.reason) == ("2", "Two branches\nlack it.")
    assert (kept.auditor, kept.audit, kept.evidence) == (alpha.auditor.who, AUDIT, "audit")
    assert (kept.found_at, kept.found_on) == (DURING, DURING.date())
    (entry,) = alpha.told("saved a finding")
    assert entry.about == f"2026 {world.CODE} i1"


def test_saving_what_is_there_changes_nothing(alpha: Audited) -> None:
    alpha.find("i1", "4")
    assert alpha.save(Change("i1", "4", "", "something else"), act=alpha.lead) == 0
    assert alpha.stored()["i1"].auditor == alpha.auditor.who
    assert len(alpha.told("saved a finding")) == 1


WRONG = {
    ("i1", "3"): "i1 reason",
    ("i3", "not_applicable"): "i3 reason",
    ("i1", "nonsense"): "i1 found",
    ("i1", "not_applicable"): "i1 found",
    ("none", "1"): "none indicator",
}


def test_a_wrong_finding_is_named_and_nothing_is_kept(alpha: Audited) -> None:
    for (indicator, found), named in WRONG.items():
        with pytest.raises(Invalid) as refused:
            alpha.save(Change("i2", "4", "", NONE), Change(indicator, found, "", NONE))
        assert [one.place for one in refused.value.problems] == [named]
    assert alpha.stored() == {}


def test_all_faults_of_many_findings_are_named_at_once(alpha: Audited) -> None:
    with pytest.raises(Invalid) as refused:
        alpha.save(
            Change("i1", "1", "", NONE),
            Change("i2", "4", "x" * 1001, NONE),
            Change("i4", "", "a reason alone", NONE),
        )
    assert [one.place for one in refused.value.problems] == ["i1 reason", "i2 reason", "i4 found"]


def test_no_reason_is_needed_where_the_claim_is_true_or_there_is_none(alpha: Audited) -> None:
    assert alpha.find("i1", "4") == 1
    assert alpha.find("i5", "1") == 1


def test_a_draft_is_no_claim(engine: Engine) -> None:
    alpha = audited(engine, is_submitted=False)
    assert alpha.find("i1", "1") == 1
    with db.transaction(engine) as session:
        assert audit_findings.claims(session, alpha.audit(session)) == {}
        submit(session, alpha.lead)
        claims = audit_findings.claims(session, alpha.audit(session))
    assert {code: one.value for code, one in claims.items()} == SAID


def test_a_finding_can_be_taken_away(alpha: Audited) -> None:
    alpha.find("i1", "4")
    assert alpha.find("i1", "") == 1
    assert alpha.stored() == {}


def test_somebody_elses_newer_finding_is_not_overwritten(alpha: Audited) -> None:
    alpha.find("i1", "2", "Seen.")
    with pytest.raises(Clash) as clash:
        alpha.save(Change("i1", "4", "", NONE), act=alpha.lead)
    theirs = clash.value.theirs
    assert theirs is not None
    assert (theirs.found, theirs.reason, clash.value.name) == ("2", "Seen.", "An")
    seen = audit_findings.token(theirs)
    assert alpha.save(Change("i1", "4", "", seen), act=alpha.lead) == 1


def test_of_200_interleaved_findings_of_two_people_none_is_lost(alpha: Audited) -> None:
    """Each sees a page, the other saves in between or not; every finding is kept or told."""
    chance = Random(5)
    kept: dict[str, str] = {}
    seen: list[dict[str, str]] = [{}, {}]
    told: list[tuple[str | None, str]] = []
    for number in range(200):
        who = chance.randrange(2)
        if chance.random() < 0.5:
            seen[who] = {key: audit_findings.token(one) for key, one in alpha.stored().items()}
        code = chance.choice(("i1", "i2", "i4", "i5"))
        change = Change(code, str(chance.randrange(5)), str(number), seen[who].get(code, NONE))
        try:
            alpha.save(change, act=(alpha.auditor, alpha.lead)[who])
            kept[code] = str(number)
        except Clash as clash:
            told.append((clash.theirs.reason if clash.theirs else None, kept[code]))
    assert {code: one.reason for code, one in alpha.stored().items()} == kept
    assert len(told) > 20
    assert all(shown == there for shown, there in told)


def test_a_finding_from_a_file_is_not_overwritten_silently(alpha: Audited) -> None:
    with db.transaction(alpha.engine) as session:
        given = [world.finding("i1", "4"), world.finding("i2", "4", evidence="document")]
        assert audits.save_findings(session, place(session)[0], given, DURING).problems == []
    with pytest.raises(Taken) as taken:
        alpha.save(Change("i2", "4", "", NONE), Change("i1", "2", "Seen.", NONE))
    assert taken.value.indicator == "i1"
    assert alpha.stored() == {}
    assert alpha.find("i2", "4") == 1
    with db.reading(alpha.engine) as session:
        assert set(audit_reading.imported(session, alpha.audit(session))) == {"i1"}


def test_a_file_does_not_pass_over_a_finding_made_on_screen(alpha: Audited) -> None:
    alpha.find("i1", "2", "Seen.")
    with db.transaction(alpha.engine) as session:
        intake = audits.save_findings(
            session, place(session)[0], [world.finding("i1", "4"), world.finding("i2", "4")], DURING
        )
    assert [one.remedy for one in intake.problems] == [
        "was found in an audit here: change it there"
    ]
    assert alpha.stored()["i1"].found == "2"


def test_whoever_is_tied_to_the_agency_saves_nothing(alpha: Audited) -> None:
    with db.transaction(alpha.engine) as session:
        _declare(session, alpha.lead)
    for attempt in (
        lambda: alpha.find("i1", "4", act=alpha.lead),
        lambda: alpha.visit(act=alpha.lead),
        lambda: alpha.close(act=alpha.lead),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert alpha.find("i1", "4") == 1


def _declare(session: Session, act: journal.Act) -> None:
    who = UUID(act.who)
    session.add(
        Declaration(
            association="alpha",
            id=uuid4(),
            account=who,
            agency=place(session)[1].id,
            kind="family",
            statement="a cousin",
            since=date(2026, 1, 1),
            declared_by=who,
            declared_at=DURING,
        )
    )


def test_whoever_owes_a_second_opinion_stays_blind(alpha: Audited) -> None:
    with db.transaction(alpha.engine) as session:
        owed = SecondOpinion(
            association="alpha",
            id=uuid4(),
            audit=AUDIT,
            indicator="i1",
            drawn_at=DURING,
            auditor=UUID(alpha.lead.who),
        )
        session.add(owed)
    with pytest.raises(Conflict, match="second opinion"):
        alpha.find("i1", "4", act=alpha.lead)
    assert alpha.find("i1", "4") == 1
    with db.transaction(alpha.engine) as session:
        session.get_one(SecondOpinion, ("alpha", owed.id)).given_at = DURING
    with pytest.raises(Taken, match="second opinion"):
        alpha.find("i1", "3", "Seen.")
    assert alpha.find("i2", "4", act=alpha.lead) == 1


def test_findings_can_change_until_the_cut_off_day_ends(alpha: Audited) -> None:
    """It ends at midnight in Bangkok, which is 17:00 UTC."""
    end = datetime(2026, 6, 30, 17, tzinfo=UTC)
    who = alpha.auditor.who
    assert alpha.find("i1", "4", act=journal.Act(who, end - timedelta(minutes=1))) == 1
    with pytest.raises(Conflict, match="cut-off"):
        alpha.find("i2", "4", act=journal.Act(who, end))


def test_the_day_of_the_visit_is_the_day_of_the_findings(alpha: Audited) -> None:
    alpha.find("i2", "4")
    alpha.visit()
    alpha.find("i1", "4")
    days = {code: one.found_on for code, one in alpha.stored().items()}
    assert days == {"i2": DURING.date(), "i1": VISITED}
    alpha.close()
    assert {one.found_on for one in alpha.stored().values()} == {VISITED}


def test_what_was_found_in_the_last_cycle_is_at_hand(alpha: Audited) -> None:
    alpha.find("i1", "2", "Seen.")
    with db.transaction(alpha.engine) as session:
        given = [world.finding("i1", "3", found_on=date(2026, 2, 1), evidence="document")]
        assert audits.save_findings(session, place(session)[0], given, DURING).problems == []
        opened = DURING.replace(year=2027)
        later = world.open_cycle(session, "alpha", "2027", date(2027, 6, 30), opened)
        agency = place(session)[1]
        assert _last(audit_reading.last(session, later, agency)) == {"i1": "3"}
        assert audit_reading.last(session, place(session)[0], agency) == {}
    alpha.visit()
    alpha.close()
    with db.reading(alpha.engine) as session:
        assert _last(audit_reading.last(session, later, agency)) == {"i1": "2"}


def _last(found: dict[str, Finding]) -> dict[str, str]:
    return {code: one.found for code, one in found.items()}


def test_another_associations_audit_is_not_there(alpha: Audited) -> None:
    with db.transaction(alpha.engine) as session:
        world.cycle(session, "beta")
        assert session.get(Audit, ("alpha", AUDIT)) is not None
        with pytest.raises(NotFound):
            audit_findings.find(session, "beta", AUDIT)
