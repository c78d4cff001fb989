"""The words of an edition's rubric in the language of the page, and numbers as they print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from babel.languages import get_official_languages
from flask_babel import format_date

from rankings.scoring.checks_tree import reach
from rankings.scoring.exact import decimal_text, rounded
from rankings.scoring.labels import Labels
from rankings.scoring.rubric import Band, Rubric
from rankings.scoring.source import Code, RubricSource, read
from rankings.web.languages import language
from rankings.web.languages import say as _

# Rubrics that are kept read; an edition's rubric never changes.
KEPT = 8
_kept: dict[str, Code] = {}


class Words:
    """What templates ask about a rubric."""

    def __init__(self, code: Code) -> None:
        self.rubric: Rubric = code.rubric
        # A rubric that lacks the page's language speaks its own first one.
        spoken = language() if language() in code.labels else code.rubric.languages[0]
        self.labels: Labels = code.labels[spoken]

    @cached_property
    def bands(self) -> dict[str, Band]:
        return {band.id: band for band in self.rubric.bands}

    def of(self, *path: str) -> str:
        """A label of the rubric."""
        return self.labels.of(*path)

    def band(self, code: str) -> str:
        """The word for a band."""
        return self.of("bands", code, "label")

    def stars(self, code: str) -> str:
        """A band's stars, full and empty; nothing where the rubric gives none."""
        full = self.bands[code].stars
        most = max((band.stars or 0 for band in self.rubric.bands), default=0)
        return "" if full is None else "★" * full + "☆" * (most - full)

    def state(self, code: str) -> str:
        """Why an agency is listed without a rating."""
        built_in = {
            "insufficient_evidence": _("Not enough information to rate"),
            "under_review": _("Under review"),
        }
        return built_in.get(code) or self.of("states", code, "label")

    @staticmethod
    def name(country: str, names: Mapping[str, str]) -> tuple[str, str]:
        """An agency's name in its country's language, and that language."""
        own = (get_official_languages(country, de_facto=True) or ("en",))[0]
        spoken = own if own in names else next(one for one in ("en", *names) if one in names)
        return names[spoken], spoken

    @staticmethod
    def other_name(name: str, names: Mapping[str, str]) -> str:
        """The name in the language of the page, else in English, if it is another one."""
        other = names.get(language()) or names.get("en", "")
        return "" if other == name else other

    def licence(self, licence: Mapping[str, Any]) -> str:
        """The state of a licence in words."""
        since, until = self.day(licence["since"]), licence["valid_until"]
        if licence["state"] == "valid":
            if until:
                return _("Licence valid until %(day)s", day=self.day(until))
            return _("Licence valid")
        return {
            "suspended": _("Licence suspended since %(day)s", day=since),
            "revoked": _("Licence taken away on %(day)s", day=since),
            "expired": _("Licence expired on %(day)s", day=since),
        }[licence["state"]]

    def best(self, part: str) -> Fraction:
        """The highest value that a node or indicator can have; 0 where it is not known."""
        found = next(one for one in self.rubric.parts() if one.id == part)
        return reach(self.rubric, found) or Fraction(0)

    def number(self, units: int) -> str:
        """Whole units of the last decimal as the printed number."""
        decimals = self.rubric.scale.decimals
        return decimal_text(Fraction(units, 10**decimals), decimals)

    def day(self, text: str) -> str:
        """An ISO date in words."""
        return str(format_date(date.fromisoformat(text), "long"))

    def exact(self, value: Fraction) -> str:
        """An exact value with the scale's decimals."""
        scale = self.rubric.scale
        return decimal_text(rounded(value, scale.decimals, scale.rounding), scale.decimals)


def short(value: Fraction) -> str:
    """A number with at most two decimals and no idle zeros."""
    text = decimal_text(rounded(value, 2, "half_up"), 2)
    return text.rstrip("0").rstrip(".")


def gapped(number: int) -> str:
    """A whole number with thin gaps between thousands."""
    return f"{number:,}".replace(",", "\u202f")


def words_of(digest: str, part: Mapping[str, Any]) -> Words:
    """The words of an edition; `digest` names the edition whose rubric part this is."""
    code = _kept.get(digest)
    if code is None:
        code = read(RubricSource(part["document"], part["labels"]))
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[digest] = code
    return Words(code)
