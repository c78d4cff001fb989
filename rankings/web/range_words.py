"""How sure a score and a place are, in words: on the list, on an agency's page, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rankings.web.languages import say as _
from rankings.web.words import Words

Part = Mapping[str, Any]
DASH = "\u2013"


def place(ranking: Part, entry: Part) -> str:
    """The place as it is printed: a number, a range, or nothing where only bands are."""
    found, printed = entry.get("range"), ranking.get("ranges")
    if printed and printed["places"] == "bands":
        return ""
    if printed and printed["places"] == "ranges" and found:
        return from_to(*found["rank"])
    return str(entry["rank"])


def from_to(low: object, high: object) -> str:
    """A range on a line; one number where both ends are the same."""
    return str(low) if low == high else f"{low}{DASH}{high}"


def scores(words: Words, entry: Part) -> str:
    """The range of a score, on a list."""
    found = entry.get("range")
    return from_to(*map(words.number, found["score"])) if found else ""


def between(words: Words, entry: Part) -> str:
    """The range of a score, in a sentence."""
    found = entry.get("range")
    if not found:
        return ""
    low, high = map(words.number, found["score"])
    return _("between %(low)s and %(high)s", low=low, high=high)


def place_of(ranking: Part, entry: Part, rated: int) -> str:
    """The place in a sentence, with its range; nothing where only bands are printed."""
    found, printed = entry.get("range"), ranking.get("ranges")
    if not found or not printed:
        return _("Place %(place)s of %(number)s.", place=entry["rank"], number=rated)
    if printed["places"] == "bands":
        return ""
    best, worst = found["rank"]
    if printed["places"] == "ranges":
        return _("Place %(best)s to %(worst)s of %(number)s.", best=best, worst=worst, number=rated)
    return _(
        "Place %(place)s of %(number)s, with what we know between %(best)s and %(worst)s.",
        place=entry["rank"],
        number=rated,
        best=best,
        worst=worst,
    )


def doubts(entry: Part) -> Iterator[str]:
    """What the range means for this agency."""
    found = entry.get("range")
    if not found:
        return
    yield _("With the information we have, the true score is most likely in this range.")
    if found["alike"]:
        many = found["alike"]
        yield _("We cannot tell it apart from %(number)s other agencies.", number=many)
    if found["borderline"]:
        yield _("It is close to a line: checked once more, it could be in another band.")


def too_close(one: Part, other: Part) -> bool:
    """Whether the ranges of two rated agencies have a score in common."""
    (low, high), (least, most) = one["range"]["score"], other["range"]["score"]
    return bool(low <= most and least <= high)
