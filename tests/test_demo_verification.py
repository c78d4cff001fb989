"""The demonstration holds an audit, a complaint and a line of the register in every state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from rankings import db, demo_people, demo_verification
from rankings.adapters import fee_caps, vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Receipts, digits
from rankings.demo_verification_desk import code
from rankings.demo_verification_stories import HELP, STORIES, receipt
from rankings.models import Agency, AssessmentCycle, ComplaintCase, LicenceState
from rankings.publishing import FEE_CAPS
from rankings.settings import Settings
from rankings.usecases import (
    agencies,
    agency_links,
    audit_assignments,
    audit_reading,
    case_deadlines,
    case_hearing,
    case_redaction,
    case_reports,
    case_suggestions,
    cases,
    complaint_intake,
    complaint_items,
    complaint_notes,
    conflicts,
    corrective_actions,
    cycles,
    fee_schedules,
    help_lines,
    interview_draws,
    interview_entry,
    owners,
    panel,
    sampling,
    second_opinions,
    settlements,
)
from tests.web import demonstration

TODAY = date(2026, 11, 24)
WHOSE = demo_people.ASSOCIATION


@dataclass(frozen=True)
class Held:
    """The demonstration, read on its own day."""

    session: Session
    settings: Settings

    @property
    def cycle(self) -> AssessmentCycle:
        return cycles.find(self.session, WHOSE, demo_people.CYCLE)

    def agency(self, serial: int) -> Agency:
        return agencies.find(self.session, WHOSE, code(serial))

    def cases(self) -> list[ComplaintCase]:
        return cases.queue(self.session, WHOSE)

    def case(self, story: str) -> ComplaintCase:
        """The case that a story's receipt finds."""
        lookup = Receipts(self.settings.secret_key).open(receipt(story)).lookup
        found = complaint_intake.find(self.session, WHOSE, lookup, TODAY)
        assert found is not None
        return found

    def reports(self) -> list[case_suggestions.Report]:
        keys = PrivateKeys(self.settings.complaint_keys)
        opener = case_reports.Opener(
            lambda case: complaint_items.case_key(case, keys.unwrap), vault.unseal
        )
        return case_reports.reports(self.session, self.cases(), opener)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    settings = demonstration.copied(tmp_path_factory.mktemp("verified") / "demo")
    engine = db.connect(settings.database_url)
    with db.reading(engine) as session:
        yield Held(session, settings)
    engine.dispose()


def test_complaints_are_in_every_status_and_came_by_every_channel(held: Held) -> None:
    found = held.cases()
    assert len(found) == len(STORIES)
    assert {one.status for one in found} == {"received", "asked", "checking", "decided", "closed"}
    assert {one.channel for one in found} == set(complaint_items.CHANNELS)


def test_complaints_were_decided_with_every_outcome(held: Held) -> None:
    lines = cases.lines(held.session, WHOSE, held.cases()).values()
    assert {one.outcome for one in lines} == {
        *("open", "substantiated", "remedied", "overdue"),
        *("withdrawn", "withdrawn_unconfirmed", "rejected"),
    }


def test_a_complaint_was_closed_without_a_line_and_another_one_merged(held: Held) -> None:
    closed = [one for one in held.cases() if one.status == "closed"]
    assert {one.number for one in closed} == {None}
    (merged,) = [one for one in closed if one.merged_into]
    into = cases.find(held.session, WHOSE, merged.merged_into) if merged.merged_into else None
    assert into is not None
    assert into.status == "checking"


def test_a_first_look_and_an_answer_are_late(held: Held) -> None:
    late = [case_deadlines.overdue(one, TODAY) for one in held.cases()]
    assert sorted(late)[-2:] == [["answer"], ["first_look"]]


def test_the_agency_has_complaints_to_answer_and_answered_ones(held: Held) -> None:
    own = held.agency(1)
    found = [one for one, _line in case_hearing.visible(held.session, own, TODAY)]
    open_ones = [one for one in found if one.status in case_deadlines.OPEN]
    assert len(open_ones) == 3
    assert [one for one in open_ones if one.answered_on]
    assert [one for one in open_ones if one.answer_due_on and one.answer_due_on > TODAY]
    later = [one for one in held.cases() if one.notified_on and one.notified_on > TODAY]
    assert [one.channel for one in later] == ["telephone"]


def test_five_complaints_on_one_agency_are_a_burst(held: Held) -> None:
    reports = held.reports()
    told = {one.case for one in reports if one.subject == held.agency(13).id}
    assert len(told) == 5
    assert case_suggestions.bursts(reports) == told


def test_two_pairs_of_complaints_read_almost_the_same(held: Held) -> None:
    reports = held.reports()
    words = {one.case: one.text for one in reports}
    pairs = [{words[one.one], words[one.other]} for one in case_suggestions.pairs(reports)]
    assert pairs == [
        {STORIES[one].happened, STORIES[other].happened}
        for one, other in (("answered_question", "merged"), ("crowd_1", "crowd_2"))
    ]


@pytest.mark.parametrize(
    ("story", "status", "talk"),
    [("asked", "asked", [True]), ("answered_question", "checking", [True, False])],
)
def test_a_printed_receipt_opens_the_talk(
    held: Held, story: str, status: str, talk: list[bool]
) -> None:
    case = held.case(story)
    assert case.status == status
    opened = Receipts(held.settings.secret_key).open(receipt(story))
    key = complaint_intake.open_key(case, vault, opened)
    unseal = complaint_intake.unsealing(case, vault, key)
    said = complaint_intake.talk(held.session, case, unseal)
    assert [one.is_question for one in said] == talk


