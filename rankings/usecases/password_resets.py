"""Resets: links to a new password and a new second factor, once, within a day.

They are made on the command line or by a platform operator. A secretariat cannot: the account may
belong to other associations too, and whoever holds the link holds the account.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import NotAllowed, NotFound
from rankings.models import Account, PasswordReset
from rankings.usecases import accounts, journal, second_factor, throttles
from rankings.usecases.journal import NO_ASSOCIATION
from rankings.usecases.sign_ins import TOKEN_BYTES, digest

HOLDS = timedelta(days=1)


def make(session: Session, account: UUID, caller: throttles.Caller, act: journal.Act) -> str:
    """The token of a new link, to be handed over; older links of the account end.

    NotAllowed for anybody but operators, TooMany above five a day.
    """
    _only_operators(session, act)
    accounts.find(session, account)
    what = ("reset", str(account))
    throttles.count_all(session, caller, what, throttles.RESET, act.now)
    _end(session, account, act.now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        PasswordReset(
            token_hash=digest(token),
            account=account,
            created_at=act.now,
            expires_at=act.now + HOLDS,
        )
    )
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "made a reset link", str(account))
    return token


def find(session: Session, token: str, now: datetime) -> Account:
    """Whose password a link resets; the same NotFound for every link that cannot be used."""
    row = session.get(PasswordReset, digest(token))
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound("There is no such link.")
    account = accounts.find(session, row.account)
    if account.disabled_at is not None:
        raise NotFound("There is no such link.")
    return account


def use(session: Session, token: str, hashed: str, act: journal.Act) -> UUID:
    """Set the password, drop the second factor, end all sign-ins; the account.

    NotFound as for `find`. The password was checked and hashed before.
    """
    account = find(session, token, act.now)
    act = replace(act, who=str(account.id))
    _end(session, account.id, act.now)
    journal.record(session, NO_ASSOCIATION, act, "used a reset link", str(account.id))
    second_factor.drop(session, account.id)
    accounts.change_password(session, account.id, hashed, act)
    return account.id


def _end(session: Session, account: UUID, now: datetime) -> None:
    rows = session.exec(
        select(PasswordReset).where(
            PasswordReset.account == account, col(PasswordReset.used_at).is_(None)
        )
    )
    for row in rows.all():
        row.used_at = now
    session.flush()


def _only_operators(session: Session, act: journal.Act) -> None:
    if act.who == journal.OPERATOR:
        return
    if act.account is None or not accounts.find(session, act.account).is_operator:
        raise NotAllowed("Only operators of the platform make reset links.")
