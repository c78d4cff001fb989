"""What stands in an auditor's workbook: interface texts beside those of the agency's workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from rankings.adapters import assessment_workbook_words as shared
from rankings.adapters.assessment_workbook_words import Say, Ways, folded, say
from rankings.adapters.catalogues import LANGUAGES


def _here(_: Say) -> str:
    return _("Does not apply to the agency")


# An auditor may copy what the agency's workbook says.
WAYS: Ways = (_here, *shared.TO_US)


def headings(_: Say) -> dict[str, str]:
    """The columns of the findings by id."""
    return {
        "id": "№",
        "article": _("Article"),
        "question": _("Question"),
        "claim": _("The agency says"),
        "claim_note": _("The agency's note"),
        "claim_evidence": _("The agency's evidence"),
        "finding": _("Finding"),
        "reason": _("Reason"),
        "finding_before": _("Finding as downloaded"),
        "reason_before": _("Reason as downloaded"),
    }


def visit_headings(_: Say) -> tuple[str, ...]:
    """The columns of the visit."""
    return ("№", _("Question"), _("Your entry"), _("As downloaded"))


def visit_lines(_: Say) -> dict[str, str]:
    """The lines of the visit by id."""
    return {"visited_on": _("Day of the audit"), "method": _("How it was checked")}


def list_headings(_: Say) -> tuple[str, ...]:
    """The columns of the lists."""
    return ("№", _("Question"), _("Finding"), _("What it means"))


def facts(_: Say) -> dict[str, str]:
    """The lines of the first sheet by id."""
    return shared.facts(_) | {"audit": _("Number of the audit")}


def methods(_: Say) -> dict[str, str]:
    """How an agency can have been checked."""
    return {
        "documents": _("Documents only"),
        "visit_announced": _("Visit, announced"),
        "visit_unannounced": _("Visit, not announced"),
        "video": _("Video call"),
    }


@cache
def method_ids() -> Mapping[str, str]:
    """The methods by what may stand for them, in any language, as `folded` gives it."""
    found = {}
    for language in LANGUAGES:
        for identity, label in methods(say(language)).items():
            found[folded(label)] = found[folded(identity)] = identity
    return found


def steps(_: Say) -> Sequence[str]:
    """How to fill the workbook in, step by step."""
    return (
        _("Go to the sheet Findings. Fill in the white cells. All other cells are locked."),
        _("Finding: choose from the list of the cell, or type a number where one is asked."),
        _("What each choice means stands in the sheet Lists."),
        _("Reason: needed where the finding differs from the agency's answer, or does not apply."),
        _("Sheet Visit: fill in the day and how the agency was checked."),
        _("Empty a cell to take back what stood there. A reason needs a finding beside it."),
        _("You may sort and filter. Do not add or merge cells, and type no formulas."),
        _("Save as .xlsx. Upload it where you downloaded it, alone or together with others."),
        _("You will see every change before anything is saved."),
        _("The last columns show what stood there when you downloaded the workbook."),
    )
