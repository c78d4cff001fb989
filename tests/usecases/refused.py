"""Rows that cannot be taken: by which use case, which column is named, and what is said."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from rankings.models import AssessmentCycle
from rankings.usecases import assessments, audits, complaints, interviews, registry
from rankings.usecases.incoming import Given, Intake
from tests.usecases import world

Save = Callable[[Session, AssessmentCycle, Sequence[Given], Any], Intake]

NAMELESS = {"name_vi": None}
EARLY = {"licence_valid_until": date(2014, 1, 1)}
ANSWER, FOUND = world.answer("i1", "3"), world.finding("i1", "3")
AT_ALL = {"serious_finding": "illegal_fee"}

REFUSED: list[tuple[Save, list[Given], str, str]] = [
    (registry.save_agencies, [world.agency(**NAMELESS)], "name_en", "at least one name_ column"),
    (registry.save_agencies, [world.agency(**EARLY)], "licence_valid_until", "before licensed_on"),
    (registry.save_agencies, [world.agency()] * 2, "licence_number", "stands twice"),
    (
        registry.save_deployments,
        world.deployments(("2026-Q1", 5), agency="nobody"),
        "agency",
        "not in the register",
    ),
    (
        registry.save_deployments,
        world.deployments(("2026-Q1", 5), ("2026-Q1", 6)),
        "agency",
        "stands twice",
    ),
    (
        assessments.save_self_assessments,
        [world.answer("i9", "3")],
        "indicator",
        "not a question",
    ),
    (assessments.save_self_assessments, [world.answer("v1", "3")], "indicator", "not a question"),
    (assessments.save_self_assessments, [world.answer("i1", "7")], "answer", "0, 1, 2, 3, 4"),
    (
        assessments.save_self_assessments,
        [world.answer("i1", "not_applicable")],
        "answer",
        "does not allow",
    ),
    (
        assessments.save_self_assessments,
        [ANSWER, world.answer("i2", "3", submitted_on=date(2026, 3, 2))],
        "submitted_on",
        "differs from 2026-03-01",
    ),
    (
        assessments.save_self_assessments,
        [world.answer("i1", "3", submitted_on=date(2026, 7, 1))],
        "submitted_on",
        "after the cut-off day 2026-06-30",
    ),
    (audits.save_findings, [world.finding("i1", None)], "found", "must not be empty"),
    (audits.save_findings, [world.finding("i1", "3", evidence=None)], "evidence", "not be empty"),
    (audits.save_findings, [world.finding("i1", "x")], "found", "is not one of"),
    (
        audits.save_findings,
        [world.finding("i1", "3", found_on=date(2026, 7, 1))],
        "found_on",
        "after the cut-off day",
    ),
    (
        audits.save_findings,
        [world.finding("i1", "3", decided_on=date(2026, 5, 1))],
        "disputed_on",
        "must not be empty",
    ),
    (
        audits.save_findings,
        [world.finding("i1", "3", put_right_on=date(2026, 5, 1))],
        "put_right_on",
        "must be empty",
    ),
    (audits.save_findings, [world.finding("i1", "3", **AT_ALL)], "indicator", "must be empty"),
    (
        audits.save_findings,
        [world.serious(serious_finding="gossip")],
        "serious_finding",
        "illegal_fee",
    ),
    (interviews.save_interviews, [world.interview(1)], "interview", "holds no answer"),
    (
        interviews.save_interviews,
        [world.interview(1, v1="yes"), world.interview(1, v1="no")],
        "interview",
        "stands twice",
    ),
    (
        complaints.save_complaints,
        [world.complaint("1", decided_on=None)],
        "decided_on",
        "must not be empty",
    ),
    (
        complaints.save_complaints,
        [world.complaint("1", outcome="open")],
        "decided_on",
        "while the case is open",
    ),
    (
        complaints.save_complaints,
        [world.complaint("1", decided_on=date(2026, 1, 1))],
        "decided_on",
        "is before received_on",
    ),
    (
        complaints.save_complaints,
        [world.complaint("1", agency_heard=None)],
        "agency_heard",
        "must not be empty",
    ),
    (complaints.save_complaints, [world.complaint("1", claimed=5)], "currency", "not be empty"),
    (
        complaints.save_complaints,
        [world.complaint("1", claimed=world.half(), currency="VND")],
        "claimed",
        "more decimals than VND",
    ),
]
