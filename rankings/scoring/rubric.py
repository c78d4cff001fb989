"""What a rubric is: frozen values, numbers as exact fractions. Every key: `docs/rubric.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from rankings.scoring.conditions import Condition
from rankings.scoring.rules import Indicator

TOTAL = "total"
GRADES = ("audit", "document", "self")
BUILT_IN_STATES = ("insufficient_evidence", "under_review")
BUILT_IN_FACTS = ("points", "confidence", "interviews")
RESERVED = (TOTAL, "score", "id", "state", "previous_band", *BUILT_IN_FACTS)


@dataclass(frozen=True, slots=True)
class Scale:
    """Range and rounding of every published number."""

    max: Fraction = Fraction(100)
    decimals: int = 1
    rounding: str = "half_up"
    direction: str = "higher_is_better"

    @property
    def higher_is_better(self) -> bool:
        return self.direction == "higher_is_better"


@dataclass(frozen=True, slots=True)
class Ageing:
    """`grade` becomes a weaker one after `months`, or (None) past the evidence's expiry date."""

    grade: str
    becomes: str
    months: int | None


@dataclass(frozen=True, slots=True)
class Overclaim:
    """When unchecked claims lose credit because checked ones proved too high."""

    min_found: int
    rate_above: Fraction
    z: Fraction
    credit_self: Fraction
    ceiling: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each grade of evidence is worth; empty where a rubric has nothing to credit."""

    credit: Mapping[str, Fraction] = field(default_factory=dict)
    confidence: Mapping[str, Fraction] = field(default_factory=dict)
    ageing: tuple[Ageing, ...] = ()
    overclaim: Overclaim | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What an empty cell means, and how much may be missing (shares of the weight, 0 to 1)."""

    empty: str = "insufficient_evidence"
    min_applicable: Fraction = Fraction(0)
    min_applicable_total: Fraction = Fraction(0)
    disputed_above: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One step that moves a node's value when its condition holds."""

    id: str
    when: Condition | None
    add: Fraction
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class Node:
    """An inner part of the tree: a pillar, an article, or the total itself."""

    id: str
    parent: str | None
    weight: Fraction | None
    weights_sum: Fraction | None
    aggregate: str
    start: str | None
    floor: Fraction | None
    min_applicable: Fraction
    min_children: int
    round_to: Fraction | None
    adjust: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition of a band; `code` says which kind, for the receipt."""

    code: str
    of: str | None
    limit: Fraction | None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A class of the published result; `cut` is in points, or a cumulative share for quantiles."""

    id: str
    cut: Fraction | None
    stars: int | None
    requires: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Banding:
    """How bands are given: by cuts on the points, or by shares of the rated."""

    by: str = "points"
    buffer: Fraction = Fraction(0)
    within: str | None = None
    clamp: bool = True


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on the band whatever the points."""

    id: str
    ceiling: str
    findings: tuple[str, ...]
    months: int | None
    until: str | None
    relaxed_when: str | None
    relaxed_ceiling: str | None
    when: Condition | None


@dataclass(frozen=True, slots=True)
class State:
    """Listed by name, without score and rank."""

    id: str
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Field:
    """A further fact about an agency, for conditions and tie-breaks."""

    id: str
    type: str


@dataclass(frozen=True, slots=True)
class TieBreak:
    """What decides between equal scores before a place is shared."""

    of: str
    highest_first: bool


@dataclass(frozen=True, slots=True)
class RankRule:
    """On which number places are given, and how equals share one."""

    by: str = "published"
    ties: str = "shared"
    tie_break: tuple[TieBreak, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranges:
    """How sure a score is: so many draws, and how likely an option is one too high or too low.

    `shift` is the chance per grade of evidence that an answer is put down one option off, half of
    it too high; of claims (`self`) the share `over_claimed` is too high. A band below
    `borderline_below` of the draws is borderline. Places are printed from the rankability
    `places_from` on, as ranges from `place_ranges_from` on, else bands only.
    """

    draws: int = 2000
    shift: Mapping[str, Fraction] = field(default_factory=dict)
    over_claimed: Fraction = Fraction(1, 2)
    borderline_below: Fraction = Fraction(7, 10)
    places_from: Fraction = Fraction(7, 10)
    place_ranges_from: Fraction = Fraction(1, 2)

    def errors(self, grade: str) -> tuple[Fraction, Fraction]:
        """The chances that an answer on this evidence is put down too high, and too low."""
        chance = self.shift.get(grade, Fraction(0))
        too_high = chance * (self.over_claimed if grade == "self" else Fraction(1, 2))
        return too_high, chance - too_high


@dataclass(frozen=True, slots=True)
class Rubric:
    """A whole code of conduct, as read and checked by `rankings.scoring.parse`."""

    code: str
    version: str
    languages: tuple[str, ...]
    finding_codes: tuple[str, ...]
    scale: Scale
    evidence: Evidence
    missing: Missing
    nodes: tuple[Node, ...]
    indicators: tuple[Indicator, ...]
    banding: Banding
    bands: tuple[Band, ...]
    caps: tuple[Cap, ...]
    states: tuple[State, ...]
    fields: tuple[Field, ...]
    rank: RankRule
    ranges: Ranges | None = None

    def parts(self) -> Iterator[Node | Indicator]:
        """Every node and indicator, the total first."""
        yield from self.nodes
        yield from self.indicators

    def children(self, node: str) -> Iterator[Node | Indicator]:
        """Nodes first, then indicators, each in the order of the file."""
        yield from (child for child in self.nodes if child.parent == node)
        yield from (child for child in self.indicators if child.parent == node)

    @property
    def total(self) -> Node:
        return self.nodes[0]

    @property
    def pillars(self) -> tuple[Node | Indicator, ...]:
        return tuple(self.children(TOTAL))
