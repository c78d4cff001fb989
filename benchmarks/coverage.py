"""How often the ranges contain the truth: agencies whose truth is known, seen through a rubric.

    .venv/bin/python -m benchmarks.coverage [--rounds 40] [--agencies 100] [--rubric coc-vn-1.0.0]

The truth model, one round after the other:

- An agency has a quality q ~ N(0.72, 0.12), and sends between 60 and 4,800 workers a year.
- The true option of each question is q plus N(0, 0.18), rounded to the nearest option.
- Each agency over-claims by its own habit: with a chance of 0.05, 0.15 or 0.35 a claim is one
  option too high; with 0.05 it is one too low.
- About three quarters of the answers are checked, 70 % of these at a visit, the rest on paper. An
  auditor errs by one option with a chance of 0.05 at a visit and of 0.10 on paper.
- Of the workers a share drawn from a Beta distribution would answer well. Its mean is the
  benchmark of the question plus half of q - 0.72, its weight that of 15 workers. 5 to 30 are asked.
- The true complaint rate is Gamma distributed about the benchmark, as lumpy as the rubric says.
  Complaints are a Poisson number at that rate, each with its severity and outcome, so that the
  weighted counts are overdispersed.

The true score is what the same rubric gives where every answer that counts stands at its true
option on the same evidence, workers' shares and complaint rates are the true ones, and the band has
no buffer. The range is made from what was seen.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import exp
from pathlib import Path
from random import Random
from statistics import pstdev

from rankings import rehearsal
from rankings.scoring import ranges
from rankings.scoring.conditions import Fact
from rankings.scoring.leaves import Leaf, along, leaf
from rankings.scoring.ranges_fast import fast
from rankings.scoring.rank import rank, standing
from rankings.scoring.record import Answer, Asked, Count, Events, Record
from rankings.scoring.rules import Indicator, Level, Proportion, Rate
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.spread import Spread, spread

RUBRICS = Path(__file__).resolve().parent.parent / "fixtures" / "rubrics"
AS_OF = date(2026, 6, 30)
QUALITY, QUALITY_SPREAD, ANSWER_SPREAD = 0.72, 0.12, 0.18
OVER_CLAIMS, UNDER_CLAIM = (0.05, 0.15, 0.35), 0.05
CHECKED, VISITED = 0.75, 0.7
ERRS = {"audit": 0.05, "document": 0.10}
WORKERS, LEAST_ASKED, MOST_ASKED = 15, 5, 30
SEVERE = {"minor": 0.6, "moderate": 0.3, "serious": 0.1}
ENDED = {"substantiated": 0.7, "remedied": 0.3}


@dataclass(slots=True)
class Agency:
    """What is true of an agency, and what was seen of it."""

    code: str
    quality: float
    boasts: float
    workers: int
    options: dict[str, str] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    interviews: dict[str, Asked] = field(default_factory=dict)
    events: dict[str, Events] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """What was seen."""
        facts: dict[str, Fact] = {"returned": "yes", "licence": "valid"}
        facts |= {"months_licensed": Fraction(90), "workers_24_months": Fraction(2 * self.workers)}
        return Record(self.code, self.answers, self.interviews, self.events, facts=facts)


@dataclass(frozen=True, slots=True)
class Hits:
    """How many true scores and places lay in their ranges, of so many; and how wide these were."""

    scores: int
    ranks: int
    agencies: int
    score_width: int
    rank_width: int


def agency(scorer: Scorer, number: int, random: Random) -> Agency:
    """One agency and what is seen of it."""
    made = Agency(
        f"XX-{number:04}",
        random.gauss(QUALITY, QUALITY_SPREAD),
        random.choice(OVER_CLAIMS),
        int(60 * exp(random.random() * 4.4)),
    )
    for one in scorer.rubric.indicators:
        if isinstance(one.rule, Level):
            _answered(made, one, one.rule, random)
        elif isinstance(one.rule, Proportion):
            _asked(made, one, one.rule, random)
        elif isinstance(one.rule, Rate):
            _complained(made, one, one.rule, random)
    return made


def _answered(made: Agency, one: Indicator, rule: Level, random: Random) -> None:
    last = len(rule.options) - 1
    true = min(last, max(0, round(random.gauss(made.quality, ANSWER_SPREAD) * last)))
    made.options[one.id] = rule.options[true].id
    draw = random.random()
    claim = true + (draw < made.boasts) - (draw > 1 - UNDER_CLAIM)
    given = [(claim, "self")]
    if random.random() < CHECKED:
        grade = "audit" if random.random() < VISITED else "document"
        error = random.choice((-1, 1)) if random.random() < ERRS[grade] else 0
        given.append((true + error, grade))
    made.answers[one.id] = [
        Answer(rule.options[min(last, max(0, at))].id, grade, AS_OF) for at, grade in given
    ]


def _asked(made: Agency, one: Indicator, rule: Proportion, random: Random) -> None:
    mean = min(0.97, max(0.03, float(rule.p0) + (made.quality - QUALITY) / 2))
    share = random.betavariate(WORKERS * mean, WORKERS * (1 - mean))
    asked = random.randint(LEAST_ASKED, MOST_ASKED)
    made.shares[one.id] = share
    made.interviews[one.id] = Asked(sum(random.random() < share for _ in range(asked)), asked)


def _complained(made: Agency, one: Indicator, rule: Rate, random: Random) -> None:
    usual = rule.benchmark
    shape, scale = float(usual.k * usual.mu / usual.phi), float(usual.phi / usual.k)
    made.rates[one.id] = rate = random.gammavariate(shape, scale)
    counts = [
        Count(Fraction(1), _one_of(SEVERE, random), _one_of(ENDED, random), step)
        for step in range(len(rule.steps))
        for _ in range(_poisson(rate / _mean_weight(rule) * made.workers / float(rule.per), random))
    ]
    made.events[one.id] = Events(counts, [Fraction(made.workers)] * len(rule.steps))


def _mean_weight(rule: Rate) -> float:
    severity = sum(float(rule.severity[kind]) * share for kind, share in SEVERE.items())
    return severity * sum(float(rule.outcome[kind]) * share for kind, share in ENDED.items())


def _one_of(shares: Mapping[str, float], random: Random) -> str:
    return random.choices(list(shares), list(shares.values()))[0]


def _poisson(mean: float, random: Random) -> int:
    """Waiting times until the year is over."""
    number, time = 0, random.expovariate(1.0)
    while time < mean:
        number, time = number + 1, time + random.expovariate(1.0)
    return number


def truth(scorer: Scorer, made: Agency, seen: Spread) -> Scorecard:
    """The scorecard with every leaf at its true value."""
    workings = seen.card.workings
    leaves = [
        found and _true(scorer, made, one, found, seen.card.overclaimed)
        for one, found in zip(
            scorer.rubric.indicators, workings.leaves if workings else (), strict=True
        )
    ]
    return scorer.again(made.record, AS_OF, seen.card, leaves)


def _true(scorer: Scorer, made: Agency, one: Indicator, found: Leaf, overclaimed: bool) -> Leaf:
    rule, best, certain = one.rule, one.max or Fraction(0), Fraction(*found.sure)
    credit = scorer.credit(overclaimed)
    if isinstance(rule, Level) and one.id in made.options:
        points = {option.id: option.points for option in rule.options}
        option = made.options[one.id]
        return leaf(points[option], credit[found.basis], certain, found.basis, option)
    if isinstance(rule, Proportion):
        share = Fraction(made.shares[one.id]).limit_denominator(10_000)
        return leaf(best * share, Fraction(1), certain, found.basis, *found.told)
    if isinstance(rule, Rate):
        rate = Fraction(made.rates[one.id]).limit_denominator(10_000)
        value = along(rule.curve, rate / rule.benchmark.mu)
        return leaf(value, Fraction(1), certain, found.basis, *found.told)
    return found


def hits(scorer: Scorer, agencies: int, seed: int) -> Hits:
    """One round: so many agencies seen, rated, and compared with the truth."""
    random = Random(seed)
    made = [agency(scorer, number, random) for number in range(agencies)]
    seen = dict(_seen(scorer, made))
    scored = [one for one in made if one.code in seen]
    true = {one.code: truth(scorer, one, seen[one.code]) for one in scored}
    spreads = [seen[one.code] for one in scored]
    places = [
        rank(scorer.rubric, [one for card in cards if (one := standing(scorer.rubric, card))])
        for cards in ([one.card for one in spreads], list(true.values()))
    ]
    found = ranges.ranges(scorer, spreads, places[0], seed, fast(scorer)).agencies
    units = 10**scorer.rubric.scale.decimals
    within_score = [
        one.score[0] <= (true[code].published or 0) * units <= one.score[1]
        for code, one in found.items()
    ]
    within_rank = [
        one.rank[0] <= (places[1][code].rank or 0) <= one.rank[1] for code, one in found.items()
    ]
    widths = sorted(one.score[1] - one.score[0] for one in found.values())
    moves = sorted(one.rank[1] - one.rank[0] for one in found.values())
    half = len(found) // 2
    return Hits(sum(within_score), sum(within_rank), len(found), widths[half], moves[half])


def _seen(scorer: Scorer, made: list[Agency]) -> Iterator[tuple[str, Spread]]:
    for one in made:
        card = scorer.score(one.record, AS_OF)
        if card.workings is not None:
            yield one.code, spread(scorer, one.record, card, AS_OF)


def main() -> None:
    parser = argparse.ArgumentParser(description="How often ranges contain the truth.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument("--rubric", default="coc-vn-1.0.0")
    options = parser.parse_args()
    scorer = Scorer(rehearsal.load(RUBRICS / options.rubric).rubric)
    rounds = [hits(scorer, options.agencies, seed) for seed in range(1, options.rounds + 1)]
    _print("scores", [(one.scores, one.agencies) for one in rounds])
    _print("places", [(one.ranks, one.agencies) for one in rounds])
    middle = len(rounds) // 2
    width = sorted(one.score_width for one in rounds)[middle]
    places = sorted(one.rank_width for one in rounds)[middle]
    print(f"median width: {width} units of score, {places} places of {options.agencies}")


def _print(name: str, counted: list[tuple[int, int]]) -> None:
    within, agencies = (sum(column) for column in zip(*counted, strict=True))
    shares = [each / of for each, of in counted]
    spread_of_rounds = pstdev(shares)
    print(
        f"{name}: {100 * within / agencies:.1f} % of {agencies} lie in their 90 % range "
        f"(standard deviation of rounds {100 * spread_of_rounds:.1f})"
    )


if __name__ == "__main__":
    main()
