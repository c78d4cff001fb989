"""Editions that lie in memory only: parts as an edition has them, made of any records."""

from collections.abc import Sequence
from typing import Any

from rankings.canonical import canonical, digest
from rankings.scoring.record import Record
from rankings.scoring.source import RubricSource, read
from rankings.usecases.edition_parts import Edition, Heading, Listed
from rankings.usecases.method_movement import New, Past, report, tried
from tests.scoring.builders import DAY, HEAD
from tests.scoring.random_rubrics import PENALTIES, ROUNDED, STEPS, SUMS
from tests.usecases import world

TEXTS = {
    "worked": world.source().document,
    "rounded": HEAD + ROUNDED,
    "sums": HEAD + SUMS,
    "steps": HEAD + STEPS,
    "penalties": HEAD + PENALTIES,
}


def parts(text: str, records: Sequence[Record], cycle: str = "2026") -> dict[str, Any]:
    """The parts of an edition by the rubric of a text."""
    source = RubricSource(text)
    heading = Heading(
        association={"code": "alpha", "name": "Alpha", "country": "VN"},
        cycle={"slug": cycle, "name": cycle, "as_of": DAY.isoformat()},
        source=source,
        caps=[],
    )
    listed = [Listed(identity(one.id), one) for one in records]
    return dict(Edition(heading, read(source)).parts(listed))


def identity(code: str) -> dict[str, Any]:
    """Who an agency is, with the least that may be said."""
    return {"code": code, "names": {"vi": f"Ví Dụ {code}"}, "former_names": [], "licence": {}}


def past(text: str, records: Sequence[Record]) -> Past:
    return Past(1, digest(b"an edition"), parts(text, records).__getitem__)


def new(text: str) -> New:
    source = RubricSource(text)
    return tried(read(source), source)


def reported(text: str, records: Sequence[Record], other: str) -> dict[str, Any]:
    """What another text makes of records that were published by a text."""
    found = report(past(text, records), new(other))
    assert canonical(found), "a report is plain values"
    return found


def agency(body: dict[str, Any], code: str) -> dict[str, Any]:
    """One agency of a report."""
    return next(one for one in body["agencies"] if one["code"] == code)
