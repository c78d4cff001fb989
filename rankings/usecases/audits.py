"""Audits: what the association found, on what evidence, and what is disputed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from rankings.models import AssessmentCycle, Finding, SeriousFinding
from rankings.usecases import cycles
from rankings.usecases.answers import Questions
from rankings.usecases.incoming import (
    Agencies,
    Given,
    Intake,
    Wrong,
    forbid,
    require,
    save,
    taken,
)
from rankings.usecases.rows import rows


def save_findings(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """Findings on indicators, and serious findings behind caps."""
    reader, intake = _Reader(session, cycle), Intake()
    ordinary = [given for given in given_rows if given["serious_finding"] is None]
    serious = [given for given in given_rows if given["serious_finding"] is not None]
    whose = col(Finding.association) == cycle.association
    wanted = list(taken(ordinary, reader.finding, intake))
    save(session, Finding, wanted, [whose, col(Finding.cycle) == cycle.id], intake)
    wanted = list(taken(serious, reader.serious, intake))
    whose = col(SeriousFinding.association) == cycle.association
    save(session, SeriousFinding, wanted, [whose], intake)
    return intake


def _made_here(session: Session, cycle: AssessmentCycle) -> set[tuple[Any, ...]]:
    """Findings that auditors made on screen; no file passes over them."""
    found = rows(
        session,
        (Finding.agency, Finding.indicator, Finding.evidence),
        col(Finding.association) == cycle.association,
        col(Finding.cycle) == cycle.id,
        col(Finding.audit).is_not(None),
    )
    return {tuple(one) for one in found}


class _Reader:
    def __init__(self, session: Session, cycle: AssessmentCycle) -> None:
        self.cycle = cycle
        code = cycles.code_of(cycle)
        self.codes = code.rubric.finding_codes
        self.questions = Questions(code)
        self.agencies = Agencies(session, cycle.association)
        self.made_here = _made_here(session, cycle)

    def finding(self, given: Given) -> dict[str, Any]:
        require(given, "indicator", "found", "evidence")
        forbid(given, "without serious_finding", "put_right_on")
        found = self.questions.answer(given, "found")
        shared = self._shared(given)
        if (shared["agency"], given["indicator"], given["evidence"]) in self.made_here:
            raise Wrong("indicator", "was found in an audit here: change it there")
        return shared | {
            "cycle": self.cycle.id,
            "indicator": given["indicator"],
            "evidence": given["evidence"],
            "found": found,
            "expires_on": given["expires_on"],
        }

    def serious(self, given: Given) -> dict[str, Any]:
        forbid(given, "with serious_finding", "indicator", "found", "evidence", "expires_on")
        code = given["serious_finding"]
        if code not in self.codes:
            known = ", ".join(self.codes) or "none"
            raise Wrong("serious_finding", f"is not a serious finding of the rubric: {known}")
        return self._shared(given) | {"code": code, "put_right_on": given["put_right_on"]}

    def _shared(self, given: Given) -> dict[str, Any]:
        if given["found_on"] > self.cycle.as_of:
            raise Wrong("found_on", f"is after the cut-off day {self.cycle.as_of}")
        if given["decided_on"] and not given["disputed_on"]:
            raise Wrong("disputed_on", "must not be empty where decided_on is filled")
        return {
            "association": self.cycle.association,
            "agency": self.agencies.find(given),
            "found_on": given["found_on"],
            "disputed_on": given["disputed_on"],
            "decided_on": given["decided_on"],
            "auditor": given["auditor"],
            "reason": given["reason"],
        }
