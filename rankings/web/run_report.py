"""The run report of a cycle, for those who lead it: is the rating itself healthy?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from sqlmodel import Session

from rankings.errors import NotFound
from rankings.models import AssessmentCycle
from rankings.scoring.exact import decimal_text
from rankings.usecases import associations, auditor_effects, candidates, cycles, editions, staff
from rankings.usecases.auditor_effects import Effect
from rankings.usecases.edition_parts import RANKING, RUBRIC
from rankings.usecases.run_report import PART
from rankings.web import plots, ranges_page, reading, run_report_page, run_report_rules
from rankings.web.access import may, person
from rankings.web.candidate_views import before, draft
from rankings.web.desk import OF_CYCLE
from rankings.web.public import shelf
from rankings.web.run_report_section import Row
from rankings.web.words import Words, words_of

pages = Blueprint("run_report", __name__)

# So many editions before are looked back at.
EDITIONS = 8
# Only those who may see audits read who audited.
AUDITS = "audits.show"

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reported:
    """A candidate or an edition that has a run report, or has none."""

    number: int
    is_candidate: bool
    digest: str
    parts: Mapping[str, Part]

    def part(self, name: str) -> Part:
        """A part as plain values."""
        return self.parts[name]

    @property
    def words(self) -> Words:
        """In the language of the page."""
        return words_of(self.digest, self.parts[RUBRIC])


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved since the edition before: the lines and their table, which may be cut."""

    chart: plots.MoveChart
    moves: Sequence[plots.Move]
    before: str
    after: str
    decimals: int

    def number(self, units: int | None) -> str:
        """A score, or a dash where there was none."""
        if units is None:
            return "–"
        text = decimal_text(Fraction(units, 10**self.decimals), self.decimals)
        return text.replace("-", "−")


@pages.get(f"{OF_CYCLE}run-report")
def show(association: str, cycle: str) -> str:
    """The report of the candidate, else of the newest edition, and the auditors side by side."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        found = _reported(session, held)
        moved = _moved(session, held, found) if found else None
        auditors = _auditors(session, held)
    return render_template(
        "publication/run_report.html",
        association=whose,
        cycle=held,
        found=found,
        auditors=auditors,
        moved=moved,
        **(_told(association, found) if found and PART in found.parts else {}),
    )


def _told(association: str, found: Reported) -> dict[str, Any]:
    words, ranking, report = found.words, found.parts[RANKING], found.parts[PART]
    sections = run_report_page.sections(words, ranking, report)
    if report["estimates"]["rates"] or any(report["estimates"]["credit"]["pairs"].values()):
        sections.append(run_report_rules.estimates(words, report["estimates"]))
    bands = plots.band_rows([found, *_earlier(association, ranking)], list(words.bands))
    return {
        "sections": sections,
        "words": words,
        "bands": bands,
        "shares": plots.shares,
        "ranges": ranges_page.page(words, ranking, report) if ranking.get("ranges") else None,
    }


def _reported(session: Session, cycle: AssessmentCycle) -> Reported | None:
    candidate = candidates.current(session, cycle)
    if candidate is not None:
        view = draft(session, cycle, candidate)
        try:
            parts = {name: view.part(name) for name in _names(view.manifest)}
        finally:
            view.close()
        return Reported(candidate.number, True, candidate.digest, parts)
    edition = editions.newest_of(session, cycle)
    if edition is None:
        return None
    try:
        held = shelf().edition(cycle.association, cycle.slug, edition.number)
    except NotFound:
        return None
    parts = {name: dict(held.part(name)) for name in _names(held.bundle.manifest)}
    return Reported(edition.number, False, held.digest, parts)


def _names(manifest: Mapping[str, Any]) -> list[str]:
    return [name for name in (RANKING, RUBRIC, PART) if name in manifest["parts"]]


def _earlier(association: str, ranking: Part) -> list[plots.Edition]:
    """Editions of before, the newest first."""
    try:
        listed = shelf().current(association).notice["editions"]
    except NotFound:
        return []
    as_of = ranking["cycle"]["as_of"]
    found = [one for one in listed if one["as_of"] < as_of]
    return [shelf().edition(association, one["cycle"], one["number"]) for one in found[:EDITIONS]]


def _moved(session: Session, cycle: AssessmentCycle, found: Reported) -> Moved | None:
    view = before(session, cycle, found.number)
    if view is None:
        return None
    old, new = view.part(RANKING), found.parts[RANKING]
    moves = plots.moves(old, new)
    if not any(one.by is not None for one in moves):
        return None
    return Moved(
        plots.slopes(moves),
        moves[: plots.MOST],
        old["cycle"]["name"],
        new["cycle"]["name"],
        max(old["decimals"], new["decimals"]),
    )


def _auditors(session: Session, cycle: AssessmentCycle) -> list[Row]:
    """Each auditor whom the person may read about."""
    if not may(AUDITS):
        return []
    effects = auditor_effects.of(session, cycle)
    told = auditor_effects.shown(session, cycle, effects, person().account)
    names = staff.names(session, {key for one in told if (key := _account(one.auditor))})
    named = {str(key): name for key, name in names.items()}
    return [_beside(one, named.get(one.auditor, one.auditor)) for one in told]


def _account(auditor: str) -> UUID | None:
    """Findings that came in a file name their auditor as they like."""
    try:
        return UUID(auditor)
    except ValueError:
        return None


def _beside(one: Effect, name: str) -> Row:
    errors = "–" if one.errors is None else _signed(one.errors)
    numbers = (one.agencies, one.findings, f"{one.found:.1f}", f"{one.expected:.1f}")
    cells = (*map(str, numbers), _signed(one.difference), errors)
    return Row(name, cells, one.is_marked)


def _signed(value: float) -> str:
    text = f"{value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")
