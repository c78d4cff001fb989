"""What the ranking page shows: names, bands and scores of the edition, licences of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rankings.errors import NotFound
from rankings.scoring.score import RATED
from rankings.web import range_words, ranges_page
from rankings.web.words import Words

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One agency of the list; `licence` is that of today in words, `licensed`: it is valid.

    `place` and `range` (of the score) as they print.
    """

    entry: Part
    name: str
    spoken: str
    also: str
    licence: str
    licensed: bool
    place: str = ""
    range: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    rated: tuple[Row, ...]
    unrated: tuple[Row, ...]
    bands: tuple[tuple[str, int], ...]
    doubts: tuple[str, ...] = ()


def page(words: Words, ranking: Part, notice: Part) -> Page:
    """The ranking of an edition, beside what holds today."""
    rows = [row(words, ranking, one, notice) for one in ranking["entries"]]
    given = [one.entry["band"] for one in rows if one.entry["band"]]
    bands = tuple((band.id, given.count(band.id)) for band in words.rubric.bands)
    return Page(
        rated=tuple(one for one in rows if one.entry["state"] == RATED),
        unrated=tuple(one for one in rows if one.entry["state"] != RATED),
        bands=tuple(one for one in bands if one[1]),
        doubts=tuple(_doubts(ranking)),
    )


def entry(ranking: Part, code: str) -> Part:
    """An agency's line in the ranking; NotFound."""
    for one in ranking["entries"]:
        if one["code"] == code:
            found: Part = one
            return found
    raise NotFound("There is no such agency.")


def row(words: Words, ranking: Part, one: Part, notice: Part) -> Row:
    """An agency's line, beside what holds today."""
    name, spoken = words.name(ranking["association"]["country"], one["names"])
    licence = notice["licences"].get(one["code"], one["licence"])
    return Row(
        entry=one,
        name=name,
        spoken=spoken,
        also=words.other_name(name, one["names"]),
        licence=words.licence(licence),
        licensed=licence["state"] == "valid",
        place=range_words.place(ranking, one) if one["state"] == RATED else "",
        range=range_words.scores(words, one),
    )


def _doubts(ranking: Part) -> Iterator[str]:
    """How sure the list is."""
    ranges = ranking.get("ranges")
    if ranges is None:
        return
    yield ranges_page.pairs(ranges["pairs"])
    if ranges["places"] != "printed":
        yield ranges_page.places(ranges["places"], ranges["because"])
