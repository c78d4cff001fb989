"""Candidates, hearings, editions and notices: keys, press and database meet here."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import journaling
from rankings.adapters import fee_caps, key_trust, notice, signature
from rankings.adapters.bundle import Bundle, Press
from rankings.adapters.draft import Draft
from rankings.errors import Conflict, NotFound
from rankings.models import AssessmentCycle, Candidate, RankingEdition
from rankings.settings import Settings
from rankings.usecases import candidates, cycles, editions, gates, hearings, notices
from rankings.usecases.candidates import Scored
from rankings.usecases.editions import Seal
from rankings.usecases.journal import Act
from rankings.usecases.journal_chain import Head
from rankings.usecases.press import PartOf, Said, Tools

FEE_CAPS = Path(__file__).resolve().parent.parent / "fixtures" / "fee-caps.toml"
UNFINISHED = "publishing-"
A_DAY = 86_400
CHANGED = "The candidate has changed since it was approved: it is void, and there is a new one."


@dataclass(frozen=True, slots=True)
class Order:
    """Which cycle of which association."""

    association: str
    cycle: str


def quiet(_step: str) -> None:
    """Says nothing."""


def score(
    engine: Engine, settings: Settings, order: Order, act: Act, said: Said = quiet
) -> Candidate:
    """Score a cycle's next edition anew; what differs from the candidate before makes it void."""

    def work(session: Session) -> Candidate:
        cycle = cycles.find(session, order.association, order.cycle)
        return scored(session, settings, cycle, act, said).candidate

    return journaling.run(engine, settings.data, work)


def scored(
    session: Session, settings: Settings, cycle: AssessmentCycle, act: Act, said: Said = quiet
) -> Scored:
    """The same inside a transaction of the caller's."""
    with _working(session, settings, cycle.association, said) as tools, _uncollected():
        return candidates.score(session, cycle, tools, act)


def open_hearing(
    engine: Engine, settings: Settings, order: Order, reason: str | None, act: Act
) -> int:
    """Open the hearing before a cycle's next edition; how many agencies have to be told."""

    def work(session: Session) -> int:
        cycle = cycles.find(session, order.association, order.cycle)
        return hearing_opened(session, settings, cycle, reason, act)

    return journaling.run(engine, settings.data, work)


def hearing_opened(
    session: Session, settings: Settings, cycle: AssessmentCycle, reason: str | None, act: Act
) -> int:
    """The same inside a transaction of the caller's."""
    with _folder(settings.data) as folder:
        part_of = _part_of(session, settings, folder)
        hearing = candidates.open_hearing(session, cycle, reason, part_of, act)
    return sum(one.is_due for one, _agency in hearings.notices(session, hearing))


def publish(
    engine: Engine, settings: Settings, order: Order, act: Act, said: Said = quiet
) -> RankingEdition:
    """Publish a cycle's approved candidate with a notice: all of it, or nothing.

    Conflict where it is not approved, a gate is red or it has changed since.
    """
    _sweep(settings.data)
    head = journaling.seal(engine, settings.data, order.association, thorough=True)

    def work(session: Session) -> RankingEdition | None:
        cycle = cycles.find(session, order.association, order.cycle)
        return published(session, settings, cycle, head, act, said)

    edition = journaling.run(engine, settings.data, work)
    if edition is None:
        raise Conflict(CHANGED)
    return edition


def published(
    session: Session,
    settings: Settings,
    cycle: AssessmentCycle,
    head: Head | None,
    act: Act,
    said: Said = quiet,
) -> RankingEdition | None:
    """The same inside a transaction of the caller's; None where the candidate had changed."""
    key = signature.private(settings.keys, cycle.association)
    working = _working(session, settings, cycle.association, said)
    with working as tools, _folder(settings.data) as folder, _uncollected():
        seal = Seal(partial(notice.sign, key), partial(_draft, folder / "draft.zip"), head)
        return editions.publish(session, cycle, tools, seal, act)


def all_gates(
    session: Session, settings: Settings, cycle: AssessmentCycle, found: Candidate, act: Act
) -> list[gates.Gate]:
    """Every gate of a candidate."""
    with _folder(settings.data) as folder:
        view = _draft(folder / "draft.zip", found, candidates.body(session, found))
        try:
            return gates.of(session, cycle, found, view, act)
        finally:
            view.close()


def issue_notice(engine: Engine, settings: Settings, association: str, act: Act) -> int:
    """The number of a new notice, with today's licence states."""
    return journaling.run(
        engine, settings.data, lambda session: notice_issued(session, settings, association, act)
    )


def notice_issued(session: Session, settings: Settings, association: str, act: Act) -> int:
    """The same inside a transaction of the caller's."""
    key = signature.private(settings.keys, association)
    return notices.issue(session, association, partial(notice.sign, key), act).number


@contextmanager
def _working(session: Session, settings: Settings, association: str, said: Said) -> Iterator[Tools]:
    """A press in a folder of its own, which is gone afterwards; it signs where there is a key."""
    try:
        key = signature.private(settings.keys, association)
    except NotFound:
        key = None
    with _folder(settings.data) as folder:
        part_of = _part_of(session, settings, folder)
        yield Tools(Press(folder, key), part_of, fee_caps.load(FEE_CAPS), said)


@contextmanager
def _folder(data: Path) -> Iterator[Path]:
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=data) as folder:
        yield Path(folder)


def _part_of(session: Session, settings: Settings, folder: Path) -> PartOf:
    """Reads parts of published editions from their signed files, each file once."""
    opened: dict[str, Bundle] = {}

    def part_of(edition: RankingEdition, name: str) -> dict[str, Any]:
        if edition.digest not in opened:
            file = folder / f"{edition.digest}.zip"
            file.write_bytes(editions.bundle(session, edition.association, edition.digest))
            opened[edition.digest] = key_trust.of(settings.keys, edition.association).open(file)
        return opened[edition.digest].part(name)

    return part_of


def _draft(file: Path, candidate: Candidate, body: bytes) -> Draft:
    file.write_bytes(body)
    return Draft(file, candidate.digest)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Scoring makes no cycles, and looking for them takes a quarter of its time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _sweep(data: Path) -> None:
    """Removes what a publication that was killed has left behind."""
    data.mkdir(parents=True, exist_ok=True)
    for left in data.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > A_DAY:
            shutil.rmtree(left, ignore_errors=True)
