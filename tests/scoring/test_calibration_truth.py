"""Estimates from agencies of known truth, and how well they foretell the next year."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

import pytest

from rankings.scoring.record import Count, Record
from tests.scoring.calibrated import NEVER, WEIGHTS, estimated, rate, sued

# Agencies of known truth: a rate from a gamma distribution, events by Poisson, weights by chance.

MU, K, AGENCIES = 10.0, 0.8, 300
SEVERE = {"minor": (1, 0.6), "moderate": (3, 0.3), "serious": (10, 0.1)}
SINGLE = {"minor": (1, 1.0)}
Kinds = dict[str, tuple[int, float]]


def phi_of(kinds: Kinds) -> float:
    mean = sum(weight * share for weight, share in kinds.values())
    return sum(weight**2 * share for weight, share in kinds.values()) / mean


def truths(random: Random, kinds: Kinds) -> list[tuple[float, float]]:
    """Exposure in thousands of workers, and the true rate of weighted events per thousand."""
    spread = phi_of(kinds) * MU / K
    found = []
    for _ in range(AGENCIES):
        size = math.exp(random.gauss(-0.3, 1))
        found.append((round(size, 3) + 0.01, random.gammavariate(MU**2 / spread, spread / MU)))
    return found


def year(random: Random, size: float, truth: float, kinds: Kinds) -> dict[str, int]:
    """How many events of each kind one year brings."""
    mean = sum(weight * share for weight, share in kinds.values())
    many = poisson(random, size * truth / mean)
    drawn = random.choices(list(kinds), [share for _, share in kinds.values()], k=many)
    return {kind: drawn.count(kind) for kind in kinds}


def poisson(random: Random, mean: float) -> int:
    """By waiting times."""
    many, waited = -1, 0.0
    while waited <= mean:
        waited += random.expovariate(1)
        many += 1
    return many


def record(size: float, counts: dict[str, int]) -> Record:
    return sued(round(1000 * size), *(Count(Fraction(n), kind) for kind, n in counts.items() if n))


def moments(records: Sequence[Record], k: object = 1) -> tuple[float, float, float]:
    (found,) = estimated(rate(mu=5, k=k, more=WEIGHTS), records)["rates"]
    mu, near, phi = (float(Fraction(found[key])) for key in NEVER)
    return mu, near, phi


@pytest.mark.parametrize("kinds", [SINGLE, SEVERE], ids=["single events", "weighed events"])
def test_known_numbers_come_back(kinds: Kinds) -> None:
    """From 300 agencies: mu within 20 %, k 40 %, phi 10 %; on average of eight rounds 10 %."""
    found = []
    for seed in range(8):
        random = Random(seed)
        records = [
            record(size, year(random, size, truth, kinds)) for size, truth in truths(random, kinds)
        ]
        found.append(moments(records))
        mu, k, phi = found[-1]
        assert mu == pytest.approx(MU, rel=0.2)
        assert phi == pytest.approx(phi_of(kinds), rel=0.1)
        assert k == pytest.approx(K, rel=0.4)
    means = [sum(one) / len(found) for one in zip(*found, strict=True)]
    assert means == pytest.approx([MU, K, phi_of(kinds)], rel=0.1)


def likeliest(sizes: Sequence[float], counts: Sequence[int]) -> tuple[float, float]:
    """Mean and k of the gamma-Poisson distribution that makes these counts likeliest."""

    def likelihood(mu: float, k: float) -> float:
        shape = k * mu
        return sum(
            math.lgamma(shape + many)
            - math.lgamma(shape)
            - math.lgamma(many + 1)
            + shape * math.log(k / (k + size))
            + many * math.log(size / (k + size))
            for size, many in zip(sizes, counts, strict=True)
        )

    mu, k = sum(counts) / sum(sizes), 1.0
    for _ in range(12):
        k = highest(lambda one, mu=mu: likelihood(mu, one), 0.01, 20)  # type: ignore[misc]
        mu = highest(lambda one, k=k: likelihood(one, k), 0.1, 100)  # type: ignore[misc]
    return mu, k


def highest(of: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one peak has it, on a logarithmic scale."""
    a, b, golden = math.log(low), math.log(high), (math.sqrt(5) - 1) / 2
    while b - a > 1e-3:
        left, right = b - golden * (b - a), a + golden * (b - a)
        a, b = (a, right) if of(math.exp(left)) > of(math.exp(right)) else (left, b)
    return math.exp((a + b) / 2)


def test_the_likelihood_says_nearly_the_same_as_the_moments() -> None:
    random = Random(11)
    made = truths(random, SINGLE)
    years = [year(random, size, truth, SINGLE)["minor"] for size, truth in made]
    mu, k, _ = moments(
        [record(size, {"minor": n}) for (size, _), n in zip(made, years, strict=True)]
    )
    likely = likeliest([size for size, _ in made], years)
    assert mu == pytest.approx(likely[0], rel=0.1)
    assert k == pytest.approx(likely[1], rel=0.3)
    assert likely == pytest.approx((MU, K), rel=0.3)


def deviance(seen: float, expected: float) -> float:
    """Of a Poisson count."""
    least = max(expected, 0.01)
    return 2 * ((seen * math.log(seen / least) if seen else 0) - (seen - least))


@pytest.mark.parametrize("seed", range(5))
def test_the_shrunk_rate_foretells_the_next_year_better_than_the_raw_rate(seed: int) -> None:
    random = Random(seed)
    made = truths(random, SEVERE)
    counts = [year(random, size, truth, SEVERE) for size, truth in made]
    mu, k, _ = moments([record(size, one) for (size, _), one in zip(made, counts, strict=True)])
    raw = shrunk = pooled = 0.0
    for (size, truth), one in zip(made, counts, strict=True):
        y, following = weighed(one), weighed(year(random, size, truth, SEVERE))
        raw += deviance(following, y)
        shrunk += deviance(following, size * (y + k * mu) / (size + k))
        pooled += deviance(following, size * mu)
    assert shrunk < 0.7 * raw
    assert shrunk < pooled


def weighed(counts: dict[str, int]) -> int:
    return sum(SEVERE[kind][0] * many for kind, many in counts.items())
