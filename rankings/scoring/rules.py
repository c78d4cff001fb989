"""The indicators of a rubric and the rules that score them; every key: `docs/rubric.md`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer to a `level` indicator."""

    id: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Level:
    """One option out of several, in ascending order."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Numeric:
    """A measured value between two goalposts, linear or logarithmic."""

    worst: Fraction
    best: Fraction
    transform: str


@dataclass(frozen=True, slots=True)
class Proportion:
    """Good answers out of those asked, shrunk to the benchmark `p0` by `m` average answers."""

    shrunk: bool
    p0: Fraction
    m: Fraction
    min_respondents: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is usual: the rate `mu`, how much it counts (`k` x `per` units), and how lumpy.

    `phi` is the variance of the weighted count over its mean, 1 for single events of weight 1.
    """

    mu: Fraction
    k: Fraction
    phi: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per exposure, shrunk to a benchmark rate; `peers` have one of their own.

    `peers_by` is the field that says which peer group an agency is in; others have `benchmark`.
    """

    shrunk: bool
    benchmark: Benchmark
    per: Fraction
    severity: Mapping[str, Fraction]
    outcome: Mapping[str, Fraction]
    steps: tuple[Fraction, ...]
    curve: tuple[tuple[Fraction, Fraction], ...]
    peers_by: str | None = None
    peers: Mapping[str, Benchmark] = field(default_factory=dict)

    def benchmark_of(self, group: object) -> Benchmark:
        """That of a peer group, or the usual one."""
        return self.peers.get(group, self.benchmark) if isinstance(group, str) else self.benchmark


@dataclass(frozen=True, slots=True)
class Points:
    """A number as it stands; `min` and `max` are limits of what is accepted."""

    min: Fraction | None
    max: Fraction | None

    def takes(self, value: Fraction) -> bool:
        """Whether a value is within the limits; in whole numbers, since tables are long."""
        n, d = value.numerator, value.denominator
        low, high = self.min, self.max
        if low is not None and n * low.denominator < low.numerator * d:
            return False
        return high is None or n * high.denominator <= high.numerator * d


Rule = Level | Numeric | Proportion | Rate | Points


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf of the tree. `max` is the value of a perfect answer, None for open penalty points."""

    id: str
    parent: str
    weight: Fraction | None
    max: Fraction | None
    empty: str
    not_applicable: bool
    rule: Rule

    @property
    def type(self) -> str:
        """The word that the rubric file uses: level, numeric, proportion, rate or points."""
        return type(self.rule).__name__.lower()
