"""Publishing an edition or a notice: the keys, the press and the database meet here."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import journaling
from rankings.adapters import fee_caps, notice, signature
from rankings.adapters.bundle import Bundle, Press
from rankings.models import RankingEdition
from rankings.scoring.fees import FeeCap
from rankings.settings import Settings
from rankings.usecases import cycles, editions, notices
from rankings.usecases.journal import Act
from rankings.usecases.journal_chain import Head

FEE_CAPS = Path(__file__).resolve().parent.parent / "fixtures" / "fee-caps.toml"
UNFINISHED = "publishing-"
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Order:
    """What is published, and for a correction why."""

    association: str
    cycle: str
    reason: str | None = None


def publish(
    engine: Engine,
    settings: Settings,
    order: Order,
    act: Act,
    said: Callable[[str], None] = lambda step: None,
) -> RankingEdition:
    """Score and publish a cycle's next edition with a notice: all of it, or nothing."""
    key = signature.private(settings.keys, order.association)
    caps = fee_caps.load(FEE_CAPS)
    _sweep(settings.data)
    head = journaling.seal(engine, settings.data, order.association, thorough=True)

    def work(session: Session) -> RankingEdition:
        with TemporaryDirectory(prefix=UNFINISHED, dir=settings.data) as folder:
            tools = _tools(Path(folder), key, caps, said, head)
            cycle = cycles.find(session, order.association, order.cycle)
            return editions.publish(session, cycle, order.reason, tools, act)

    with _uncollected():
        return journaling.run(engine, settings.data, work)


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


def _tools(
    folder: Path,
    key: Ed25519PrivateKey,
    caps: tuple[FeeCap, ...],
    said: Callable[[str], None],
    head: Head | None,
) -> editions.Tools:
    def part_of(body: bytes, name: str) -> dict[str, Any]:
        file = folder / "previous.zip"
        file.write_bytes(body)
        return Bundle(file, key.public_key()).part(name)

    return editions.Tools(
        press=Press(folder, key),
        part_of=part_of,
        sign=partial(notice.sign, key),
        caps=caps,
        said=said,
        head=head,
    )


def issue_notice(engine: Engine, settings: Settings, association: str, act: Act) -> int:
    """The number of a new notice, with today's licence states."""
    key = signature.private(settings.keys, association)
    sign = partial(notice.sign, key)

    def work(session: Session) -> int:
        return notices.issue(session, association, sign, act).number

    return journaling.run(engine, settings.data, work)


def _sweep(data: Path) -> None:
    """Removes what a publication that was killed has left behind."""
    data.mkdir(parents=True, exist_ok=True)
    for left in data.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > A_DAY:
            shutil.rmtree(left, ignore_errors=True)
