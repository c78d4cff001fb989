"""From points to a band: cuts and buffer, conditions, caps, and the published score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from rankings.scoring.evidence import months_after
from rankings.scoring.record import CapEvent, RecordError
from rankings.scoring.rubric import Cap, Requirement, Rubric

Met = Callable[[Requirement], bool]


@dataclass(frozen=True, slots=True)
class Limiter:
    """What holds the band down (or, for a buffer, up): its kind, code, and the best band left.

    `kind` is cap, condition, overclaim or buffer; `of` names the node of a condition. `amount` is
    published score minus points, carried by the one limiter that binds, 0 for the others.
    """

    kind: str
    code: str
    ceiling: int
    of: str | None = None
    amount: Fraction = Fraction(0)


class Cuts:
    """The cuts of a rubric; against a previous band each has its buffer."""

    def __init__(self, rubric: Rubric) -> None:
        self._sign = 1 if rubric.scale.higher_is_better else -1
        self._scale = 10**rubric.scale.decimals
        self._thresholds = {
            previous: self._with_buffer(rubric, previous)
            for previous in (None, *(band.id for band in rubric.bands))
        }
        self._last = len(rubric.bands) - 1
        self.edges = self._inside(rubric)

    def _with_buffer(self, rubric: Rubric, previous: str | None) -> list[Fraction | int | float]:
        """What must be reached for each band but the last: a rise needs more, a fall less."""
        before = next((at for at, one in enumerate(rubric.bands) if one.id == previous), None)
        found: list[Fraction | int | float] = []
        for at, band in enumerate(rubric.bands[:-1]):
            if band.cut is None:
                found.append(float("-inf"))
                continue
            buffer = rubric.banding.buffer if before is not None else Fraction(0)
            shift = buffer if before is not None and at < before else -buffer
            needed = (self._sign * band.cut + shift) * self._scale
            found.append(needed.numerator if needed.denominator == 1 else needed)
        return found

    def band(self, points: Fraction, previous: str | None) -> int:
        """The place of the band by cuts alone, 0 is the best.

        Raises RecordError where the previous band is not one of this rubric.
        """
        if previous not in self._thresholds:
            raise RecordError(f"previous band: {previous!r} is not a band of this rubric")
        units = self._sign * points.numerator * (self._scale // points.denominator)
        thresholds = self._thresholds[previous]
        at = self._last
        while at > 0 and units >= thresholds[at - 1]:
            at -= 1
        return at

    def threshold(self, band: int) -> int:
        """The least units of points that a band but the last needs without a buffer, rounded up."""
        needed = self._thresholds[None][band]
        return ceil(needed) if needed != float("-inf") else -(10**18)

    def _inside(self, rubric: Rubric) -> list[tuple[int | None, int | None]] | None:
        """Lowest and highest published units of each band; None where nothing is clamped."""
        if not rubric.scale.higher_is_better or not rubric.banding.clamp:
            return None
        cuts = [None if band.cut is None else int(band.cut * self._scale) for band in rubric.bands]
        highs = [None, *(None if cut is None else cut - 1 for cut in cuts[:-1])]
        return list(zip([*cuts[:-1], None], highs, strict=True)) if cuts else None

    def published(self, points: Fraction, band: int) -> Fraction:
        """The points, clamped into the band so that score, band and rank never contradict."""
        if self.edges is None:
            return points
        low, high = self.edges[band]
        units = points.numerator * (self._scale // points.denominator)
        if high is not None and units > high:
            return Fraction(high, self._scale)
        return Fraction(low, self._scale) if low is not None and units < low else points


def conditions(rubric: Rubric, start: int, met: Met) -> Iterator[Limiter]:
    """The conditions that fail at a band, each with the best band at which its kind holds."""
    bands = rubric.bands
    for failing in [one for one in bands[start].requires if not met(one)]:
        ceiling = next(
            at
            for at in range(start, len(bands))
            if all(
                met(one)
                for one in bands[at].requires
                if (one.code, one.of) == (failing.code, failing.of)
            )
        )
        yield Limiter("condition", failing.code, ceiling, failing.of)


def limited(
    rubric: Rubric, start: int, ceilings: list[Limiter], met: Met
) -> tuple[int, list[Limiter]]:
    """The final band from the band by points: under all ceilings, and its conditions hold."""
    found = list(ceilings)
    at = max([start, *(limiter.ceiling for limiter in ceilings)])
    for limiter in conditions(rubric, start, met):
        found.append(limiter)
        at = max(at, limiter.ceiling)
    while failing := list(conditions(rubric, at, met)) if at > start else []:
        known = {(one.code, one.of) for one in found}
        found += [one for one in failing if (one.code, one.of) not in known]
        at = max(one.ceiling for one in failing)
    return at, found


def cap_ceiling(rubric: Rubric, cap: Cap, event: CapEvent, as_of: date) -> int | None:
    """The place of the best band that a recorded finding leaves on a day; None once it ended.

    A cap is in force on the last day of its months. Findings after `as_of` do not count yet.
    """
    if event.found_on and event.found_on > as_of:
        return None
    met = event.met_on is not None and event.met_on <= as_of
    if cap.until and met:
        return None
    if cap.months and event.found_on and months_after(event.found_on, cap.months) < as_of:
        return None
    ceiling = cap.relaxed_ceiling if cap.relaxed_ceiling and met else cap.ceiling
    return place_of(rubric, ceiling)


def place_of(rubric: Rubric, band: str) -> int:
    """The place of a band by its id, 0 is the best."""
    return next(at for at, each in enumerate(rubric.bands) if each.id == band)


def with_amount(limiters: list[Limiter], final: int, amount: Fraction) -> list[Limiter]:
    """The limiters with the whole amount on the first one that binds, or on a buffer line."""
    binding = next((one for one in limiters if one.ceiling == final), None)
    carries = binding or Limiter("buffer", "buffer", final)
    carrier = Limiter(carries.kind, carries.code, carries.ceiling, carries.of, amount)
    if binding is None:
        return [*limiters, carrier]
    return [carrier if one is binding else one for one in limiters]
