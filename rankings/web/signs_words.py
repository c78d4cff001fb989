"""Signs of gaming in words: what was seen, why it may be harmless, what to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from rankings.usecases.gaming_signs import (
    ALL_TOP,
    AUDITOR,
    BUNCHING,
    LAST_HOUR,
    SAME_FILE,
    SILENCE,
    Sign,
)
from rankings.web.languages import say as _
from rankings.web.words import short

Said = tuple[str, str, str]


def title(kind: str) -> str:
    """A kind of sign."""
    return {
        SAME_FILE: _("The same file from several agencies"),
        LAST_HOUR: _("Many answers in the last hour"),
        ALL_TOP: _("Every claim is the best one"),
        SILENCE: _("Nobody says a bad word"),
        BUNCHING: _("More agencies just above a line than just below it"),
        AUDITOR: _("An auditor whose findings differ from those of the others"),
    }[kind]


def said(sign: Sign, about: str) -> Said:
    """What was seen, why it may be harmless and what to look at; `about` is a band or a person."""
    numbers = {name: short(Fraction(number)) for name, number in sign.numbers.items()}
    told: Mapping[str, Callable[[Mapping[str, str]], Said]] = {
        SAME_FILE: _same_file,
        LAST_HOUR: _last_hour,
        ALL_TOP: _all_top,
        SILENCE: _silence,
        BUNCHING: _bunching,
        AUDITOR: _auditor,
    }
    return told[sign.kind](numbers | {"about": about})


def chance(sign: Sign) -> str:
    """How likely it is without any gaming, as one in so many; empty where nobody can say."""
    if not sign.chance or sign.chance > Fraction(1, 2):
        return ""
    times = int(1 / sign.chance)
    if times > 1_000_000:
        return _("By chance alone this happens less than once in a million times.")
    return _("By chance alone this happens about once in %(times)d times.", times=times)


def _same_file(numbers: Mapping[str, str]) -> Said:
    return (
        _("Files that %(agencies)s agencies gave byte for byte the same: %(files)s.", **numbers),
        _("It may be a form of an authority, or the agencies belong together and say so."),
        _("Open the file: whose name, date and stamp does it bear?"),
    )


def _last_hour(numbers: Mapping[str, str]) -> Said:
    return (
        _("%(late)s of %(answers)s answers were saved in the last hour.", **numbers),
        _("A workbook saves all answers at once, and many people finish late."),
        _("Choose some of these answers and look at their evidence."),
    )


def _all_top(numbers: Mapping[str, str]) -> Said:
    return (
        _(
            "All %(claims)s claims are the best answer. Checked: %(checked)s, found lower:"
            " %(lower)s.",
            **numbers,
        ),
        _("A very good agency answers like this as well."),
        _("Check the questions on which most agencies fall short first."),
    )


def _silence(numbers: Mapping[str, str]) -> Said:
    return (
        _(
            "No complaint in two years of %(workers)s workers, where %(expected)s would be usual,"
            " and none of %(asked)s workers asked was unhappy.",
            **numbers,
        ),
        _("The agency may be good, or its workers go where little goes wrong."),
        _("Ask workers whom the association chooses whether they know how to complain."),
    )


def _bunching(numbers: Mapping[str, str]) -> Said:
    return (
        _(
            "%(above)s agencies lie within one point above the line of %(about)s (%(cut)s points),"
            " %(below)s within one point below it.",
            **numbers,
        ),
        _("Good work towards a line looks the same, and so does luck in a small group."),
        _("Read the findings that lifted these agencies last: who changed them, and on what?"),
    )


def _auditor(numbers: Mapping[str, str]) -> Said:
    return (
        _(
            "%(about)s found %(found)s points on average in %(audits)s agencies. The claims and"
            " the other auditors let expect %(expected)s.",
            **numbers,
        ),
        _("The auditor may have been sent to agencies that are different."),
        _("Compare the second opinions, and send somebody else the next time."),
    )
