"""Who moved from one edition to the next, by how much and through what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import read
from rankings.usecases import edition_reading
from rankings.usecases.edition_parts import RANKING
from rankings.usecases.edition_reading import View
from rankings.usecases.what_moved import Change, changes

# So many reasons are named, the largest first.
REASONS = 3


@dataclass(frozen=True, slots=True)
class Mover:
    """One agency's line before and after; None where it is not listed.

    `why` is largest first; `rest` are the units that these do not tell.
    """

    code: str
    names: Mapping[str, str]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    why: tuple[Change, ...]
    rest: int = 0

    @property
    def by(self) -> int | None:
        """Units of the last decimal, where there is a score on both sides."""
        was, becomes = (one["score"] if one else None for one in (self.before, self.after))
        return None if was is None or becomes is None else int(becomes - was)

    @property
    def changes_band(self) -> bool:
        """Whether the band is another one, or there is one on one side only."""
        was, becomes = (one["band"] if one else None for one in (self.before, self.after))
        return bool(was != becomes)


def movers(before: View | None, after: View) -> list[Mover]:
    """Every agency whose line changes: other bands first, then the greatest movement.

    Reasons are told where both sides can be scored by the rubric of `after`.
    """
    old, new = _lines(before), _lines(after)
    scorer = Scorer(read(edition_reading.heading(after).source).rubric)
    cards = _cards(before, scorer), _cards(after, scorer)
    found = [
        Mover(
            code,
            (new.get(code) or old[code])["names"],
            old.get(code),
            new.get(code),
            why[:REASONS],
            sum(change.amount for change in why[REASONS:]),
        )
        for code in sorted(old.keys() | new.keys())
        if _differs(old.get(code), new.get(code))
        for why in [_why(scorer, cards[0].get(code), cards[1].get(code))]
    ]
    return sorted(found, key=lambda one: (not one.changes_band, -abs(one.by or 0), one.code))


def _lines(view: View | None) -> dict[str, Mapping[str, Any]]:
    if view is None:
        return {}
    return {one["code"]: one for one in view.part(RANKING)["entries"]}


def _differs(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    if old is None or new is None:
        return True
    return any(old[key] != new[key] for key in ("state", "score", "band"))


def _cards(view: View | None, scorer: Scorer) -> dict[str, Scorecard]:
    if view is None or _has_other_rubric(view, scorer):
        return {}
    as_of = edition_reading.heading(view).as_of
    listed = edition_reading.listed(view, scorer.rubric)
    return {one.record.id: scorer.score(one.record, as_of) for one in listed}


def _has_other_rubric(view: View, scorer: Scorer) -> bool:
    """Inputs of another version may not fit: the report on the method tells what it moved."""
    rubric = view.part(RANKING)["rubric"]
    known = (scorer.rubric.code, scorer.rubric.version)
    return (rubric["code"], rubric["version"]) != known


def _why(scorer: Scorer, one: Scorecard | None, other: Scorecard | None) -> tuple[Change, ...]:
    if one is None or other is None:
        return ()
    found = changes(scorer, one, other)
    return tuple(sorted(found, key=lambda change: -abs(change.amount)))
