"""What a run report says of the code of conduct itself: warnings, and numbers for its next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from rankings.scoring import lint
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Rate
from rankings.web import receipt_page
from rankings.web.languages import say as _
from rankings.web.run_report_section import Row, Section, part_word, percent
from rankings.web.words import Words, gapped, short

Part = Mapping[str, Any]


def warnings(words: Words, found: Sequence[Part]) -> Section:
    """What in the rubric tells agencies apart badly."""
    return Section(
        "warnings",
        _("Warnings about the code of conduct"),
        _("They hinder nothing. Think about them when you make the next version."),
        (_("What it is about"), _("Warning")),
        tuple(Row(_about(words, one), (_warning(one),)) for one in found),
        "words",
    )


def _about(words: Words, one: Part) -> str:
    return words.band(one["code"]) if one["kind"] == lint.CROWDED else part_word(words, one["code"])


def _warning(one: Part) -> str:
    share = percent(one["share"])
    return {
        lint.SAME_EVERYWHERE: _("Every agency has the same value here. Ask more exactly."),
        lint.DECIDES_ALONE: _(
            "Makes %(share)s of the differences between agencies. Give it less weight.",
            share=share,
        ),
        lint.CROWDED: _("Holds %(share)s of the rated agencies. Move its lines.", share=share),
    }[one["kind"]]


def estimates(words: Words, found: Part) -> Section:
    """What the round says of numbers that the code of conduct fixes, beside what it says now."""
    return Section(
        "estimates",
        _("Estimates for the next version"),
        _(
            "What this round says of numbers that the code of conduct fixes. The running version"
            " keeps its own; where both differ much, change the next one."
        ),
        (_("Figure"), _("Now"), _("Estimate"), _("Rests on")),
        (*_credits(words.rubric, found["credit"]), *_rates(words, found["rates"])),
    )


def _credits(rubric: Rubric, credit: Part) -> Iterator[Row]:
    for grade, pairs in credit["pairs"].items():
        yield Row(
            _("Credit: %(what)s", what=receipt_page.source(grade)),
            (
                _number(rubric.evidence.credit.get(grade)),
                _number(credit[grade]),
                _("%(many)s pairs", many=gapped(pairs)),
            ),
        )


def _rates(words: Words, rates: Sequence[Part]) -> Iterator[Row]:
    rules = {one.id: one.rule for one in words.rubric.indicators}
    for one in rates:
        rule = rules[one["indicator"]]
        if not isinstance(rule, Rate):
            continue
        usual = rule.benchmark_of(one["group"])
        about = words.of("indicators", one["indicator"], "question")
        for name in ("mu", "k", "phi"):
            sign = {"mu": "μ", "k": "k", "phi": "φ"}[name]
            where = f"{sign}, {one['group']}" if one["group"] else sign
            yield Row(
                f"{about} ({where})",
                (
                    _number(getattr(usual, name)),
                    _number(one[name]),
                    _("%(many)s agencies", many=gapped(one["agencies"])),
                ),
            )


def _number(value: Fraction | str | None) -> str:
    return "–" if value is None else short(Fraction(value))
