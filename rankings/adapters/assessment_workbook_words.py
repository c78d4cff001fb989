"""What stands in the workbook of a self-assessment: interface texts, and words of the rubric."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from unicodedata import normalize

from rankings.adapters.catalogues import LANGUAGES, translations
from rankings.adapters.edition_columns import short
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rubric import TOTAL, Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.scoring.source import Code

INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]")
Say = Callable[[str], str]
# How a workbook says that a question does not apply: the first is written, all are understood.
Ways = tuple[Callable[[Say], str], ...]


def N_(message: str) -> str:
    """Marks a text for the catalogues that is said elsewhere."""
    return message


@cache
def say(language: str) -> Say:
    """The interface texts of a language."""
    return translations(language).gettext


def _to_us(_: Say) -> str:
    return _("Does not apply to us")


TO_US: Ways = (_to_us,)


@cache
def does_not_apply(ways: Ways = TO_US) -> frozenset[str]:
    """What a workbook of any language says instead of `not_applicable`."""
    return frozenset(way(say(language)) for way in ways for language in LANGUAGES)


def folded(text: str) -> str:
    """The same for texts that look the same to a person."""
    return " ".join(INVISIBLE.sub("", normalize("NFKC", text)).casefold().split())


class Words:
    """Texts of the interface in the language, of the rubric in it or in the rubric's first one."""

    def __init__(self, code: Code, language: str, ways: Ways = TO_US) -> None:
        spoken = [one for one in (language, *code.rubric.languages) if one in code.labels]
        self.say, self._ways = say(language), ways
        self.language = spoken[0] if spoken else ""
        self._texts = code.labels[self.language].texts if spoken else {}

    def of(self, *path: str, otherwise: str = "") -> str:
        """The text at a path of the labels; a rubric may have none."""
        return self._texts.get(path, otherwise)

    def question(self, indicator: Indicator) -> str:
        """What is asked."""
        return self.of("indicators", indicator.id, "question", otherwise=indicator.id)

    def article(self, indicator: Indicator) -> str:
        """The part of the rubric that an indicator belongs to; empty for the whole."""
        parent = indicator.parent
        return "" if parent == TOTAL else self.of("nodes", parent, otherwise=parent)

    def choices(self, indicator: Indicator) -> dict[str, str]:
        """What can be chosen: values and their words, no two of which look the same."""
        found = dict(self._options(indicator))
        times = Counter(folded(label) for label in found.values())
        if indicator.not_applicable:
            found[NOT_APPLICABLE] = self._ways[0](self.say)
        taken = {folded(one) for one in (*found, *does_not_apply(self._ways))}
        return {
            value: f"{label} ({value})"
            if value != NOT_APPLICABLE
            and (times[folded(label)] > 1 or folded(label) in taken - {folded(value)})
            else label
            for value, label in found.items()
        }

    def _options(self, indicator: Indicator) -> list[tuple[str, str]]:
        if not isinstance(indicator.rule, Level):
            return []
        start = ("indicators", indicator.id, "options")
        return [
            (one.id, self.of(*start, one.id, "label", otherwise=one.id))
            for one in indicator.rule.options
        ]

    def limits(self, indicator: Indicator) -> str:
        """Between which numbers an answer lies."""
        _, rule = self.say, indicator.rule
        if isinstance(rule, Points) and rule.min is not None and rule.max is not None:
            ends = {"low": short(rule.min), "high": short(rule.max)}
            return _("A number from %(low)s to %(high)s") % ends
        return _("A number, such as 12.5")


def asked(rubric: Rubric) -> Sequence[Indicator]:
    """The indicators that an agency answers, article by article from the top of the tree."""
    return list(_below(rubric, TOTAL))


def _below(rubric: Rubric, node: str) -> list[Indicator]:
    found: list[Indicator] = []
    for child in rubric.children(node):
        if not isinstance(child, Indicator):
            found += _below(rubric, child.id)
        elif isinstance(child.rule, Level | Numeric | Points):
            found.append(child)
    return found


def headings(_: Say) -> dict[str, str]:
    """The columns of the answers by id."""
    return {
        "id": "№",
        "article": _("Article"),
        "question": _("Question"),
        "answer": _("Answer"),
        "note": _("Note"),
        "evidence": _("Evidence: names of files"),
        "accepted": _("What counts as evidence"),
        "answer_before": _("Answer as downloaded"),
        "note_before": _("Note as downloaded"),
        "evidence_before": _("Evidence handed in"),
    }


def facts(_: Say) -> dict[str, str]:
    """The lines of the first sheet by id."""
    return {
        "format": _("Form"),
        "association_name": _("Association"),
        "association": _("Code of the association"),
        "agency_name": _("Agency"),
        "agency": _("Code of the agency"),
        "cycle_name": _("Assessment cycle"),
        "cycle": _("Code of the cycle"),
        "rubric": _("Code of conduct"),
        "rubric_version": _("Version"),
        "rubric_sha256": _("SHA-256 of the code of conduct"),
        "language": _("Language"),
        "downloaded_at": _("Downloaded"),
    }


def steps(_: Say) -> Sequence[str]:
    """How to fill the workbook in, step by step."""
    return (
        _("Go to the sheet Answers. Fill in the white cells. All other cells are locked."),
        _("Answer: choose from the list of the cell, or type a number where one is asked."),
        _("Note: tell the reviewer what the answer alone does not say."),
        _("Evidence: type the names of the files, each on a line of its own, or with ; between."),
        _("Pack the files into one zip file, and hand it in together with this workbook."),
        _("Empty a cell to take back what stood there. A note needs an answer beside it."),
        _("You may sort and filter. Do not add or merge cells, and type no formulas."),
        _("Save as .xlsx. Upload the file where you downloaded it."),
        _("You will see every change before anything is saved."),
        _("The last columns show what stood there when you downloaded the workbook."),
    )
