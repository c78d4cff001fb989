"""Invented answers and findings that lead to the points an agency is to reach.

Error diffusion: each answer takes the option nearest to what is still wanted, and what it gives
too much or too little is made up by those after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from rankings.invented.agencies import Agency, Cycle
from rankings.scoring.evidence import Credit, credits_of
from rankings.scoring.leaves import leaf_of
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Proportion, Rate
from rankings.scoring.tree import Tree

AUDIT, DOCUMENT, SELF, OUTDATED = "audit", "document", "self", "outdated"
# An aim must not need more than this share of what the answers can give.
FULL = 0.94
# The last answers take exactly what is wanted, so that the total comes out right.
STEADY = 10
DISPUTED_SHARE = 0.15
# The share of indicators that is checked, by the points aimed at, with straight lines between.
CHECKED = ((25.0, 0.15), (60.0, 0.55), (75.0, 0.75), (90.0, 0.94), (100.0, 0.97))


@dataclass(frozen=True, slots=True)
class Habits:
    """What stays with an agency from cycle to cycle, so that a new finding replaces each old one.

    `order` is the order in which indicators are checked; `exempt` do not apply and the auditor
    agrees; of `refused` it says so and the auditor does not agree; what is missing in all three
    is never answered. `desk` are checked by documents only, `outdated` by documents that expired.
    """

    order: tuple[str, ...]
    exempt: frozenset[str]
    refused: frozenset[str]
    desk: frozenset[str]
    outdated: frozenset[str]

    def grade(self, code: str) -> str:
        """On what evidence an indicator is known once it was checked."""
        if code in self.outdated:
            return OUTDATED
        return DOCUMENT if code in self.desk else AUDIT


@dataclass(frozen=True, slots=True)
class Item:
    """One answer to find; `reach` is what its best option adds to the total."""

    indicator: Indicator
    grade: str
    reach: float


@dataclass(frozen=True, slots=True)
class Found:
    """What is true of one indicator, on what evidence; disputed findings count nowhere."""

    value: str | int
    grade: str
    disputed: bool = False


class Teller:
    """Finds the answers of one association's agencies, the older cycle first."""

    def __init__(self, rubric: Rubric, seed: int) -> None:
        self.rubric, self.seed = rubric, seed
        self.tree = Tree(rubric)
        self.credits = credits_of(rubric.evidence)
        self.leaves = {one.id: leaf_of(one, rubric) for one in rubric.indicators}
        self.asked = {
            one.id: one for one in rubric.indicators if not isinstance(one.rule, Proportion | Rate)
        }
        self.best = rubric.scale.max
        self.limited = limited(rubric)
        # A cycle checks at least what the one before did.
        self._checked: dict[str, int] = {}

    def habits(self, agency: Agency) -> Habits:
        """The agency's habits; the same in every cycle."""
        random = agency.random(self.seed, "habits")
        order = random.sample(list(self.asked), len(self.asked))
        optional = [code for code in order if self.asked[code].not_applicable]
        claimed = [code for code in optional[:2] if random.random() < 0.5]
        refused = {code for code in claimed if random.random() < 0.2}
        exempt = frozenset(claimed) - refused
        skipped = {code for code in order[-4:] if random.random() < 0.1} - refused - self.limited
        order = [code for code in order if code not in exempt | skipped]
        # Articles with a limit of their own are always looked at, and so is what was refused.
        order.sort(key=lambda code: code not in self.limited | refused)
        desk = frozenset(code for code in order if random.random() < 0.12)
        papers = [code for code in order if code in desk - self.limited]
        outdated = frozenset(code for code in papers if random.random() < 0.12)
        return Habits(tuple(order), exempt, frozenset(refused), desk, outdated)

    def found(self, agency: Agency, cycle: Cycle, record: Record) -> dict[str, Found]:
        """The answers; `record` holds what is known otherwise: interviews and complaints."""
        habits, story = self.habits(agency), agency.story(cycle)
        disputed = self._disputed(habits, story)
        exempt = frozenset() if story == "silent" else habits.exempt
        shares = self._shares(exempt | disputed)
        credit = self.credits[story == "overclaims"]
        wanted = agency.aims[cycle.id] - self._known(record, credit, cycle, shares)
        for checked in range(self._least(agency, cycle, habits), len(habits.order) + 1):
            grades = _grades(habits, checked, story == "silent")
            items = self._items(grades, disputed, shares, credit)
            if wanted <= FULL * sum(item.reach for item in items):
                break
        self._checked[agency.licence] = checked
        random = agency.random(self.seed, "answers", cycle.id)
        found = dict(diffused(self._ordered(items, random), wanted, self.limited, random))
        for code in sorted(disputed):
            value = nearest(self.asked[code], random.uniform(0, 0.6))
            found[code] = Found(value, AUDIT, disputed=True)
        return found

    def _least(self, agency: Agency, cycle: Cycle, habits: Habits) -> int:
        """How many indicators are checked at least."""
        always = len(self.limited | habits.refused)
        usual = _many(agency.aims[cycle.id], len(habits.order))
        return max(always, usual, self._checked.get(agency.licence, 0))

    def _disputed(self, habits: Habits, story: str) -> frozenset[str]:
        """Findings that are checked in any case, from the first one that no limit needs."""
        usual = [code for code in habits.order if code not in self.limited | habits.refused]
        if story == "disputes_one":
            return frozenset(usual[:1])
        if story != "disputes_much":
            return frozenset()
        shares, taken, left = self._shares(()), list[str](), DISPUTED_SHARE
        for code in usual:
            if left > 0:
                taken.append(code)
                left -= shares[code] * float(self.asked[code].max or 0) / float(self.best)
        return frozenset(taken)

    def _shares(self, out: Collection[str]) -> dict[str, float]:
        """What a point of each indicator adds to the total when some do not count."""
        mask = tuple([one.id not in out for one in self.rubric.indicators])
        shares = self.tree.shape(mask).shares
        return {one.id: float(shares[self.tree.places[one.id]]) for one in self.rubric.indicators}

    def _known(
        self, record: Record, credit: Credit, cycle: Cycle, shares: Mapping[str, float]
    ) -> float:
        """The points that interviews and complaints give."""
        total = 0.0
        for code in [one.id for one in self.rubric.indicators if one.id not in self.asked]:
            leaf = self.leaves[code](record, credit, cycle.as_of)
            total += shares[code] * float(Fraction(leaf.credited, leaf.unit)) if leaf else 0.0
        return total

    def _items(
        self,
        grades: Mapping[str, str],
        disputed: Collection[str],
        shares: Mapping[str, float],
        credit: Credit,
    ) -> list[Item]:
        found = []
        for code, grade in grades.items():
            if code not in disputed:
                earned = float(credit[SELF if grade == OUTDATED else grade])
                best = float(self.asked[code].max or 0)
                found.append(Item(self.asked[code], grade, shares[code] * best * earned))
        return found

    def _ordered(self, items: Sequence[Item], random: Random) -> list[Item]:
        """Those with a limit first, the smallest last: they take up what is left over."""
        first = [item for item in items if item.indicator.id in self.limited]
        others = sorted(
            (item for item in items if item.indicator.id not in self.limited),
            key=lambda item: -item.reach,
        )
        start, end = others[:-STEADY], others[-STEADY:]
        random.shuffle(start)
        return [*first, *start, *end]


