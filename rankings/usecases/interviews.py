"""Interviews: what workers say, counted and never told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col

from rankings.models import AssessmentCycle, Interview
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Proportion
from rankings.usecases import cycles, interview_draws
from rankings.usecases.incoming import Agencies, Given, Intake, Wrong, save, taken
from rankings.usecases.rows import rows


def items(rubric: Rubric) -> tuple[str, ...]:
    """The indicators that workers are asked about; each is a column of the file."""
    return tuple(fewest(rubric))


def fewest(rubric: Rubric) -> dict[str, int]:
    """How many workers must have answered each of them before it counts."""
    rules = {one.id: one.rule for one in rubric.indicators}
    return {
        code: rule.min_respondents for code, rule in rules.items() if isinstance(rule, Proportion)
    }


def save_interviews(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """Interviews of the cycle, one row per worker.

    Where an agency has draws, only who was drawn was chosen by the association.
    """
    agencies, intake = Agencies(session, cycle.association), Intake()
    drawn, stored = interview_draws.by_agency(session, cycle), _stored(session, cycle)
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
        agency = agencies.find(given)
        number, draw = _number(given, drawn.get(agency), stored)
        row = {
            "association": cycle.association,
            "cycle": cycle.id,
            "number": number,
            "agency": agency,
            "interviewed_on": day,
            "worker": given["worker"],
            "chosen_by": given["chosen_by"],
            "answers": answers,
            "draw": draw,
        }
        _refuse_entered(stored.get(number), row)
        return row

    wanted = list(taken(given_rows, read, intake))
    scope = [col(Interview.association) == cycle.association, col(Interview.cycle) == cycle.id]
    save(session, Interview, wanted, scope, intake)
    return intake


def _stored(session: Session, cycle: AssessmentCycle) -> dict[str, Any]:
    """The cycle's interviews by number, as bare rows."""
    here = (col(Interview.association) == cycle.association, col(Interview.cycle) == cycle.id)
    columns = list(SQLModel.metadata.tables["interview"].columns)
    return {one.number: one for one in rows(session, columns, *here)}


def _number(
    given: Given, drawn: interview_draws.Drawn | None, stored: Mapping[str, Any]
) -> tuple[str, UUID | None]:
    """The interview's number and its draw; Wrong where the file says otherwise than the draws."""
    number, by = given["interview"], given["chosen_by"]
    found = drawn.place(number) if drawn else None
    if found:
        if by != "association":
            raise Wrong("chosen_by", "must be association: this number was drawn")
        return found
    # What came in before anybody was drawn stays as it is.
    before = stored.get(number)
    known = before is not None and before.chosen_by == by
    if drawn and by == "association" and not known:
        raise Wrong("interview", "is in no draw of this agency: correct it, or chosen_by is agency")
    return number, None


def _refuse_entered(before: Any, row: Mapping[str, Any]) -> None:
    """A file does not overwrite what a person has entered."""
    if before is None or before.entered_by is None:
        return
    if any(getattr(before, name) != value for name, value in row.items()):
        raise Wrong("interview", "was entered in the browser: whoever entered it corrects it there")
