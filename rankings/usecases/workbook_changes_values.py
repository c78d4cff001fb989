"""Answers as people type them into a sheet: words of a choice, numbers in many hands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from unicodedata import decimal, normalize

from rankings.scoring.exact import decimal_text, rounded
from rankings.scoring.labels import Labels
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.scoring.source import Code
from rankings.usecases.answers import Questions
from rankings.usecases.incoming import Given, Wrong

# Says a text of the interface in the reader's language, with the values of its placeholders.
Say = Callable[..., str]
Words = Mapping[tuple[str, str], set[str]]

INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]")
# Characters that a sheet cannot hold, or that hide what stands there; they are written as U+FFFD.
UNREADABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
SIGNS = str.maketrans({"．": ".", "。": ".", "，": ",", "、": ",", "−": "-", "－": "-", "＋": "+"})
GROUPS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
# Twelve hundred and fifty to some, one and a quarter to others.
UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)


def plain(message: str, **values: object) -> str:
    """The interface text as it stands in the code, in English."""
    return message % values if values else message


def folded(text: str) -> str:
    """The same for texts that look the same to a person."""
    return " ".join(INVISIBLE.sub("", normalize("NFKC", text)).casefold().split())


def as_in_a_sheet(text: str | None) -> str:
    """A stored text as it comes back from a sheet in which nobody touched it."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", UNREADABLE.sub("\ufffd", lines)).strip()


class Values:
    """What the cells of an answer mean. `language` is the one of the workbook."""

    def __init__(
        self, code: Code, language: str, does_not_apply: Collection[str], say: Say = plain
    ) -> None:
        self._questions = Questions(code)
        self._not_applicable = {folded(one) for one in (*does_not_apply, NOT_APPLICABLE)}
        self._say = say
        self.asked = self._questions.asked
        own = [code.labels[language]] if language in code.labels else []
        # The words that the workbook shows win over those of other languages.
        self._words = (_words(self.asked, own), _words(self.asked, code.labels.values()))

    def read(self, indicator: Indicator, text: str) -> str:
        """The value to store, empty for an empty cell; Wrong says what would be right."""
        if not text:
            return ""
        if indicator.not_applicable and folded(text) in self._not_applicable:
            return NOT_APPLICABLE
        if isinstance(indicator.rule, Level):
            return self._choice(indicator, indicator.rule, text)
        return self._checked(indicator, self._number(indicator, text))

    def lenient(self, indicator: Indicator, text: str) -> str:
        """The value that a cell was written for, or its text where the rubric knows it no more."""
        try:
            return self.read(indicator, text)
        except Wrong:
            return text

    def same(self, indicator: Indicator, one: str, other: str) -> bool:
        """Whether two values say the same; 12.50 is 12.5."""
        if one == other or isinstance(indicator.rule, Level):
            return one == other
        try:
            return Fraction(one) == Fraction(other)
        except (ValueError, ZeroDivisionError):
            return False

    def _choice(self, indicator: Indicator, rule: Level, text: str) -> str:
        if any(option.id == text for option in rule.options):
            return text
        for words in self._words:
            found = words.get((indicator.id, folded(text)), set())
            if len(found) == 1:
                return next(iter(found))
        raise Wrong("answer", self._limits(indicator))

    def _number(self, indicator: Indicator, text: str) -> str:
        typed = text.strip().translate(SIGNS)
        digits = "".join(str(decimal(one)) if one.isdecimal() else one for one in typed)
        digits = GROUPS.sub("", digits)
        if UNCLEAR.fullmatch(digits):
            _ = self._say
            raise Wrong("answer", _("Write the number without a sign between thousands."))
        digits = digits.replace(",", ".", 1)
        if not DECIMAL.fullmatch(digits):
            raise Wrong("answer", self._limits(indicator))
        return _shortest(digits)

    def _checked(self, indicator: Indicator, value: str) -> str:
        given = Given({"indicator": indicator.id, "answer": value}, str)
        try:
            return self._questions.answer(given, "answer")
        except Wrong:
            raise Wrong("answer", self._limits(indicator)) from None

    def _limits(self, indicator: Indicator) -> str:
        """What an answer must be, in the words of the page of its question."""
        _, rule = self._say, indicator.rule
        if isinstance(rule, Level):
            return _("Choose one of the answers.")
        if isinstance(rule, Points) and rule.min is not None and rule.max is not None:
            low, high = _short(rule.min), _short(rule.max)
            return _("A number from %(low)s to %(high)s", low=low, high=high)
        if isinstance(rule, Numeric) and rule.transform == "log":
            return _("A number above 0")
        return _("A number, such as 12.5")


def _words(asked: Mapping[str, Indicator], languages: Iterable[Labels]) -> Words:
    """The options by what may stand for them: the id, the label, and the label with the id."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    options = [
        (one.id, option.id)
        for one in asked.values()
        if isinstance(one.rule, Level)
        for option in one.rule.options
    ]
    for indicator, option in options:
        found[indicator, folded(option)].add(option)
    for labels in languages:
        for indicator, option in options:
            label = labels.of("indicators", indicator, "options", option, "label")
            for text in (label, f"{label} ({option})"):
                found[indicator, folded(text)].add(option)
    return found


def _shortest(digits: str) -> str:
    number = Decimal(digits)
    return f"{number.normalize():f}" if number else "0"


def _short(value: Fraction) -> str:
    return _shortest(decimal_text(rounded(value, 6, "half_up"), 6))
