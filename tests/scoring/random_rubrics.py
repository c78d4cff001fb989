"""Rubrics of every kind, and random records for each: the material of the property tests."""

from fractions import Fraction
from random import Random
from typing import Any

from rankings.scoring.parse import parse
from rankings.scoring.record import (
    DISPUTED,
    NOT_APPLICABLE,
    Answer,
    Asked,
    Count,
    Events,
    Record,
)
from rankings.scoring.score import Scorer
from tests.scoring.builders import EVIDENCE, tables, tens
from tests.scoring.worked import document

OPTIONS = """options = [
  { id = "no", points = 0 }, { id = "some", points = 35.5 }, { id = "yes", points = 100 },
]
"""
CUTS = "".join(
    f'[[bands]]\nid = "{name}"\nat_least = {cut}\n'
    for name, cut in (("a", 80), ("b", 60.5), ("c", 33.3), ("d", 0))
)


def _levels(*codes: str, parent: str, more: str = "") -> str:
    return "".join(
        f'[[indicators]]\nid = "{code}"\nparent = "{parent}"\ntype = "level"\n{more}\n{OPTIONS}'
        for code in codes
    )


NA = "not_applicable = true"
TWO = '[[nodes]]\nid = "p"\n{}\n[[nodes]]\nid = "q"\n{}\n'

ROUNDED = (
    '[scale]\ndecimals = 2\nrounding = "half_even"\n'
    + EVIDENCE
    + "[missing]\nmin_applicable = 0.5\n[total]\nweights_sum = 3.5\n"
    + TWO.format("weight = 2.5\nround_to = 1", "weight = 1\nround_to = 0.1")
    + _levels("l1", "l2", "l3", parent="p", more=NA)
    + '[[indicators]]\nid = "n1"\nparent = "q"\ntype = "numeric"\nworst = 90\nbest = 7\n'
    + '[[indicators]]\nid = "n2"\nparent = "q"\ntype = "numeric"\nworst = 10\nbest = 7000\n'
    + 'transform = "log"\n[banding]\nbuffer = 0.5\n'
    + CUTS
)

SUMS = (
    EVIDENCE
    + '[total]\naggregate = "sum"\n'
    + TWO.format('aggregate = "sum"', 'aggregate = "sum"')
    + tens("s1", "s2", parent="p", more=f"weight = 0.5\n{NA}", high=50)
    + tens("s3", "s4", "s5", parent="q", more=f"weight = 1\n{NA}", high=10)
    + '[[indicators]]\nid = "v"\nparent = "q"\ntype = "proportion"\np0 = 0.61\nm = 7\nmax = 20\n'
    + "weight = 1\nmin_respondents = 3\n"
    + CUTS
)


def _geometric(more: str) -> str:
    return (
        f'{EVIDENCE}[total]\naggregate = "geometric"\nweights_sum = 7\n{more}\n'
        + TWO.format("weight = 3", f'weight = 4\naggregate = "geometric"\n{more}')
        + _levels("l1", "l2", parent="p", more=NA)
        + _levels("l3", "l4", parent="q", more=NA)
        + tens("x", parent="q", more=NA)
        + CUTS
    )


STEPS = (
    EVIDENCE
    + '[total]\naggregate = "start"\nstart = "p"\nadjust = [\n'
    + '{ id = "up", when = { of = "q", at_least = 60 }, add = 3.37 },\n'
    + '{ id = "more", when = { of = "l1", above = 30 }, add = 1.13 },\n'
    + '{ id = "down", when = { of = "l2", is = 0 }, add = -20.04 },\n'
    + '{ id = "least", when = { of = "x", below = 50 }, add = -0.34 },\n'
    + '{ id = "limits", at_least = 0, at_most = 100 },\n]\nround_to = 0.0001\n'
    + TWO.format('round_to = 0.01\nadjust = [{ id = "lift", add = 0.36 }]', "round_to = 0.5")
    + _levels("l1", "l2", "l4", parent="p", more=NA)
    + _levels("l3", parent="q")
    + tens("x", parent="q", more=NA)
    + CUTS
)

