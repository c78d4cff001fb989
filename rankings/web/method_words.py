"""The words of a method report: bands, rules and what is missing, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from rankings.scoring.exact import decimal_text
from rankings.scoring.labels import Labels
from rankings.scoring.score import INSUFFICIENT, RATED, UNDER_REVIEW
from rankings.usecases import method_changes, method_movement, what_moved
from rankings.usecases.method_counts import Place
from rankings.web.languages import language
from rankings.web.languages import say as _


def reasons() -> dict[str, str]:
    """The reasons of the use case in the language of the page."""
    return {
        method_changes.NO_REPORT: _(
            "The last edition is by another version of the code. Make the method report first."
        ),
        method_changes.STALE: _(
            "Another edition has been published since, or the version has another text. Try again."
        ),
        method_changes.SAME: _("The last edition is by this very version: nothing changes."),
    }


class MethodWords:
    """What templates ask about a report; `known` are the labels of both rubrics, as far as known.

    What has no words is called by its code.
    """

    def __init__(self, body: Mapping[str, Any], *known: Labels) -> None:
        self._gone: Mapping[str, Mapping[str, Mapping[str, str]]] = body["words"]
        self._known = known
        self._decimals: int = body["decimals"]

    def _of(self, kind: str, code: str, *more: str) -> str:
        path = (kind, code, *more)
        for labels in self._known:
            if path in labels.texts:
                return labels.texts[path]
        texts = self._gone.get(kind, {}).get(code, {})
        return texts.get(language()) or next(iter(texts.values()), code)

    def place(self, place: Place) -> str:
        """A band, or the state of who has none."""
        kind, code = place
        if kind == "band":
            return self._of("bands", code, "label")
        return {
            RATED: _("Rated"),
            INSUFFICIENT: _("Not enough information to rate"),
            UNDER_REVIEW: _("Under review"),
        }.get(code) or self._of("states", code, "label")

    def question(self, code: str) -> str:
        """What an indicator asks."""
        return self._of("indicators", code, "question")

    def rule(self, kind: str, code: str) -> str:
        """What moved a score."""
        named = {
            what_moved.LIMITS: _("Limits on the band"),
            what_moved.ROUNDING: _("Rounding"),
            method_movement.OTHERS: _("All other rules"),
            "floor": _("Lowest value that counts"),
        }
        if kind == what_moved.INDICATOR:
            return self.question(code)
        return named.get(code) or self._of("adjust", code, "label")

    def number(self, units: int | None) -> str:
        """A score as it is printed."""
        if units is None:
            return "–"
        return decimal_text(Fraction(units, 10**self._decimals), self._decimals)

    def moved(self, units: int | None) -> str:
        """A movement, always with its sign."""
        text = self.number(units).replace("-", "−")
        return f"+{text}" if units and units > 0 else text

    def unfit(self, one: Mapping[str, Any]) -> str:
        """What of the old inputs the new rubric cannot use."""
        kind, code, value = one["kind"], one["code"], one["value"]
        if kind in ("cap", "state", "band"):
            return self._unknown(kind, code)
        what = self.question(code)
        return {
            "option": _(
                "%(what)s The answer “%(value)s” is no longer there.", what=what, value=value
            ),
            "value": _("%(what)s The number can no longer be taken.", what=what),
            "grade": _("%(what)s Such evidence is no longer used.", what=what),
            "type": _("%(what)s It is answered in another way now.", what=what),
            "mark": _("%(what)s “Does not apply” is no longer allowed.", what=what),
            "severity": _("%(what)s “%(value)s” is no longer a severity.", what=what, value=value),
            "outcome": _("%(what)s “%(value)s” is no longer an outcome.", what=what, value=value),
            "undivided": _(
                "%(what)s The old edition does not tell complaints apart so.", what=what
            ),
            "years": _("%(what)s The old edition does not go back so many years.", what=what),
            "field": _("The fact “%(what)s” is of another kind now.", what=code),
            "silence": _("%(what)s Without an answer there is no rating.", what=what),
        }[kind]

    def _unknown(self, kind: str, code: str) -> str:
        return {
            "cap": _(
                "The limit “%(what)s” is no longer there.", what=self._of("caps", code, "label")
            ),
            "state": _(
                "The state “%(what)s” is no longer there.", what=self.place(("state", code))
            ),
            "band": _("The former band “%(what)s” is not there.", what=self.place(("band", code))),
        }[kind]

    def lacking(self, body: Mapping[str, Any]) -> list[tuple[str, Sequence[str]]]:
        """What one rubric asks and the other does not, under headings."""
        found = body["lacking"]
        listed: list[tuple[str, str, Callable[[str], str]]] = [
            (_("Newly asked: no old answer"), "new_indicators", self._coded),
            (_("No longer asked"), "dropped_indicators", self._coded),
            (_("Answered in another way now: no old answer"), "other_type", self._coded),
            (_("Facts that the old edition does not hold"), "new_fields", str),
            (_("New limits: no old findings"), "new_caps", self._cap),
            (_("Limits that are gone"), "dropped_caps", self._cap),
        ]
        return [
            (heading, [said(code) for code in found[name]])
            for heading, name, said in listed
            if found[name]
        ]

    def _coded(self, code: str) -> str:
        question = self.question(code)
        return code if question == code else f"{code} {question}"

    def _cap(self, code: str) -> str:
        return self._of("caps", code, "label")
