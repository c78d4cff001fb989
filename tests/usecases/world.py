"""The worked example of the method as rows: one association, one cycle, one agency."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from secrets import token_bytes
from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.models import AssessmentCycle
from rankings.scoring.record import Record
from rankings.scoring.source import RubricSource
from rankings.usecases import (
    assessments,
    associations,
    audits,
    complaints,
    cycles,
    interviews,
    records,
    registry,
    rubrics,
)
from rankings.usecases.incoming import Given, Intake
from rankings.usecases.journal import OPERATOR, Act

OPENED = datetime(2025, 12, 31, 17, tzinfo=UTC)  # new year's day in Bangkok
NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
AS_OF = date(2026, 6, 30)
LICENCE = "L-1"
CODE = "VN-00011"

Draw = Callable[[int], bytes]


def source() -> RubricSource:
    return RubricSource(Path(__file__).with_name("worked.toml").read_text("utf-8"))


def act(now: datetime = NOW, draw: Draw = token_bytes) -> Act:
    """What the operator does at some moment."""
    return Act(OPERATOR, now, draw)


def cycle(
    session: Session, association: str = "alpha", draw: Draw = token_bytes
) -> AssessmentCycle:
    """An association with an open cycle by the rubric of the worked example."""
    then = act(OPENED, draw)
    associations.add(session, association, association, "VN", "Asia/Bangkok", then)
    rubrics.store(session, association, source(), then)
    return open_cycle(session, association, "2026", AS_OF, OPENED, draw)


def open_cycle(
    session: Session,
    association: str,
    slug: str,
    as_of: date,
    opened: datetime,
    draw: Draw = token_bytes,
) -> AssessmentCycle:
    plan = cycles.Plan(UUID(int=int(slug)), slug, slug, as_of, ("worked", "1.0.0"))
    return cycles.open_cycle(session, association, plan, act(opened, draw))


def given(**values: Any) -> Given:
    """A row; what is not said is empty."""
    return Given(values, lambda column: f"the row's {column}")


def rows(columns: str, *lines: Sequence[Any]) -> list[Given]:
    """Rows under a header of names."""
    return [given(**dict(zip(columns.split(), line, strict=True))) for line in lines]


def agency(**more: Any) -> Given:
    """A row of the register: licensed long ago, signed before the cycle opened."""
    usual = {
        "licensing_authority": "DOLAB",
        "licence_number": LICENCE,
        "name_vi": ("Ví Dụ", None),
        "licensed_on": date(2015, 5, 1),
        "licence_state": "valid",
        "licence_state_since": date(2015, 5, 1),
        "code_signed_on": date(2020, 1, 1),
    }
    return given(**(usual | more))


def register(session: Session, cycle: AssessmentCycle, *given_rows: Given) -> Intake:
    return registry.save_agencies(session, cycle, given_rows or [agency()], NOW)


def deployments(*numbers: tuple[str, int], agency: str = LICENCE) -> list[Given]:
    """Workers by quarter."""
    columns = "agency quarter destination workers source"
    return rows(columns, *((agency, quarter, "JP", many, "DOLAB") for quarter, many in numbers))


def complaint(case: str, **more: Any) -> Given:
    usual = {
        "case": case,
        "agency": LICENCE,
        "received_on": date(2026, 1, 5),
        "category": "fees",
        "severity": "moderate",
        "outcome": "substantiated",
        "decided_on": date(2026, 2, 1),
        "agency_heard": "yes",
        "may_count": "worker",
        "workers_affected": 1,
    }
    return given(**(usual | more))


def interview(number: int, agency: str = LICENCE, by: str = "association", **said: str) -> Given:
    return given(
        interview=f"I-{number}",
        agency=agency,
        interviewed_on=date(2026, 3, 1),
        worker="returned",
        chosen_by=by,
        **said,
    )


def finding(indicator: str | None, found: str | None, **more: Any) -> Given:
    usual = {
        "agency": LICENCE,
        "indicator": indicator,
        "found": found,
        "evidence": "audit",
        "found_on": date(2026, 4, 1),
        "auditor": "A1",
    }
    return given(**(usual | more))


def serious(**more: Any) -> Given:
    """A serious finding behind the example's cap."""
    nothing = {"evidence": None, "serious_finding": "illegal_fee"}
    return finding(None, None, **(nothing | more))


def answer(indicator: str, value: str, **more: Any) -> Given:
    usual = {
        "agency": LICENCE,
        "submitted_on": date(2026, 3, 1),
        "indicator": indicator,
        "answer": value,
    }
    return given(**(usual | more))


def fill(session: Session, cycle: AssessmentCycle) -> None:
    """Everything that is known of the example's agency."""
    register(session, cycle)
    sent = [("2026-Q2", 100), ("2025-Q3", 300), ("2025-Q2", 300), ("2023-Q4", 200)]
    said = [{"v1": yes(n < 9), "v2": yes(n < 5)} for n in range(12)]
    old = {"severity": "serious", "outcome": "remedied"}
    days = {"received_on": date(2025, 1, 1), "decided_on": date(2025, 6, 30)}
    for save, given_rows in (
        (registry.save_deployments, deployments(*sent)),
        (assessments.save_self_assessments, [answer("i2", "4"), answer("i3", "not_applicable")]),
        (
            audits.save_findings,
            [
                finding("i1", "3"),
                finding("i3", "not_applicable", evidence="document"),
                finding("i4", "2", evidence="document"),
            ],
        ),
        (interviews.save_interviews, [interview(n, **one) for n, one in enumerate(said)]),
        (
            complaints.save_complaints,
            [complaint("1"), complaint("2"), complaint("3", **old, **days)],
        ),
    ):
        intake = save(session, cycle, given_rows, NOW)
        assert intake.problems == []
        assert intake.new == len(given_rows)


def yes(good: bool) -> str:
    return "yes" if good else "no"


def record(
    session: Session, cycle: AssessmentCycle, before: Mapping[str, str] | None = None
) -> Record:
    """The record of the one agency."""
    rubric = cycles.code_of(cycle).rubric
    (listed,) = records.listed(session, cycle, rubric, before or {})
    return listed.record


def half() -> Fraction:
    """Half a unit of money."""
    return Fraction(1, 2)