PENALTIES = (
    '[scale]\ndirection = "lower_is_better"\ndecimals = 0\n[total]\naggregate = "sum"\n'
    + '[[nodes]]\nid = "p"\naggregate = "sum"\n'
    + '[[indicators]]\nid = "o"\nparent = "p"\ntype = "points"\nmin = 0\n'
    + tens("x", "y", parent="p", high=25, more=NA)
    + '[[indicators]]\nid = "r"\ntype = "rate"\nshrunk = false\nsteps = [1, 0.5, 0.25]\n'
    + "severity = { minor = 1, moderate = 3 }\noutcome = { proven = 1, remedied = 0.5 }\n"
    + '[[bands]]\nid = "fine"\nat_most = 15\neach_at_most = 9\n[[bands]]\nid = "bad"\n'
)

DOCUMENTS: dict[str, dict[str, Any]] = {
    "worked": document(),
    "rounded": tables(ROUNDED),
    "sums": tables(SUMS),
    "geometric": tables(_geometric("")),
    "floored": tables(_geometric("floor = 1.5")),
    "steps": tables(STEPS),
    "penalties": tables(PENALTIES),
}
SCORERS = {name: Scorer(parse(each)) for name, each in DOCUMENTS.items()}


class Maker:
    """Random records for one rubric; the same seed gives the same records."""

    def __init__(self, name: str, seed: int) -> None:
        self.name, self.random, self.scorer = name, Random(seed), SCORERS[name]
        self.entries: list[dict[str, Any]] = DOCUMENTS[name]["indicators"]
        self.grades = list(DOCUMENTS[name].get("evidence", {}).get("credit", {"audit": 1}))
        self.bands = [band["id"] for band in DOCUMENTS[name]["bands"]]

    def records(self, number: int) -> list[Record]:
        return [self.record(f"r{at}") for at in range(number)]

    def record(self, code: str) -> Record:
        """Silence, marks and answers of every kind in turn."""
        parts: dict[str, dict[str, Any]] = {"answers": {}, "interviews": {}, "events": {}}
        marks: dict[str, str] = {}
        for entry in self.entries:
            self._mark(entry, marks)
            # Where a penalty is open, silence has no value and is refused.
            is_open = entry["type"] == "points" and "max" not in entry
            if is_open or self.random.random() < 0.9:
                kind = {"proportion": "interviews", "rate": "events"}.get(entry["type"], "answers")
                parts[kind][entry["id"]] = getattr(self, entry["type"])(entry)
        previous = self.random.choice([None, *self.bands])
        return Record(
            code,
            parts["answers"],
            parts["interviews"],
            parts["events"],
            marks,
            previous_band=previous,
        )

    def _mark(self, entry: dict[str, Any], marks: dict[str, str]) -> None:
        if self.random.random() < 0.12:
            allowed = [DISPUTED, *([NOT_APPLICABLE] if entry.get("not_applicable") else [])]
            marks[entry["id"]] = self.random.choice(allowed)

    def level(self, entry: dict[str, Any]) -> list[Answer]:
        options = [option["id"] for option in entry["options"]]
        number = self.random.choice([1, 1, 1, 2])
        return [
            Answer(self.random.choice(options), grade)
            for grade in self.random.sample(self.grades, number)
        ]

    def numeric(self, entry: dict[str, Any]) -> list[Answer]:
        low, high = sorted((int(entry["worst"]), int(entry["best"])))
        return [Answer(self.decimal(low - 5, high + 5), self.random.choice(self.grades))]

    def points(self, entry: dict[str, Any]) -> list[Answer]:
        return [Answer(self.decimal(int(entry.get("min", 0)), int(entry.get("max", 40))))]

    def proportion(self, entry: dict[str, Any]) -> Asked:
        asked = self.random.choice([0, 1, 2, 5, 12, 100])
        return Asked(self.random.randint(0, asked), asked)

    def rate(self, entry: dict[str, Any]) -> Events:
        severities, outcomes = list(entry["severity"]), list(entry["outcome"])
        counts = [
            Count(
                Fraction(self.random.randint(0, 4)),
                self.random.choice([None, *severities]),
                self.random.choice([None, *outcomes]),
                self.random.choice([None, 0, 1, 2, 3]),
            )
            for _ in range(self.random.randint(0, 3))
        ]
        exposure = [Fraction(self.random.choice([0, 7, 300, 12_345])) for _ in range(3)]
        return Events(counts, exposure)

    def decimal(self, low: int, high: int) -> Fraction:
        """Mostly with few decimals, often at an end: that is where rounding goes wrong."""
        if self.random.random() < 0.3:
            return Fraction(self.random.choice([low, high]))
        digits = self.random.choice([0, 1, 2, 6])
        return Fraction(self.random.randint(low * 10**digits, high * 10**digits), 10**digits)
