"""Sign-ins: a person at a device, from the password to the end.

Only the SHA-256 of a token is kept. A sign-in that is ended is a row that is gone, and nothing
writes it back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select, update

from rankings.errors import NotFound
from rankings.models import Account, SignIn
from rankings.usecases import journal, throttles

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
# How exactly it is kept when somebody was last seen.
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
DEVICE_LETTERS = 120


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in; until `verified` the second factor is missing."""

    sign_in: UUID
    account: UUID
    name: str
    email: str
    language: str
    is_operator: bool
    verified: bool
    begun_at: datetime
    seen_at: datetime
    proved_at: datetime | None = None


def current(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who holds the token; None where it is unknown, idle, too old or the account disabled."""
    found = session.exec(
        select(SignIn, Account)
        .join(Account, col(SignIn.account) == col(Account.id))
        .where(SignIn.token_hash == digest(token))
    ).first()
    if found is None:
        return None
    row, account = found
    if account.disabled_at is not None or not _alive(row, now):
        return None
    return SignedIn(
        sign_in=row.id,
        account=account.id,
        name=account.name,
        email=account.email,
        language=account.language,
        is_operator=account.is_operator,
        verified=row.verified_at is not None,
        begun_at=row.begun_at,
        seen_at=row.seen_at,
        proved_at=row.proved_at,
    )


def seen(session: Session, token: str, now: datetime) -> None:
    """Note that the person was here; a sign-in that has ended stays ended."""
    session.exec(
        update(SignIn)
        .where(col(SignIn.token_hash) == digest(token), col(SignIn.seen_at) < now - SEEN_EVERY)
        .values(seen_at=now)
    )


def begin(session: Session, account: UUID, device: str, act: journal.Act) -> str:
    """A new token, of a sign-in that lacks the second factor; those that ran out are dropped."""
    rows = session.exec(select(SignIn).where(SignIn.account == account))
    for row in rows.all():
        if not _alive(row, act.now):
            session.delete(row)
    shown = "".join(letter for letter in device if letter.isprintable())[:DEVICE_LETTERS]
    token, made = _token(), uuid4()
    session.add(
        SignIn(
            token_hash=digest(token),
            id=made,
            account=account,
            device=shown,
            begun_at=act.now,
            seen_at=act.now,
        )
    )
    journal.record(session, journal.NO_ASSOCIATION, act, "signed in", str(account))
    return token


def verify(session: Session, token: str, act: journal.Act) -> str:
    """A new token, with the second factor; NotFound where the sign-in has ended."""
    fresh = renew(session, token, act.now)
    row = session.get_one(SignIn, digest(fresh))
    row.verified_at = row.proved_at = act.now
    session.flush()
    about = str(row.account)
    journal.record(session, journal.NO_ASSOCIATION, act, "proved the second factor", about)
    throttles.forget(session, act.now)
    return fresh


def prove(session: Session, token: str, act: journal.Act) -> str:
    """A new token, after both factors were given again; NotFound where the sign-in has ended."""
    fresh = renew(session, token, act.now)
    row = session.get_one(SignIn, digest(fresh))
    row.proved_at = act.now
    session.flush()
    about = str(row.account)
    journal.record(session, journal.NO_ASSOCIATION, act, "proved both factors again", about)
    return fresh


def renew(session: Session, token: str, now: datetime) -> str:
    """A new token and id for the same sign-in; the old ones are good for nothing from now on."""
    row = session.get(SignIn, digest(token))
    if row is None or not _alive(row, now):
        raise NotFound("This sign-in has ended.")
    fresh = _token()
    kept = row.model_dump() | {"token_hash": digest(fresh), "id": uuid4(), "seen_at": now}
    session.delete(row)
    session.flush()
    session.add(SignIn(**kept))
    session.flush()
    return fresh


def end(session: Session, account: UUID, sign_in: UUID, act: journal.Act) -> None:
    """End one sign-in of an account; NotFound where it has none such."""
    row = session.exec(
        select(SignIn).where(SignIn.account == account, SignIn.id == sign_in)
    ).first()
    if row is None:
        raise NotFound("There is no such sign-in.")
    session.delete(row)
    session.flush()
    journal.record(session, journal.NO_ASSOCIATION, act, "ended a sign-in", str(account))


def end_all(session: Session, account: UUID, act: journal.Act, but: UUID | None = None) -> None:
    """End every sign-in of an account but one."""
    rows = session.exec(select(SignIn).where(SignIn.account == account)).all()
    ended = [row for row in rows if row.id != but]
    for row in ended:
        session.delete(row)
    session.flush()
    if ended:
        told = {"number": len(ended)}
        about = str(account)
        journal.record(session, journal.NO_ASSOCIATION, act, "ended sign-ins", about, told)


def listed(session: Session, account: UUID, now: datetime) -> list[SignIn]:
    """The sign-ins of an account that hold, the newest first."""
    rows = session.exec(
        select(SignIn).where(SignIn.account == account).order_by(col(SignIn.begun_at).desc())
    )
    return [row for row in rows if _alive(row, now)]


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _alive(row: SignIn, now: datetime) -> bool:
    return now - row.seen_at <= IDLE and now - row.begun_at <= LONGEST
