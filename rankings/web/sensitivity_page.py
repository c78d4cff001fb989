"""What the page on other rules shows: would the ranking be another one, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.exact import decimal_text
from rankings.web.languages import say as _
from rankings.web.words import Words

Part = Mapping[str, Any]

# The name of the edition's part, and its key that this page is about.
PART, KEY = "run-report", "sensitivity"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One rule made otherwise: in how many cases of all the band stays, and places moved."""

    rule: str
    same: int
    moved: str


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency: its name and that name's language, its place, and those it would have.

    `place` is None where places are not printed, `places` where only bands are.
    """

    name: str
    spoken: str
    same: int
    place: int | None
    places: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints; no scenarios where no rule can be made otherwise."""

    verdict: str
    holds: bool
    moved: str
    scenarios: tuple[Scenario, ...]
    agencies: tuple[Agency, ...]


def page(words: Words, ranking: Part, report: Part) -> Page:
    """The sensitivity of an edition, from its ranking and its run report."""
    found = report[KEY]
    return Page(
        verdict=_verdict(found["holds"]),
        holds=found["holds"],
        moved=_places(found["mean_shift"]),
        scenarios=tuple(
            Scenario(rule(words, one["id"]), one["same_bands"], _places(one["mean_shift"]))
            for one in found["scenarios"]
        ),
        agencies=tuple(_agencies(words, ranking, found["agencies"])),
    )


def _verdict(holds: bool) -> str:
    if holds:
        return _("The ranking holds: with other rules it would be nearly the same.")
    return _("The ranking depends on the rules: with other rules it would be another one.")


def rule(words: Words, scenario: str) -> str:
    """A scenario in words, by its id."""
    kind, _colon, code = scenario.partition(":")
    part = _part(words, code)
    said = {
        "weight+": _("The weight of “%(part)s” is a quarter higher", part=part),
        "weight-": _("The weight of “%(part)s” is a quarter lower", part=part),
        "without": _("“%(part)s” does not count", part=part),
        "geometric": _("A good part makes up less for a bad one"),
        "self+": _("Answers that nobody has checked earn more"),
        "self-": _("Answers that nobody has checked earn less"),
        "k/2": _("Single complaints count more"),
        "k*2": _("Single complaints count less"),
        "m/2": _("Single interviews count more"),
        "m*2": _("Single interviews count less"),
        "buffer0": _("A band changes right at its line"),
    }
    return said.get(kind, scenario)


def _part(words: Words, code: str) -> str:
    for path in (("nodes", code), ("indicators", code, "question")):
        if path in words.labels.texts:
            return words.of(*path)
    return code


def _agencies(words: Words, ranking: Part, found: Part) -> Iterator[Agency]:
    """In the order of the ranking."""
    shown = (ranking.get("ranges") or {}).get("places", "printed")
    country = ranking["association"]["country"]
    for entry in ranking["entries"]:
        one = found.get(entry["code"])
        if one is not None:
            name, spoken = words.name(country, entry["names"])
            yield Agency(
                name=name,
                spoken=spoken,
                same=one["same"],
                place=entry["rank"] if shown == "printed" else None,
                places=None if shown == "bands" else _from_to(*one["rank"]),
            )


def _from_to(best: int, worst: int) -> str:
    return str(best) if best == worst else f"{best}–{worst}"


def _places(hundredths: int) -> str:
    """To one decimal: nobody's place is known better."""
    return decimal_text(Fraction((hundredths + 5) // 10, 10), 1)
