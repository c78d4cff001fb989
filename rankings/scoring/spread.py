"""How an answer could also have turned out: for each leaf the few values that a draw chooses from.

Answers to `level` indicators may be one option higher or lower: by Bayes' rule, from the chance
that such evidence errs and from where an agency's answers usually lie, binomially about their mean.
What workers say and complain of follows Beta and Gamma distributions; a measured number stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm

from rankings.scoring import quantiles
from rankings.scoring.evidence import NONE, Credit
from rankings.scoring.leaves import (
    Leaf,
    along,
    leaf,
    weighted_events,
    weighted_exposure,
)
from rankings.scoring.quantiles import Table
from rankings.scoring.record import Events, Record
from rankings.scoring.rubric import Ranges
from rankings.scoring.rules import Indicator, Level, Proportion, Rate
from rankings.scoring.score import Leaves, Scorecard, Scorer

# A draw is one of so many equally likely whole numbers.
CHANCES = 65_536
# So many of them share one value of a quantile table.
SHARED_BY = CHANCES // quantiles.ATOMS
ONE, HALF = Fraction(1), Fraction(1, 2)
# No agency is thought to be better or worse than this through and through.
LEAST = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Varying:
    """A leaf and its values.

    With `choices` there are three: the option below for draws under the first edge, the one above
    from the second on, else as found. With a `table` there are 64, each for 1,024 draws, in
    ten-thousandths of the indicator's best value.
    """

    place: int
    found: Leaf
    choices: tuple[Leaf, ...] = ()
    edges: tuple[int, int] = (0, CHANCES)
    table: Table = ()
    best: Fraction = ONE

    def chosen(self, draw: int) -> Leaf:
        """The value that a draw from 0 to 65,535 stands for."""
        if self.choices:
            return self.choices[(draw >= self.edges[0]) + (draw >= self.edges[1])]
        value = self.table[draw // SHARED_BY] * self.best.numerator
        return Leaf(value, value, self.unit, self.found.sure, self.found.basis, self.found.told)

    @property
    def unit(self) -> int:
        """What all values are whole numbers over."""
        if self.choices:
            return lcm(*(one.unit for one in self.choices))
        return quantiles.UNIT * self.best.denominator

    def credited(self, unit: int) -> list[int]:
        """What each value earns, over a multiple of `unit`."""
        if self.choices:
            return [one.credited * (unit // one.unit) for one in self.choices]
        times = self.best.numerator * (unit // self.unit)
        return [value * times for value in self.table]


@dataclass(frozen=True, slots=True)
class Spread:
    """One rated agency and all of it that may vary."""

    record: Record
    card: Scorecard
    as_of: date
    varying: tuple[Varying, ...]

    def tables(self, scorer: Scorer) -> dict[str, list[int]]:
        """The quantile tables in ten-thousandths of each indicator's best value."""
        return {scorer.codes[one.place]: list(one.table) for one in self.varying if one.table}


def spread(scorer: Scorer, record: Record, card: Scorecard, as_of: date) -> Spread:
    """What may vary of a rated scorecard; ValueError for one that is not rated."""
    ranges, workings = scorer.rubric.ranges, card.workings
    if ranges is None or workings is None:
        raise ValueError(f"{card.id} is {card.state}: there is nothing to vary")
    credit = scorer.credit(card.overclaimed)
    given = Given(record, credit, ranges, usual_level(scorer, workings.leaves))
    varying: list[Varying] = []
    for place, found in enumerate(workings.leaves):
        if found is not None:
            indicator = scorer.rubric.indicators[place]
            varying += _varying(indicator, place, found, given)
    return Spread(record, card, as_of, tuple(varying))


@dataclass(frozen=True, slots=True)
class Given:
    """What the values of a leaf depend on."""

    record: Record
    credit: Credit
    ranges: Ranges
    level: Fraction


