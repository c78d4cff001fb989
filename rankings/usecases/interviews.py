"""Interviews: what workers say, counted and never told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from rankings.models import AssessmentCycle, Interview
from rankings.scoring.rubric import Proportion, Rubric
from rankings.usecases import cycles
from rankings.usecases.incoming import Agencies, Given, Intake, Wrong, save, taken


def items(rubric: Rubric) -> tuple[str, ...]:
    """The indicators that workers are asked about; each is a column of the file."""
    return tuple(one.id for one in rubric.indicators if isinstance(one.rule, Proportion))


def save_interviews(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """Interviews of the cycle, one row per worker."""
    agencies, intake = Agencies(session, cycle.association), Intake()
    asked = items(cycles.code_of(cycle).rubric)
    opened = cycles.opened_on(session, cycle)

    def read(given: Given) -> dict[str, Any]:
        day = given["interviewed_on"]
        if not opened <= day <= cycle.as_of:
            remedy = f"is not within the cycle, {opened} to {cycle.as_of}"
            raise Wrong("interviewed_on", remedy)
        answers = {item: given[item] for item in asked if given[item] is not None}
        if not answers:
            raise Wrong("interview", f"holds no answer: fill one of {', '.join(asked)}")
        return {
            "association": cycle.association,
            "cycle": cycle.id,
            "number": given["interview"],
            "agency": agencies.find(given),
            "interviewed_on": day,
            "worker": given["worker"],
            "chosen_by": given["chosen_by"],
            "answers": answers,
        }

    wanted = list(taken(given_rows, read, intake))
    scope = [col(Interview.association) == cycle.association, col(Interview.cycle) == cycle.id]
    save(session, Interview, wanted, scope, intake)
    return intake
