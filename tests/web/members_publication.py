"""Editions of a cycle of its own, which somebody asks to be taken back; the newest can be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

from sqlmodel import Session, func, select

from rankings import publishing
from rankings.adapters import signature
from rankings.adapters.bundle import Press
from rankings.canonical import digest
from rankings.models import AssessmentCycle, EditionBundle, RankingEdition, Withdrawal
from rankings.settings import Settings
from rankings.usecases import accounts, candidates, cycles, memberships
from rankings.usecases.edition_parts import Edition
from tests.usecases import world

# Its edition is no edition before the usual cycle's: nobody could read it.
SLUG = "2020"


def used_up(
    session: Session, settings: Settings, association: str, mark: str, now: datetime
) -> dict[str, Any]:
    """One more edition; the withdrawal waits for somebody else's approval."""
    cycle = _cycle(session, association)
    made = session.exec(select(func.count()).where(RankingEdition.cycle == cycle.id)).one()
    body = b"" if made else _pressed(session, settings, cycle, now)
    edition = RankingEdition(
        association=association,
        id=uuid4(),
        cycle=cycle.id,
        number=made + 1,
        # The first one stays the newest: it is the one that can be read.
        published_at=now - timedelta(days=made),
        as_of=world.AS_OF,
        reason=mark,
        digest=_digest(body) or uuid4().hex * 2,
    )
    session.add(edition)
    session.flush()
    if body:
        session.add(EditionBundle(association=association, edition=edition.id, body=body))
        session.flush()
        publishing.notice_issued(session, settings, association, world.act(now))
    asker = _secretary(session, association, mark, now)
    asked: dict[str, Any] = {"because": f"It was wrong, {mark}.", "asked_by": asker}
    session.add(Withdrawal(association=association, edition=edition.id, asked_at=now, **asked))
    session.flush()
    return {"edition": edition.id, "rest": "ranking"}


def _secretary(session: Session, association: str, mark: str, now: datetime) -> UUID:
    """Somebody who may ask for a withdrawal and opens no page."""
    email = f"secretary.{association}@example.org"
    known = accounts.by_email(session, email)
    if known is None:
        act = world.act(now)
        known = accounts.add(session, email, accounts.Newcomer(f"Secretary {mark}", "en"), act)
        memberships.grant(session, association, known.id, "secretariat", None, act)
    return known.id


def _pressed(session: Session, settings: Settings, cycle: AssessmentCycle, now: datetime) -> bytes:
    """An edition without agencies; nothing where the association has no key."""
    if not signature.private_file(settings.keys, cycle.association).exists():
        return b""
    edition = Edition(candidates.heading(session, cycle, ()), cycles.code_of(cycle))
    key = signature.private(settings.keys, cycle.association)
    with TemporaryDirectory() as folder:
        press = Press(Path(folder), key)
        press.start(edition.code)
        for name, part in edition.parts(()):
            press.add(name, part)
        manifest: dict[str, Any] = {"association": edition.heading.association}
        manifest |= {
            "cycle": edition.heading.cycle,
            "number": 1,
            "reason": None,
            "inputs": edition.inputs,
            **press.finish(),
        }
        day = now.date().isoformat()
        return press.seal(manifest | {"published_at": now.isoformat(), "published_on": day})


def _digest(body: bytes) -> str:
    if not body:
        return ""
    with ZipFile(BytesIO(body)) as archive:
        return digest(archive.read("manifest.json"))


def _cycle(session: Session, association: str) -> AssessmentCycle:
    known = select(AssessmentCycle).where(
        AssessmentCycle.association == association, AssessmentCycle.slug == SLUG
    )
    found = session.exec(known).first()
    if found is not None:
        return found
    like = cycles.find(session, association, "2026").model_dump()
    row = AssessmentCycle(**(like | {"id": uuid4(), "slug": SLUG, "name": SLUG}))
    session.add(row)
    session.flush()
    return row