def test_the_printed_receipts_are_sixteen_digits_in_fours() -> None:
    told = demo_verification.receipts()
    assert [one.story for one in told] == ["asked", "answered question"]
    assert [digits(one.digits) for one in told] == [
        receipt("asked"),
        receipt("answered_question"),
    ]


def test_the_journal_knows_every_complaint_and_none_of_its_words(held: Held) -> None:
    assert complaint_notes.missing(held.session, WHOSE) == []
    name = held.settings.database_url.removeprefix("sqlite:///")
    body = Path(name).read_bytes()
    assert [one for one, told in STORIES.items() if told.happened.encode() in body] == []


def test_no_story_tells_who_somebody_is() -> None:
    assert [one for one in STORIES.values() if case_redaction.found(one.happened)] == []


def test_the_help_lines_say_that_they_are_a_demonstration(held: Held) -> None:
    assert help_lines.lines(held.session, WHOSE) == HELP
    assert {one.kind for one in HELP} == set(help_lines.KINDS)
    assert all(one.number.startswith("0000") for one in HELP)
    assert all("Demonstration" in one.names["en"] for one in HELP)


def test_audits_are_in_every_state_and_one_is_tied_and_one_late(held: Held) -> None:
    lines = audit_assignments.lines(held.session, held.cycle, TODAY)
    assert {one.state for one in lines} == {
        *(audit_assignments.NOT_BEGUN, audit_assignments.BEGUN, audit_assignments.CLOSED),
        *(audit_assignments.OPINIONS, audit_assignments.DIFFERENCES),
    }
    assert {one.audit.evidence for one in lines} == set(audit_assignments.KINDS)
    assert sum(one.is_tied for one in lines) == sum(one.is_late for one in lines) == 1


def test_auditors_have_claims_to_check(held: Held) -> None:
    lines = audit_assignments.lines(held.session, held.cycle, TODAY)
    visits = [one.audit for one in lines if one.audit.evidence == "audit"]
    assert all(audit_reading.claims(held.session, one) for one in visits)
    found = [one for audit in visits for one in audit_reading.of(held.session, audit).values()]
    assert [one for one in found if one.reason]
    assert [one for one in found if not one.reason]


def test_second_opinions_are_unasked_asked_different_and_settled(held: Held) -> None:
    found = second_opinions.pairs(held.session, held.cycle)
    waiting = [one for one in found if one.is_waiting]
    assert {one.opinion.auditor is None for one in waiting} == {True, False}
    differences = settlements.differences(held.session, WHOSE)
    assert {one.is_open for one in differences} == {True, False}


def test_one_seat_of_the_panel_is_empty(held: Held) -> None:
    assert panel.empty(held.session, held.cycle) == ["union"]


def test_corrective_actions_are_in_every_state(held: Held) -> None:
    found = corrective_actions.of_cycle(held.session, held.cycle)
    assert {corrective_actions.state(one, TODAY) for one, _agency in found} == {
        *(corrective_actions.OPEN, corrective_actions.REPORTED),
        *(corrective_actions.OVERDUE, corrective_actions.DONE),
    }
    own = {one.id for one in corrective_actions.of(held.session, held.cycle, held.agency(1).id)}
    assert len(own) == 3


def test_visits_are_proposed_for_several_reasons(held: Held) -> None:
    found = sampling.proposed(held.session, held.cycle, TODAY)
    assert {"complaint", "unaudited", "reversal", "claims"} <= {
        one.code for each in found for one in each.reasons
    }


def test_workers_were_drawn_and_asked_and_one_was_named_by_the_agency(held: Held) -> None:
    whose = held.agency(4).id
    (drawn,) = interview_draws.of(held.session, held.cycle, whose)
    assert len(interview_draws.of_draw(drawn)) == 12
    entered = interview_entry.of(held.session, held.cycle, whose)
    by = [one.chosen_by for one in entered]
    assert (by.count("association"), by.count("agency")) == (6, 1)


def test_a_link_waits_and_another_one_was_approved(held: Held) -> None:
    found = agency_links.listing(held.session, WHOSE)
    assert [one.link.is_approved for one in found] == [None, True]
    assert found[1].proposer != found[1].decider


def test_two_agencies_share_an_owner_and_one_owner_has_left(held: Held) -> None:
    own, sister = held.agency(1), held.agency(8)
    near = conflicts.related(held.session, WHOSE, own.id, TODAY)
    assert near[sister.id] == conflicts.OWNER
    assert [one for one in owners.of(held.session, own) if one.until]


def test_a_licence_state_was_reversed(held: Held) -> None:
    reversed_ones = select(LicenceState).where(
        LicenceState.association == WHOSE, LicenceState.since == date(2026, 9, 14)
    )
    (found,) = held.session.exec(reversed_ones).all()
    assert (found.state, found.reversed_on) == ("suspended", date(2026, 10, 6))


def test_fees_are_within_and_above_what_the_law_allows(held: Held) -> None:
    caps = fee_caps.load(FEE_CAPS)
    words = [
        {
            one.comparison.word
            for one in fee_schedules.of(held.session, held.agency(serial), "VN", caps, TODAY)
        }
        for serial in (1, 10)
    ]
    assert words == [{fee_schedules.WITHIN}, {fee_schedules.ABOVE}]
