"""A small association of which much is known, and the ways to try answers out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session

from rankings import db
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.importing import SAVE
from rankings.models import RankingEdition
from rankings.usecases import cycles, editions, self_assessments, what_if
from rankings.usecases.previous_bands import RankingOf
from rankings.usecases.what_if import Trial, Trying
from tests.usecases import world
from tests.web.small import CODE, FIRST, Small

# What the first agency says of itself, and what was found: one claim proved too good.
SAID = {"1.1": "own-staff", "1.2": "in-time", "8.1": "compared", "8.2": "five-days", "c2": "40"}
FOUND = {"1.1": "own-staff", "8.1": "unchecked"}
# Claims of which each is above what was found.
TOO_GOOD = {"9.1": "written", "9.2": "others", "9.3": "advice", "10.1": "written", "11.1": "record"}
POORER = {"9.1": "none", "9.2": "worker", "9.3": "none", "10.1": "none", "11.1": "none"}
VOICES = ("v1", "v2", "v3")


def known(submitted: bool = True, found: Mapping[str, str] = FOUND) -> list[tuple[str, Any]]:
    """Rows about the first agency by kind."""
    said = [world.answer(*one) for one in SAID.items()] if submitted else []
    asked = [{code: world.yes(n < 9) for code in VOICES} for n in range(12)]
    return [
        ("self-assessments", said),
        ("findings", [world.finding(*one) for one in found.items()]),
        ("interviews", [world.interview(n, **one) for n, one in enumerate(asked)]),
        ("complaints", [world.complaint("1")]),
    ]


def fill(small: Small, rows: list[tuple[str, Any]] | None = None, cycle: str = "2026") -> Small:
    """Take the rows in."""
    with db.transaction(small.engine) as session:
        into = cycles.find(session, CODE, cycle)
        for kind, given in known() if rows is None else rows:
            assert SAVE[kind](session, into, given, world.NOW).problems == []
    return small


def part(small: Small, session: Session, edition: RankingEdition, name: str) -> Any:
    """A part of an edition from its signed file."""
    body = editions.bundle(session, edition.association, edition.digest)
    file = Path(small.settings.data) / f"{edition.id}.zip"
    file.write_bytes(body)
    bundle = Bundle(file, signature.public(small.settings.keys, CODE))
    try:
        return bundle.part(name)
    finally:
        bundle.close()


def ranking_of(small: Small, session: Session) -> RankingOf:
    return lambda edition: part(small, session, edition, "ranking")


def tried(small: Small, answers: Mapping[str, str] | None = None, agency: str = FIRST) -> Trial:
    """An agency with other answers."""
    with db.reading(small.engine) as session:
        place = self_assessments.find(session, CODE, "2026", agency)
        return what_if.try_out(session, *place, answers or {}, ranking_of(small, session))


def trying(small: Small, agency: str = FIRST) -> Trying:
    """An agency to be scored again and again."""
    with db.reading(small.engine) as session:
        place = self_assessments.find(session, CODE, "2026", agency)
        return what_if.ready(session, *place, ranking_of(small, session))
