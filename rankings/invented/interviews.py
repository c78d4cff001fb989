"""Invented interviews with workers, drawn so that each question comes to about the aim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from rankings.invented.agencies import Agency, Cycle, Row
from rankings.scoring.record import Asked
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Proportion

WORKERS = ("abroad", "abroad", "returned", "returned", "before_departure")
# Fewest and most interviews by the points aimed at: a better rating needs more of them.
MANY = ((85, 28, 40), (70, 15, 30), (55, 8, 22), (0, 6, 16))
FEW, BY_AGENCY = 3, 9


def interviews(agency: Agency, cycle: Cycle, rubric: Rubric, seed: int) -> list[Row]:
    """One row per worker who was asked, without numbers; none where the rubric asks nobody."""
    random = agency.random(seed, "interviews", cycle.id)
    asked = {one.id: one.rule for one in rubric.indicators if isinstance(one.rule, Proportion)}
    if not asked:
        return []
    story, aim = agency.story(cycle), agency.aims[cycle.id]
    many = FEW if story == "few_interviews" else _many(aim, random)
    columns = {code: _column(rule, aim, many, random) for code, rule in asked.items()}
    # The first question is put to everybody, so that the most that were asked one are all.
    for code in list(columns)[1:]:
        columns[code] = _with_gaps(columns[code], random)
    rows = list(_rows(agency, cycle, many, columns, random))
    if story == "hand_picked":
        rows += _hand_picked(agency, cycle, list(asked), random)
    return sorted(rows, key=lambda row: str(row["interviewed_on"]))


def _many(aim: float, random: Random) -> int:
    return next(random.randint(few, most) for above, few, most in MANY if aim >= above)


def _column(rule: Proportion, aim: float, many: int, random: Random) -> list[str]:
    """Good answers in the number that, shrunk to the benchmark, comes next to the aim."""
    share = min(0.97, max(0.1, aim / 100 + random.gauss(0, 0.04)))
    good = round(share * (many + float(rule.m)) - float(rule.m * rule.p0))
    good = min(many, max(0, good))
    answers = ["yes"] * good + ["no"] * (many - good)
    random.shuffle(answers)
    return answers


def _with_gaps(answers: Sequence[str], random: Random) -> list[str]:
    """A question is not always put; never so often that too few answered it."""
    gap = 0.04 if len(answers) > 10 else 0.0
    return ["" if random.random() < gap else answer for answer in answers]


def _rows(
    agency: Agency, cycle: Cycle, many: int, columns: Mapping[str, Sequence[str]], random: Random
) -> Iterator[Row]:
    for at in range(many):
        row = _row(agency, cycle, "association", random)
        row.update((code, column[at]) for code, column in columns.items())
        yield row


def _hand_picked(
    agency: Agency, cycle: Cycle, asked: Sequence[str], random: Random
) -> Iterator[Row]:
    """Whom the agency chose is content with everything; it carries no weight."""
    for _ in range(BY_AGENCY):
        row = _row(agency, cycle, "agency", random)
        row.update(dict.fromkeys(asked, "yes"))
        yield row


def _row(agency: Agency, cycle: Cycle, chosen_by: str, random: Random) -> Row:
    days = (cycle.as_of - cycle.opened_on).days
    return {
        "agency": agency.licence,
        "interviewed_on": cycle.opened_on + timedelta(days=random.randrange(10, days - 5)),
        "worker": random.choice(WORKERS),
        "chosen_by": chosen_by,
    }


def tally(rows: Sequence[Row], rubric: Rubric) -> dict[str, Asked]:
    """Good answers and workers asked, of those whom the association chose."""
    counted = [row for row in rows if row["chosen_by"] == "association"]
    found: dict[str, Asked] = {}
    for one in rubric.indicators:
        if isinstance(one.rule, Proportion):
            said = [row[one.id] for row in counted if row[one.id]]
            found[one.id] = Asked(said.count("yes"), len(said))
    return found
