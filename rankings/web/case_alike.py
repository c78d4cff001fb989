"""Cases that are much like the one on the page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from rankings.models import ComplaintCase
from rankings.usecases import case_reports, case_suggestions, cases
from rankings.usecases.case_suggestions import Pair
from rankings.web import case_vault


@dataclass(frozen=True)
class Alike:
    """Another case, how much it is alike, and whether the two have the same officer."""

    case: ComplaintCase
    pair: Pair
    same_officer: bool


def alike(session: Session, held: ComplaintCase) -> list[Alike]:
    """The open cases that are much like one, the most alike first."""
    every = {one.id: one for one in cases.queue(session, held.association)}
    waiting = case_reports.open_ones(every.values()) | {held.id}
    compared = [every[case] for case in waiting]
    found = case_reports.reports(session, compared, case_vault.opener())
    one = next((report for report in found if report.case == held.id), None)
    if one is None:
        return []
    others = [report for report in found if report.case != held.id]
    return [
        Alike(every[pair.other], pair, every[pair.other].officer == held.officer)
        for pair in case_suggestions.alike(one, others)
    ]


def key(text: str | None) -> UUID | None:
    """A case's key as a form sends it."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
