"""What the page on ranges shows: how sure scores, places and rates of complaints are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.errors import NotFound
from rankings.scoring.coverage_figures import figures
from rankings.scoring.exact import decimal_text, rounded
from rankings.scoring.funnel import limits
from rankings.scoring.rules import Rate
from rankings.web import plots, plots_funnel
from rankings.web.languages import say as _
from rankings.web.words import Words, gapped, short

Part = Mapping[str, Any]

# The name of the part that tells of complaints.
PART = "run-report"
# A rate in the report is in hundredths per so many workers.
WORKERS, HUNDREDTHS = 1000, 100


@dataclass(frozen=True, slots=True)
class Row:
    """An agency of the range chart: its name, that name's language, and what is printed."""

    name: str
    spoken: str
    score: str
    low: str
    high: str
    places: str


@dataclass(frozen=True, slots=True)
class Rated:
    """An agency of the funnel; `outside` as in `plots_funnel.Point`."""

    name: str
    spoken: str
    workers: str
    events: str
    raw: str
    shrunk: str
    outside: str | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The complaints of one indicator; `question` only where there are several."""

    question: str
    chart: plots_funnel.FunnelChart
    rows: tuple[Rated, ...]
    partly: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints; `partly` says that not everybody is shown.

    `tick` is a score in units as it prints on an axis.
    """

    pairs: str
    places: str
    coverage: str
    chart: plots.RangeChart
    rows: tuple[Row, ...]
    partly: str
    funnels: tuple[Funnel, ...]
    tick: Callable[[int], str]

    @staticmethod
    def rate(hundredths: int | None) -> str:
        """A rate per 1,000 workers as it prints."""
        if hundredths is None:
            return "–"
        return decimal_text(rounded(Fraction(hundredths, HUNDREDTHS), 1, "half_up"), 1)

    @staticmethod
    def rate_tick(hundredths: int) -> str:
        """The same on an axis."""
        return short(Fraction(hundredths, HUNDREDTHS))


def page(words: Words, ranking: Part, report: Part | None) -> Page:
    """The ranges of a ranking, and the complaints of a run report; NotFound without ranges."""
    ranges = ranking.get("ranges")
    if ranges is None:
        raise NotFound("This edition has no ranges.")
    rated = [one for one in ranking["entries"] if one["state"] == "rated"]
    shown = plots.evenly(rated)
    country = ranking["association"]["country"]
    return Page(
        pairs=pairs(ranges["pairs"]),
        places=places(ranges["places"], ranges["because"]),
        coverage=coverage(words.rubric.code),
        chart=plots.ranges(shown, _cuts(words), places=ranges["places"] == "printed"),
        rows=tuple(_row(words, country, one) for one in shown),
        partly=_partly(len(shown), len(rated)),
        funnels=tuple(_funnels(words, ranking, report)) if report else (),
        tick=lambda units: short(Fraction(units, 10**words.rubric.scale.decimals)),
    )


def pairs(pairs: Part) -> str:
    """How many pairs of agencies can be told apart, in a sentence."""
    if not pairs["all"]:
        return ""
    share = Fraction(100 * pairs["apart"], pairs["all"])
    return _("Of 100 pairs of agencies, %(number)s can be told apart.", number=_whole(share))


def _whole(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def places(places: str, because: str | None) -> str:
    """How places are given, and why."""
    if places == "printed":
        return _("Places are given, because the scores differ more than the ranges are wide.")
    if places == "ranges":
        return _("Places are given as ranges only, because many score ranges overlap.")
    if because == "sensitivity":
        return _("Only bands are given, no places: small changes of the rules would change many.")
    return _("Only bands are given, no places: the ranges are too wide to say who is before whom.")


def coverage(rubric: str) -> str:
    """How often the ranges of a code held the truth where it was tried, in a sentence."""
    measured = figures(rubric)
    if measured is None:
        return ""
    scores, places = (_whole(Fraction(tenths, 10)) for tenths in measured)
    return _(
        "We tested the ranges with invented agencies whose truth is known. The true score was"
        " within the range for %(scores)s of 100 agencies, the true place for %(places)s of 100.",
        scores=scores,
        places=places,
    )


def _cuts(words: Words) -> list[tuple[str, int]]:
    """Where bands begin, in units, named by stars or by the number itself."""
    rubric = words.rubric
    if rubric.banding.by != "points":
        return []
    unit = 10**rubric.scale.decimals
    return [
        (f"{band.stars}\u2605" if band.stars else short(band.cut), int(band.cut * unit))
        for band in rubric.bands
        if band.cut
    ]


def _row(words: Words, country: str, one: Part) -> Row:
    name, spoken = words.name(country, one["names"])
    score, (low, high) = one["score"], one["range"]["score"]
    return Row(
        name,
        spoken,
        words.number(score),
        words.number(low),
        words.number(high),
        _from_to(one["range"]["rank"]),
    )


def _from_to(places: Sequence[int] | None) -> str:
    if places is None:
        return ""
    best, worst = places
    return f"{best}" if best == worst else f"{best}\u2013{worst}"


def _partly(shown: int, rated: int) -> str:
    if shown == rated:
        return ""
    return _(
        "%(shown)s of %(all)s agencies are shown here.", shown=gapped(shown), all=gapped(rated)
    )


def _funnels(words: Words, ranking: Part, report: Part) -> Iterator[Funnel]:
    country = ranking["association"]["country"]
    names = {one["code"]: words.name(country, one["names"]) for one in ranking["entries"]}
    several = len(report["complaints"]) > 1
    for one in report["complaints"]:
        code, agencies = one["indicator"], one["agencies"]
        known = [each for each in agencies if each["raw"] is not None]
        outside = sorted(
            (each for each in known if each["outside"]), key=lambda each: -each["raw"]
        )[: plots.MOST // 2]
        inside = [each for each in known if not each["outside"]]
        listed = [*outside, *plots.evenly(inside, plots.MOST - len(outside))]
        yield Funnel(
            words.of("indicators", code, "question") if several else "",
            _chart(words, one),
            tuple(_rated(*names[each["code"]], each) for each in listed),
            _partly(len(listed), len(known)),
        )


def _chart(words: Words, one: Part) -> plots_funnel.FunnelChart:
    """The chart with lines, where all agencies have the same benchmark."""
    rule = next(each.rule for each in words.rubric.indicators if each.id == one["indicator"])
    if not isinstance(rule, Rate) or rule.peers or not rule.benchmark.mu:
        return plots_funnel.funnel(one["agencies"], None, None)
    usual, per, factor = rule.benchmark, rule.per, Fraction(one["spread"], 1000)
    told = HUNDREDTHS * WORKERS / per

    def lines(workers: Fraction) -> list[Fraction]:
        found = limits(usual.mu, usual.phi, factor, workers / per)
        return [told * limit for limit in found]

    return plots_funnel.funnel(one["agencies"], told * usual.mu, lines)


def _rated(name: str, spoken: str, one: Part) -> Rated:
    return Rated(
        name,
        spoken,
        gapped(_whole(Fraction(one["workers"]))),
        short(Fraction(one["events"])),
        Page.rate(one["raw"]),
        Page.rate(one["shrunk"]),
        one["outside"],
    )
