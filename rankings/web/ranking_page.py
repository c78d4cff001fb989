"""What the ranking page shows: names, bands and scores of the edition, licences of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rankings.errors import NotFound
from rankings.web.words import Words

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One agency of the list; `licence` is that of today in words, `licensed`: it is valid."""

    entry: Part
    name: str
    spoken: str
    also: str
    licence: str
    licensed: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    rated: tuple[Row, ...]
    unrated: tuple[Row, ...]
    bands: tuple[tuple[str, int], ...]


def page(words: Words, ranking: Part, notice: Part) -> Page:
    """The ranking of an edition, beside what holds today."""
    rows = [_row(words, ranking, one, notice) for one in ranking["entries"]]
    given = [row.entry["band"] for row in rows if row.entry["band"]]
    bands = tuple((band.id, given.count(band.id)) for band in words.rubric.bands)
    return Page(
        rated=tuple(row for row in rows if row.entry["rank"]),
        unrated=tuple(row for row in rows if not row.entry["rank"]),
        bands=tuple(one for one in bands if one[1]),
    )


def entry(ranking: Part, code: str) -> Part:
    """An agency's line in the ranking; NotFound."""
    for one in ranking["entries"]:
        if one["code"] == code:
            found: Part = one
            return found
    raise NotFound("There is no such agency.")


def _row(words: Words, ranking: Part, one: Part, notice: Part) -> Row:
    name, spoken = words.name(ranking["association"]["country"], one["names"])
    licence = notice["licences"].get(one["code"], one["licence"])
    return Row(
        entry=one,
        name=name,
        spoken=spoken,
        also=words.other_name(name, one["names"]),
        licence=words.licence(licence),
        licensed=licence["state"] == "valid",
    )
