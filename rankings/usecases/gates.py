"""The gates before publication: what must be right, what should be, each as one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, select

from rankings.canonical import canonical
from rankings.models import AssessmentCycle, AssociationSettings, Candidate, ComplaintCase
from rankings.scoring.evidence import checked_claims
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED
from rankings.scoring.source import RubricSource, read
from rankings.usecases import (
    association_settings,
    associations,
    case_deadlines,
    disputes,
    edition_reading,
    hearings,
    journal,
    method_changes,
    panel,
    replies,
    second_opinions,
)
from rankings.usecases.edition_parts import AGENCIES, RANKING, Edition
from rankings.usecases.edition_ranges import BANDS_ONLY
from rankings.usecases.edition_reading import View
from rankings.usecases.registry import LANGUAGES
from rankings.usecases.run_report import PART as RUN_REPORT

GREEN, AMBER, RED = "green", "amber", "red"
# Up to so many agencies the workbook holds everything, and then it stays below so many bytes.
AGENCIES_IN_WORKBOOK, WORKBOOK_BYTES = 500, 1_000_000
WORKBOOK = "ranking.xlsx"
# Up to so many bytes an archive is read by those who verify it.
MOST_BYTES = 1_000_000_000
NOT_TAKING_PART = "not_participating"
# Candidates whose recomputation is remembered: it takes seconds, and a page asks at every look.
KNOWN = 32
_known: dict[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: `green`, `amber` (should be looked at) or `red` (blocks), and its numbers."""

    name: str
    state: str
    values: Mapping[str, Any] = field(default_factory=dict)


def of(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    view: View,
    act: journal.Act,
) -> list[Gate]:
    """Every gate of a candidate, in the order in which they are worked through."""
    decided = association_settings.of(session, cycle.association)
    today = associations.day(associations.find(session, cycle.association), act.now)
    return [
        *_of_work(session, cycle, candidate, today),
        *_of_candidate(candidate, view, decided),
    ]


def red(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    view: View,
    act: journal.Act,
) -> list[Gate]:
    """The gates that block."""
    return [one for one in of(session, cycle, candidate, view, act) if one.state == RED]


def _of_work(
    session: Session, cycle: AssessmentCycle, candidate: Candidate, today: date
) -> Iterator[Gate]:
    """What people still have to do."""
    yield _hearing(session, cycle, candidate.number, today)
    waiting = len(replies.waiting(session, cycle))
    yield Gate("replies", RED if waiting else GREEN, {"number": waiting})
    undecided = disputes.open_of(session, cycle)
    late = sum(one.due_on < today for one in undecided)
    values = {"number": len(undecided), "overdue": late}
    yield Gate("disputes", AMBER if undecided else GREEN, values)
    opinions = len(second_opinions.open_of(session, cycle))
    yield Gate("second_opinions", RED if opinions else GREEN, {"number": opinions})
    version = (cycle.rubric_code, cycle.rubric_version)
    is_missing = candidate.number == 1 and method_changes.needed(
        session, cycle.association, *version
    )
    yield Gate("method_report", RED if is_missing else GREEN)
    empty = panel.empty(session, cycle)
    yield Gate("panel", AMBER if empty else GREEN, {"seats": empty})
    overdue = _overdue_cases(session, cycle.association, today)
    yield Gate("complaints", AMBER if overdue else GREEN, {"number": overdue})


def _hearing(session: Session, cycle: AssessmentCycle, number: int, today: date) -> Gate:
    hearing = hearings.of(session, cycle, number)
    if hearing is None:
        return Gate("hearing", RED, {"opened": False})
    found = hearings.progress(session, hearing, today)
    values = {
        "opened": True,
        "due": found.due,
        "unserved": found.unserved,
        "running": found.running,
    }
    return Gate("hearing", GREEN if found.is_over else RED, values)


def _overdue_cases(session: Session, association: str, today: date) -> int:
    cases = session.exec(select(ComplaintCase).where(ComplaintCase.association == association))
    return sum(bool(case_deadlines.overdue(one, today)) for one in cases)


def _of_candidate(candidate: Candidate, view: View, decided: AssociationSettings) -> Iterator[Gate]:
    """What the candidate itself must be."""
    source, ranking = edition_reading.heading(view).source, view.part(RANKING)
    rubric = read(source).rubric
    yield _coverage(ranking["entries"], decided.least_rated_percent)
    yield _over_claims(view, rubric, decided.most_over_claims_percent)
    yield _languages(source)
    yield _sizes(view.manifest)
    yield from _sensitivity(view, ranking)
    different = _recomputed(candidate.digest, view)
    yield Gate("recompute", RED if different else GREEN, {"parts": different})


def _coverage(entries: list[Mapping[str, Any]], least: int) -> Gate:
    taking_part = [one for one in entries if one["state"] != NOT_TAKING_PART]
    rated = sum(one["state"] == RATED for one in taking_part)
    values = {"rated": rated, "of": len(taking_part), "least": least}
    is_enough = 100 * rated >= least * len(taking_part)
    return Gate("coverage", GREEN if is_enough else RED, values)


def _over_claims(view: View, rubric: Rubric, most: int) -> Gate:
    pairs = [checked_claims(rubric, one.record) for one in edition_reading.listed(view, rubric)]
    too_high, checked = (sum(numbers) for numbers in zip(*pairs, strict=True)) if pairs else (0, 0)
    values = {"too_high": too_high, "checked": checked, "most": most}
    return Gate("over_claims", RED if 100 * too_high > most * checked else GREEN, values)


def _sensitivity(view: View, ranking: Mapping[str, Any]) -> Iterator[Gate]:
    """Where other choices in the method would move many, only bands are printed: look at it."""
    if RUN_REPORT in view.manifest["parts"]:
        holds = view.part(RUN_REPORT)["sensitivity"]["holds"]
        places = ranking["ranges"]["places"]
        is_plain = holds and places != BANDS_ONLY
        yield Gate("sensitivity", GREEN if is_plain else AMBER, {"places": places})


def _languages(source: RubricSource) -> Gate:
    """Labels are checked for completeness by language when a rubric is stored."""
    missing = [one for one in LANGUAGES if one not in source.labels]
    if not missing:
        return Gate("languages", GREEN)
    # Without any, it is a rubric to try things with, whose pages name its codes.
    return Gate("languages", RED if source.labels else AMBER, {"missing": missing})


def _sizes(manifest: Mapping[str, Any]) -> Gate:
    agencies = sum(name.startswith(AGENCIES) for name in manifest["parts"])
    workbook = manifest["files"][WORKBOOK]["size"]
    whole = sum(one["size"] for kind in ("parts", "files") for one in manifest[kind].values())
    is_large = agencies <= AGENCIES_IN_WORKBOOK and workbook > WORKBOOK_BYTES
    state = RED if is_large or whole > MOST_BYTES else GREEN
    return Gate("sizes", state, {"workbook": workbook, "whole": whole, "agencies": agencies})


def _recomputed(digest: str, view: View) -> Sequence[str]:
    """The same, kept for the digest: whatever has it holds the very same bytes."""
    found = _known.get(digest)
    if found is None:
        while len(_known) >= KNOWN:
            _known.pop(next(iter(_known)), None)
        found = _known[digest] = recomputed(view)
    return found


def recomputed(view: View) -> list[str]:
    """The parts of a candidate that its own inputs do not give."""
    heading = edition_reading.heading(view)
    code = read(heading.source)
    made = Edition(heading, code).parts(edition_reading.listed(view, code.rubric))
    return [name for name, part in made if canonical(part) != view.part_body(name)]