def limited(rubric: Rubric) -> frozenset[str]:
    """Indicators of nodes that a band asks for by name, and those beside a rate in its pillar."""
    named = {one.of for band in rubric.bands for one in band.requires if one.of}
    named |= {one.parent for one in rubric.indicators if isinstance(one.rule, Rate)}
    asked = (one for one in rubric.indicators if not isinstance(one.rule, Proportion | Rate))
    return frozenset(one.id for one in asked if one.parent in named)


def _many(aim: float, indicators: int) -> int:
    """How many indicators are checked."""
    for (low, few), (high, more) in zip(CHECKED, CHECKED[1:], strict=False):
        if aim <= high:
            place = max(0.0, (aim - low) / (high - low))
            return round(indicators * (few + (more - few) * place))
    return indicators


def _grades(habits: Habits, checked: int, silent: bool) -> dict[str, str]:
    """On what evidence each indicator is known; of a silent agency only what was checked is."""
    grades = {code: habits.grade(code) for code in habits.order[:checked]}
    if not silent:
        grades |= dict.fromkeys(habits.order[checked:], SELF)
    return grades


def diffused(
    items: Sequence[Item], wanted: float, exact: Collection[str], random: Random
) -> Iterator[tuple[str, Found]]:
    """The answers in turn, each near to what the ones from it on must reach on the average."""
    room = sum(item.reach for item in items)
    for at, item in enumerate(items):
        place = min(1.0, max(0.0, wanted / room)) if room else 0.0
        steady = item.indicator.id in exact or at >= len(items) - STEADY
        spread = 0.0 if steady else 0.05 + 0.8 * place * (1 - place)
        value = nearest(item.indicator, random.gauss(place, spread))
        wanted -= item.reach * full(item.indicator, value)
        room -= item.reach
        yield item.indicator.id, Found(value, item.grade)


def nearest(indicator: Indicator, place: float) -> str | int:
    """The option, or the whole number, nearest to a place between the worst 0 and the best 1."""
    rule = indicator.rule
    if isinstance(rule, Numeric):
        inside = min(1.0, max(0.0, place))
        return round(float(rule.worst) + inside * float(rule.best - rule.worst))
    if not isinstance(rule, Level):
        raise AssertionError(indicator.type)
    best = float(indicator.max or 1)
    return min(rule.options, key=lambda one: abs(float(one.points) / best - place)).id


def full(indicator: Indicator, value: str | int) -> float:
    """How full an answer is, from 0 to 1."""
    rule = indicator.rule
    if isinstance(rule, Numeric):
        return (float(value) - float(rule.worst)) / float(rule.best - rule.worst)
    if not isinstance(rule, Level):
        raise AssertionError(indicator.type)
    points = {one.id: one.points for one in rule.options}
    return float(points[str(value)] / (indicator.max or 1))
