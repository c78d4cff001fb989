"""Why an evidence file is not taken, in the language of the page."""

from __future__ import annotations

from rankings.adapters.evidence_kinds import Fault, Unfit
from rankings.usecases.evidence import TOO_MANY_FILES, Full
from rankings.web.languages import say as _


def sentence(unfit: Unfit) -> str:
    """What is wrong with a file and what to do, to stand after its name."""
    named = {name: unfit.values.get(name, "") for name in ("found", "ending", "right")}
    return (_by_name(unfit.fault) or _by_contents(unfit.fault)) % named


def full(refusal: Full) -> str:
    """Why there is no room for a file."""
    if str(refusal) == TOO_MANY_FILES:
        return _("An answer has at most 10 files. Remove one first.")
    return _("An agency has at most 500 MB of files in a cycle. Remove some first.")


def _by_name(fault: Fault) -> str:
    # Placeholders are filled in later: these texts stand where nothing is known of the file.
    said = {
        Fault.ENDING: _(
            "is of a kind that is not taken: save it as PDF, JPEG, PNG, WebP, Word (.docx) or "
            "Excel (.xlsx)"
        ),
        Fault.EMPTY: _("is empty: choose the file again"),
        Fault.TOO_LARGE: _("is larger than 10 MB: make it smaller, or hand it in as several files"),
        Fault.MISNAMED: _(
            "is a %(found)s file, but its name says %(ending)s: rename it to %(right)s"
        ),
        Fault.OTHER_KIND: _(
            "is a %(found)s file, but its name says %(ending)s: save it as PDF, JPEG, PNG, WebP, "
            "Word (.docx) or Excel (.xlsx)"
        ),
        Fault.NOT_THAT_KIND: _("is not what its name says (%(ending)s): open it and save it anew"),
    }
    return said.get(fault, "")


def _by_contents(fault: Fault) -> str:
    said = {
        Fault.OLD_OFFICE: _(
            "is an old or password-protected Office file: remove its password and save it as "
            ".docx or .xlsx"
        ),
        Fault.TWO_IN_ONE: _("is a file of another kind as well: open it and save it anew"),
        Fault.DAMAGED: _("cannot be read: open it and save it anew"),
        Fault.TOO_MUCH: _("holds too much to be checked: hand it in as several smaller files"),
        Fault.PIXELS: _("has more than 40 million pixels: make the picture smaller"),
        Fault.MOVES: _("is a moving picture: save one picture of it"),
        Fault.PASSWORD: _(
            "is protected by a password: remove the password, or print it to a new PDF"
        ),
        Fault.MACROS: _("holds macros: save it without macros, or as PDF"),
        Fault.EMBEDDED: _("holds other files, or a chart copied from a workbook: save it as PDF"),
        Fault.ELSEWHERE: _("fetches contents from elsewhere: save it as PDF"),
    }
    return said.get(fault, "")