def usual_level(scorer: Scorer, leaves: Leaves) -> Fraction:
    """The mean of an agency's answers to `level` indicators, as a share of the best one."""
    shares = [
        found.worth / (one.max or ONE)
        for one, found in zip(scorer.rubric.indicators, leaves, strict=True)
        if isinstance(one.rule, Level) and found is not None and found.basis != NONE
    ]
    mean = sum(shares, Fraction(0)) / len(shares) if shares else HALF
    return min(max(mean, LEAST), 1 - LEAST).limit_denominator(CHANCES)


def _varying(indicator: Indicator, place: int, found: Leaf, given: Given) -> Iterator[Varying]:
    rule = indicator.rule
    if isinstance(rule, Level):
        at = [option.id for option in rule.options].index(str(found.told[0])) if found.told else 0
        edges = _edges(at, len(rule.options) - 1, given.level, given.ranges.errors(found.basis))
        if edges != (0, CHANCES):
            yield Varying(place, found, _neighbours(rule, found, given.credit), edges)
    elif isinstance(rule, Proportion):
        good, asked = found.told
        if rule.m:
            yield _tabled(indicator, place, found, _voices(rule, Fraction(good), Fraction(asked)))
    elif isinstance(rule, Rate) and rule.shrunk and indicator.max is not None:
        yield _tabled(indicator, place, found, _rates(indicator, rule, given.record))


def _tabled(indicator: Indicator, place: int, found: Leaf, table: Table) -> Varying:
    return Varying(place, found, table=table, best=indicator.max or ONE)


@lru_cache(maxsize=quantiles.TABLES_KEPT)
def _edges(
    at: int, last: int, level: Fraction, errors: tuple[Fraction, Fraction]
) -> tuple[int, int]:
    """How many chances the option below has, and where those of the option above begin.

    `level` is the mean of the binomial distribution of true options, over `last`.
    """
    too_high, too_low = errors
    odds = level / (1 - level)
    # How common each neighbour is, as a multiple of the option itself.
    below = Fraction(at, last - at + 1) / odds
    above = Fraction(last - at, at + 1) * odds
    stays = 1 - (too_high if at < last else 0) - (too_low if at > 0 else 0)
    lower, higher = too_high * below, too_low * above
    whole = lower + stays + higher
    return int(lower / whole * CHANCES), CHANCES - int(higher / whole * CHANCES)


def _neighbours(rule: Level, found: Leaf, credit: Credit) -> tuple[Leaf, ...]:
    """One option lower, as found, one option higher; the ends stay where they are."""
    options = [option.id for option in rule.options]
    at, last = options.index(str(found.told[0])), len(options) - 1
    both = [rule.options[max(at - 1, 0)], rule.options[min(at + 1, last)]]
    lower, higher = (
        leaf(one.points, credit[found.basis], credit.sure(found.basis), found.basis, one.id)
        for one in both
    )
    return lower if at else found, found, higher if at < last else found


def _voices(rule: Proportion, good: Fraction, asked: Fraction) -> Table:
    """Beta(good + m p0, bad + m (1 - p0)): the answers asked and `m` usual ones."""
    least = Fraction(1, 1000)
    usual = rule.m * rule.p0
    return quantiles.beta(max(good + usual, least), max(asked - good + rule.m - usual, least))


def _rates(indicator: Indicator, rule: Rate, record: Record) -> Table:
    """Gamma(shape (y + k mu)/phi, rate (E + k)/phi) through the curve, lowest rate first."""
    given = record.events.get(indicator.id, Events((), ()))
    usual = rule.benchmark_of(record.facts.get(rule.peers_by or ""))
    events = weighted_events(indicator.id, rule, given) + usual.k * usual.mu
    base = weighted_exposure(indicator.id, rule, given) + usual.k
    times = events / base / usual.mu / quantiles.UNIT
    best = indicator.max or ONE
    curve = [(rate / times, value / best * quantiles.UNIT) for rate, value in rule.curve]
    table = quantiles.gamma(events / usual.phi)
    if not curve:
        return tuple(int(one * times / best * quantiles.UNIT + HALF) for one in table)
    return tuple(int(along(curve, Fraction(one)) + HALF) for one in table)
