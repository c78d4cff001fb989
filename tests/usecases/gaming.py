"""Rounds in which everybody is honest, drawn from a seed, and the ways to cheat in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from rankings.usecases.gaming_signs import Check, Round, Watched

CLOSES = datetime(2026, 6, 30, 17, tzinfo=UTC)
QUESTIONS, AGENCIES, AUDITORS = 40, 60, 6
CUTS = {"5": Fraction(85), "4": Fraction(70), "3": Fraction(55)}
CHEAT = "VN-00017"


def code(n: int) -> str:
    return f"VN-{n:05}"


def honest(seed: int) -> Round:
    """Agencies that are better and worse; the worst of their luck, no intention."""
    draw = Random(seed)
    agencies = [_agency(draw, code(n)) for n in range(AGENCIES)]
    return Round(CLOSES, agencies, _files(draw), CUTS, _checks(draw, agencies))


def _agency(draw: Random, name: str) -> Watched:
    good = draw.betavariate(8, 3)
    workers = int(draw.lognormvariate(6, 1))
    # Complaints by the agency's own rate: better ones have fewer, by a factor of about two.
    rate = draw.gammavariate(6, 0.006 / 6)
    complaints = sum(draw.random() < rate for _ in range(workers))
    asked = draw.choice([0, 0, 6, 10, 12, 20])
    unhappy = sum(draw.random() < 0.2 + 0.5 * (1 - good) for _ in range(asked))
    # The best answer to nine questions in ten is as good as anybody is.
    top = sum(draw.random() < 0.3 + 0.6 * good for _ in range(QUESTIONS))
    checked = draw.choice([0, 0, 10, 20])
    lower = sum(draw.random() < 0.2 for _ in range(checked))
    points = Fraction(round(draw.gauss(60 + 20 * good, 7) * 10), 10)
    return Watched(
        *(name, _saved(draw), QUESTIONS, top, checked, lower),
        *(workers, complaints, asked, unhappy, points),
    )


def _saved(draw: Random) -> list[datetime]:
    """Written over days; one in four agencies works on the last evening until shortly before."""
    if draw.random() < 0.25:
        last = draw.uniform(0.1, 3)
        hours = [last + draw.uniform(0, 4) for _ in range(QUESTIONS)]
    else:
        hours = [draw.uniform(2, 60 * 24) for _ in range(QUESTIONS)]
    return [CLOSES - timedelta(hours=one) for one in hours]


def _files(draw: Random) -> dict[str, list[str]]:
    """Files of their own, and a form of the association that half of them hand in."""
    own = {f"{n}": [code(n)] for n in range(AGENCIES)}
    return own | {"form": [code(n) for n in range(AGENCIES) if draw.random() < 0.6]}


def _checks(draw: Random, agencies: list[Watched]) -> list[Check]:
    """Auditors who find what is there, a little below what is claimed."""
    found = []
    for one in draw.sample(agencies, 40):
        claimed = Fraction(draw.randint(60, 100))
        gap = Fraction(round(draw.gauss(-6, 6) * 10), 10)
        found.append(Check(f"A{draw.randrange(AUDITORS)}", one.code, claimed, claimed + gap))
    return found


def _changed(held: Round, **more: object) -> Round:
    """The round with one agency that is different."""
    agencies = [replace(one, **more) if one.code == CHEAT else one for one in held.agencies]  # type: ignore[arg-type]
    return replace(held, agencies=agencies)


def copied(held: Round) -> Round:
    """The cheat hands in somebody else's file."""
    return replace(held, files=dict(held.files) | {"3": [code(3), CHEAT]})


def hurried(held: Round) -> Round:
    """The cheat changes most of its answers in the last ten minutes."""
    late = [CLOSES - timedelta(minutes=n % 10) for n in range(30)]
    return _changed(held, saved=late + [CLOSES - timedelta(days=9)] * 10)


def boasting(held: Round) -> Round:
    """The cheat claims the best of everything; nobody has checked it yet."""
    return _changed(held, claims=QUESTIONS, top=QUESTIONS, checked=0, lower=0)


def silenced(held: Round) -> Round:
    """A large agency of which nobody says a bad word."""
    return _changed(held, workers=6000, complaints=0, asked=20, unhappy=0)


def lifted(held: Round) -> Round:
    """Whoever was just below four stars is just above."""
    cut = CUTS["4"]
    agencies = [
        replace(one, points=cut + Fraction(n % 9, 10))
        if one.points is not None and (cut - 4 <= one.points < cut or n % 6 == 0)
        else one
        for n, one in enumerate(held.agencies)
    ]
    return replace(held, agencies=agencies)


def friendly(held: Round) -> Round:
    """An auditor who finds everybody eight points better, at nine agencies."""
    ours = [
        replace(one, auditor="A0", found=one.found + 14) if n < 9 else one
        for n, one in enumerate(held.checks)
    ]
    rest = [replace(one, auditor="A1") if one.auditor == "A0" else one for one in ours[9:]]
    return replace(held, checks=[*ours[:9], *rest])


CHEATS: dict[str, Callable[[Round], Round]] = {
    "same_file": copied,
    "last_hour": hurried,
    "all_top": boasting,
    "silence": silenced,
    "bunching": lifted,
    "auditor": friendly,
}
