"""A rubric with complaints, agencies that had some, and what a calibration makes of them."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from rankings.scoring.calibration import Calibration
from rankings.scoring.record import Count, Events, Record
from rankings.scoring.score import Scorer
from tests.scoring.builders import DAY, scorer_of

RATE = '[[indicators]]\nid = "r"\ntype = "rate"\ncurve = [[0, 100], [4, 0]]\nmu = {mu}\nk = {k}\n'
WEIGHTS = "severity = { minor = 1, moderate = 3, serious = 10 }\n"
# What is estimated of a rate, where nothing can be.
NEVER: dict[str, Any] = {"mu": None, "k": None, "phi": None}


def rate(mu: object = 2, k: object = 1, more: str = "") -> Scorer:
    return scorer_of(RATE.format(mu=mu, k=k) + more)


def sued(workers: float, *counts: Count, facts: dict[str, Any] | None = None) -> Record:
    """An agency with complaints."""
    events = {"r": Events(counts, [Fraction(workers)])}
    return Record(id="one", events=events, facts=facts or {})


def estimated(scorer: Scorer, records: Iterable[Record]) -> dict[str, Any]:
    found = Calibration(scorer.rubric)
    for one in records:
        found.add(one, scorer.score(one, DAY))
    return found.values()
