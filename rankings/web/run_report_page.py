"""The sections of a run report in words: what each is, what to look at, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from rankings.scoring.exact import decimal_text
from rankings.scoring.rubric import Rubric
from rankings.web import plots, receipt_page, sensitivity_page
from rankings.web.languages import say as _
from rankings.web.run_report_rules import warnings
from rankings.web.run_report_section import Row, Section, part_word, percent, share
from rankings.web.words import Words, gapped, short

Part = Mapping[str, Any]

# A chance below this, in thousandths, is worth a look.
UNLIKELY = 50
# Parts that go together so closely (thousandths) measure nearly the same, or opposite things.
ALIKE, OPPOSED = 900, -200


def sections(words: Words, ranking: Part, report: Part) -> list[Section]:
    """Everything but the plots and the auditors, in the order of the page."""
    return [
        _bands(words, report["bands"]),
        _apart(words.rubric, ranking.get("ranges")),
        _rests(report["weight_checked"]),
        _claims(report["over_claims"]),
        _cuts(words, report["cuts"]),
        _pillars(words, report["pillars"]),
        _voice(words, report["voice"]),
        _outside(words, ranking, report["complaints"]),
        _rules(words, ranking, report),
        warnings(words, report["lint"]),
    ]


def _bands(words: Words, bands: Mapping[str, int]) -> Section:
    rated = sum(bands.values())
    return Section(
        "bands",
        _("Agencies per band"),
        _("A band that holds most agencies says little: look at its lines before the next cycle."),
        (_("Band"), _("Agencies"), _("Part of all")),
        tuple(
            Row(words.band(band), (gapped(many), percent(share(many, rated))), 2 * many > rated > 1)
            for band, many in bands.items()
        ),
    )


def _apart(rubric: Rubric, ranges: Part | None) -> Section:
    title = _("Who can be told apart")
    if ranges is None or rubric.ranges is None:
        return Section("apart", title, _("This code of conduct asks for no ranges."))
    rules, pairs = rubric.ranges, ranges["pairs"]
    about = _(
        "From %(printed)s on places are printed, below %(bands)s only bands are. More audits and"
        " more interviews raise these shares.",
        printed=percent(int(1000 * rules.places_from)),
        bands=percent(int(1000 * rules.place_ranges_from)),
    )
    apart = percent(share(pairs["apart"], pairs["all"]))
    rows = (
        Row(_("Differences that are more than chance"), (percent(ranges["rankability"]),)),
        Row(_("Pairs of agencies that can be told apart"), (apart,)),
    )
    return Section("apart", title, about, ("", _("Part of all")), rows)


def _rests(checked: Mapping[str, int | None]) -> Section:
    return Section(
        "rests",
        _("What the scores rest on"),
        _("Where much is said and not checked, plan more audits."),
        (_("What is known"), _("Share of the weight")),
        tuple(Row(receipt_page.source(basis), (percent(one),)) for basis, one in checked.items()),
    )


def _claims(found: Mapping[str, int]) -> Section:
    return Section(
        "claims",
        _("Claims that were too high"),
        _(
            "Of %(checked)s claims that were checked %(too_high)s were too high (%(share)s). Where"
            " many are, check more and explain the questions better.",
            checked=gapped(found["checked"]),
            too_high=gapped(found["too_high"]),
            share=percent(share(found["too_high"], found["checked"])),
        ),
    )


def _cuts(words: Words, cuts: Sequence[Part]) -> Section:
    return Section(
        "cuts",
        _("Close to a line"),
        _(
            "Chance puts as many just above a line as just below it. Where that is hardly likely,"
            " read the findings that lifted agencies last: who changed them, and on what?"
        ),
        (_("Band"), _("Up to a point below"), _("Up to a point above"), _("Chance")),
        tuple(
            Row(
                words.band(one["band"]),
                (gapped(one["below"]), gapped(one["above"]), percent(one["chance"])),
                one["chance"] < UNLIKELY,
            )
            for one in cuts
        ),
    )


def _pillars(words: Words, found: Part) -> Section:
    ids, table = found["ids"], found["correlations"]
    pairs = [(a, b, table[a][b]) for a, b in combinations(range(len(ids)), 2)]
    return Section(
        "pillars",
        _("Do the parts measure different things?"),
        _(
            "Near 1 both parts say the same: one would be enough. Below 0 agencies that do well in"
            " the one do badly in the other: ask why."
        ),
        (_("Parts"), _("Correlation")),
        tuple(
            Row(
                f"{part_word(words, ids[a])} – {part_word(words, ids[b])}",
                (_correlation(one),),
                one is not None and not OPPOSED <= one <= ALIKE,
            )
            for a, b, one in pairs
        ),
    )


def _correlation(thousandths: int | None) -> str:
    if thousandths is None:
        return "–"
    hundredths = Fraction((thousandths + 5) // 10, 100)
    return decimal_text(hundredths, 2).replace("-", "−")


def _voice(words: Words, voice: Sequence[Part]) -> Section:
    return Section(
        "voice",
        _("What workers said"),
        _(
            "Only questions that enough workers of at least three agencies answered. Where few"
            " answers are good, talk to all agencies, not to one."
        ),
        (_("Question"), _("Agencies"), _("Workers interviewed"), _("Good answers")),
        tuple(
            Row(
                words.of("indicators", one["indicator"], "question"),
                (
                    gapped(one["agencies"]),
                    gapped(one["asked"]),
                    percent(share(one["good"], one["asked"])),
                ),
            )
            for one in voice
        ),
    )


def _outside(words: Words, ranking: Part, complaints: Sequence[Part]) -> Section:
    rows = tuple(_beyond(words, ranking, complaints))
    about = _(
        "These agencies have more or fewer complaints than chance explains. Look at them first;"
        " that alone never lowers a score. With few workers a single complaint can do it, and"
        " few complaints may be silence."
    )
    if len(rows) > plots.MOST:
        shown, every = gapped(plots.MOST), gapped(len(rows))
        told = _("%(shown)s of %(all)s agencies are shown here.", shown=shown, all=every)
        about = f"{about} {told}"
    return Section(
        "outside",
        _("Complaints outside of the lines"),
        about,
        (_("Agency"), _("Workers"), _("Complaints"), _("Per 1,000"), _("Lines")),
        rows[: plots.MOST],
    )


def _beyond(words: Words, ranking: Part, complaints: Sequence[Part]) -> Iterator[Row]:
    """The furthest first; which of the lines stands last."""
    names = {one["code"]: one["names"] for one in ranking["entries"]}
    country = ranking["association"]["country"]
    for group in complaints:
        found = [one for one in group["agencies"] if one["outside"]]
        for one in sorted(found, key=lambda each: (each["outside"] == "95", -each["raw"])):
            name, spoken = words.name(country, names[one["code"]])
            cells = (
                gapped(round(Fraction(one["workers"]))),
                short(Fraction(one["events"])),
                short(Fraction(one["raw"], 100)),
                f"{one['outside']}\u00a0%",
            )
            yield Row(name, cells, one["outside"] != "95", spoken)


def _rules(words: Words, ranking: Part, report: Part) -> Section:
    found = sensitivity_page.page(words, ranking, report)
    moved = _("On average an agency moves by %(places)s places.", places=found.moved)
    return Section("rules", _("What if we had chosen other rules?"), f"{found.verdict} {moved}")
