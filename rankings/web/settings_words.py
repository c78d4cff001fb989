"""The association's settings in the words of the page."""

from __future__ import annotations

import re

from rankings.scoring.difference import ADDITION, METHOD, RUBRIC, Change
from rankings.usecases import exchange_rates
from rankings.usecases.association_settings import BOUNDS
from rankings.web.languages import say as _

PLACE = re.compile(r"(?P<entry>(?:\w+\[[^\]]*\]\.?)+)(?P<key>.*)")
IDS = re.compile(r"\[([^\]]*)\]")


def term(name: str) -> str:
    """What a number decides."""
    return {
        "hearing_days": _("Hearing before publication, in working days"),
        "dispute_days": _("Time to decide a dispute, in working days"),
        "appeal_days": _("Time to appeal after publication, in days"),
        "least_rated_percent": _("At least so many percent of members must be rated"),
        "most_over_claims_percent": _("At most so many percent of checked claims may be too high"),
    }[name]


def bounds_word(name: str) -> str:
    """What a number must be."""
    least, most = BOUNDS[name]
    return _("Enter a whole number from %(least)d to %(most)d.", least=least, most=most)


def clash() -> str:
    """Somebody else was faster."""
    return _("Somebody else changed this. These are your entries: save again to keep them.")


def rate_remedy(remedy: str) -> str:
    """What to do about a rate."""
    return {
        exchange_rates.NO_CURRENCY: _("Enter a currency code such as USD."),
        exchange_rates.SAME: _("Enter another currency than the first one."),
        exchange_rates.NO_RATE: _("Enter a number above 0, such as 26000.5."),
        exchange_rates.NO_SOURCE: _("Say where you read the rate, in at most 200 letters."),
        exchange_rates.NO_DAY: _("Enter a day that is not in the future, such as 2026-03-31."),
        exchange_rates.TWICE: _("This stands in two rows. Keep one of them."),
        exchange_rates.STANDS: _("Another rate is stored for this day. Tick the box to replace."),
    }.get(remedy, remedy)


def where(change: Change) -> tuple[str, str]:
    """What changes in which entry: ("weight", "3.2"); of single rules the entry is empty."""
    if change.file != RUBRIC:
        return change.place.rpartition("/")[2], change.place.rpartition("/")[0]
    found = PLACE.fullmatch(change.place)
    if found is None:
        return change.place, ""
    return found["key"], "/".join(IDS.findall(found["entry"]))


def sentence(change: Change) -> str:
    """A change in words."""
    key, entry = where(change)
    if not key:
        return _("%(entry)s comes", entry=entry) if change.was is None else _gone(entry)
    return _("%(key)s of %(entry)s", key=key, entry=entry) if entry else key


def _gone(entry: str) -> str:
    return _("%(entry)s goes", entry=entry)


def reach(of: str) -> str:
    """How far the changes reach."""
    return {
        METHOD: _("Changes move scores: the first number of the version is raised."),
        ADDITION: _("Indicators of weight 0 are new: the second number of the version is raised."),
    }.get(of, _("Only words change: the third number of the version is raised."))
