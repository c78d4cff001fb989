"""What an agency's page shows: licence, band, score, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.record import DISPUTED
from rankings.scoring.rules import Indicator, Rate
from rankings.scoring.score import RATED
from rankings.web import lift_page, range_words, ranges_page, ranking_page, receipt_page
from rankings.web.languages import say as _
from rankings.web.words import Words, gapped, short

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pillar:
    """A part of the score: what it is, its value, and how much of its best that is (0 to 100)."""

    label: str
    value: str
    best: str
    percent: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    agency: Part
    entry: Part
    name: str
    spoken: str
    also: str
    former: tuple[tuple[str, str], ...]
    licence: str
    licensed: bool
    licence_day: str
    published: str | None
    best: str | None
    limits: tuple[tuple[str, str], ...]
    pillars: tuple[Pillar, ...]
    facts: tuple[tuple[str, str], ...]
    disputed: tuple[str, ...]
    between: str
    bar: tuple[str, str, str] | None
    place: str
    doubts: tuple[str, ...]
    sums: tuple[tuple[str, str], ...]
    lift: lift_page.Page | None

    @property
    def reply(self) -> Part | None:
        """The agency's own words, or why they are not printed."""
        found: Part | None = self.agency.get("reply")
        return found


def page(
    words: Words, agency: Part, ranking: Part, notice: Part, report: Part | None = None
) -> Page:
    """An agency of an edition, beside what holds today; `report` is the edition's run report."""
    entry = ranking_page.entry(ranking, agency["code"])
    country = ranking["association"]["country"]
    name, spoken = words.name(country, agency["names"])
    licence = notice["licences"].get(agency["code"], agency["licence"])
    receipt = agency["receipt"]
    scale = words.rubric.scale
    rated = sum(one["state"] == RATED for one in ranking["entries"])
    return Page(
        agency=agency,
        entry=entry,
        name=name,
        spoken=spoken,
        also=words.other_name(name, agency["names"]),
        former=tuple(
            (words.name(country, one["names"])[0], words.day(one["until"]))
            for one in agency["former_names"]
        ),
        licence=words.licence(licence),
        licensed=licence["state"] == "valid",
        licence_day=words.day(notice["issued_on"]),
        published=None if receipt is None else words.number(entry["score"]),
        best=short(scale.max) if scale.higher_is_better else None,
        limits=() if receipt is None else receipt_page.limits(words, receipt),
        pillars=() if receipt is None else tuple(_pillars(words, receipt)),
        facts=tuple(_facts(words, agency, entry, report)) if receipt else (),
        disputed=tuple(_disputed(words, agency["inputs"].get("marks", {}))),
        between=range_words.between(words, entry),
        bar=_bar(words, entry),
        place=range_words.place_of(ranking, entry, rated) if receipt else "",
        doubts=tuple(range_words.doubts(entry)),
        sums=lift_page.sums(words, receipt) if receipt else (),
        lift=lift_page.page(words, agency.get("lift")),
    )


def _disputed(words: Words, marks: Mapping[str, str]) -> Iterator[str]:
    for code, mark in marks.items():
        if mark == DISPUTED:
            yield words.of("indicators", code, "question")


def _pillars(words: Words, receipt: Part) -> Iterator[Pillar]:
    for one in words.rubric.pillars:
        value = None if isinstance(one, Indicator) else receipt["nodes"].get(one.id)
        if value is not None:
            best = words.best(one.id)
            exact = Fraction(value)
            share = int(100 * exact / best) if best else 0
            label = words.of("nodes", one.id)
            yield Pillar(label, words.exact(exact), short(best), min(100, max(0, share)))


def _bar(words: Words, entry: Part) -> tuple[str, str, str] | None:
    """From, to and score in percent of the best, for a bar."""
    scale, found = words.rubric.scale, entry.get("range")
    if not found or not scale.higher_is_better:
        return None
    best = scale.max * 10**scale.decimals
    low, high, score = (
        short(Fraction(100 * units) / best) for units in (*found["score"], entry["score"])
    )
    return low, high, score


def _facts(
    words: Words, agency: Part, entry: Part, report: Part | None
) -> Iterator[tuple[str, str]]:
    """What the score rests on: how much was checked, who was asked, what was decided."""
    inputs = agency["inputs"]
    if entry["confidence"] is not None:
        checked = int(Fraction(entry["confidence"]))
        yield _("Share of the score that was checked"), f"{checked}\u00a0%"
    if inputs.get("interviewed"):
        yield _("Workers interviewed"), str(inputs["interviewed"])
    for indicator in words.rubric.indicators:
        if isinstance(indicator.rule, Rate) and indicator.id in inputs.get("events", {}):
            yield from _events(inputs["events"][indicator.id], len(indicator.rule.steps))
            group = inputs.get("facts", {}).get(indicator.rule.peers_by or "")
            usual = indicator.rule.benchmark_of(group)
            average = gapped(int(usual.k * indicator.rule.per))
            yield from _rates(report, indicator.id, agency["code"], average)


def _events(events: Part, years: int) -> Iterator[tuple[str, str]]:
    decided = sum(int(one["number"]) for one in events["counts"])
    sent = sum(int(units) for units in events["exposure"])
    yield _("Decided complaints in %(years)s years", years=years), str(decided)
    yield _("Workers sent in %(years)s years", years=years), gapped(sent)


def _rates(
    report: Part | None, indicator: str, code: str, average: str
) -> Iterator[tuple[str, str]]:
    """The rate of complaints as it is, and as it counts: few workers say little."""
    told = (one for one in report["complaints"] if one["indicator"] == indicator) if report else ()
    for one in told:
        for each in one["agencies"]:
            if each["code"] == code and each["raw"] is not None:
                yield (
                    _("Complaints per 1,000 workers, serious ones count more"),
                    ranges_page.Page.rate(each["raw"]),
                )
                yield (
                    _("The same with %(number)s average workers added", number=average),
                    ranges_page.Page.rate(each["shrunk"]),
                )
