"""The second factor: six digits of the moment, or a recovery code. Every account needs one."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pyotp
from sqlmodel import Session, col, delete, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import Account, RecoveryCode
from rankings.usecases import accounts, journal, sign_ins, throttles
from rankings.usecases.journal import NO_ASSOCIATION

Change = Callable[[bytes], bytes]

ISSUER = "Rankings"
# A clock may be wrong by one step of 30 seconds.
STEPS_OFF = 1
CODES, CODE_BYTES, GROUP = 10, 10, 4


def enrol(seal: Change) -> tuple[str, bytes]:
    """A new secret for an authenticator, and its sealed form, which `confirm` takes back."""
    secret = pyotp.random_base32()
    return secret, seal(secret.encode())


def address(account: Account, secret: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm(
    session: Session,
    account: UUID,
    sealed: bytes,
    code: str,
    open_: Change,
    act: journal.Act,
    but: UUID | None = None,
    replaces: bool = False,
) -> list[str]:
    """Take the secret as second factor if its code proves that it arrived.

    Returns new recovery codes, which are never shown again. All other sign-ins end. Invalid where
    the code is wrong; Conflict where there is a second factor that it may not replace: a password
    alone never changes one.
    """
    row = accounts.find(session, account)
    if row.totp_secret is not None and not replaces:
        raise Conflict("There is a second factor already.")
    step = _step(open_(sealed).decode(), plain(code), act.now)
    if step is None:
        remedy = "is not the code that the app shows now: wait for the next one and try again"
        raise Invalid([Problem("code", "", remedy)])
    row.totp_secret, row.totp_step = sealed, step
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "set up a second factor", str(account))
    sign_ins.end_all(session, account, act, but)
    return renew_recovery(session, account, act)


def check(
    session: Session,
    account: UUID,
    code: str,
    open_: Change,
    caller: throttles.Caller,
    act: journal.Act,
) -> bool:
    """Is it the code of the moment, not used before, or an unused recovery code?

    Counts the try; TooMany above the limits. A code that was taken is used up.
    """
    bucket = caller.bucket(account, str(account))
    what = ("second factor", *bucket)
    throttles.count_all(session, caller, what, throttles.SECOND_FACTOR, act.now)
    row = accounts.find(session, account)
    given = plain(code)
    if _takes_step(row, given, open_, act.now) or _takes_recovery(session, account, given, act):
        session.flush()
        return True
    journal.record(session, NO_ASSOCIATION, act, "gave a wrong code", str(account))
    return False


def code_now(row: Account, open_: Change, now: datetime) -> str:
    """The next code that is taken, as the person's app shows it: for demonstrations only."""
    clock = pyotp.TOTP(open_(row.totp_secret or b"").decode())
    return clock.generate_otp(max(clock.timecode(now), row.totp_step + 1))


def renew_recovery(session: Session, account: UUID, act: journal.Act) -> list[str]:
    """Ten new recovery codes in place of all old ones; they are never shown again."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account) == account))
    codes = [_recovery_code() for _ in range(CODES)]
    for code in codes:
        session.add(RecoveryCode(account=account, code_hash=_digest(plain(code))))
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "made recovery codes", str(account))
    return codes


def drop(session: Session, account: UUID) -> None:
    """Forget a second factor: a new one must be set up before anything else."""
    row = accounts.find(session, account)
    row.totp_secret = None
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account) == account))
    session.flush()


def left(session: Session, account: UUID) -> int:
    """How many recovery codes are unused."""
    rows = session.exec(select(RecoveryCode).where(RecoveryCode.account == account))
    return sum(row.used_at is None for row in rows)


def plain(code: str) -> str:
    """A code as it is compared: digits of all scripts and widths are one, gaps do not count."""
    letters = unicodedata.normalize("NFKC", code).casefold()
    kept = (letter for letter in letters if letter.isalnum())
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept)


def _takes_step(row: Account, given: str, open_: Change, now: datetime) -> bool:
    if row.totp_secret is None:
        return False
    step = _step(open_(row.totp_secret).decode(), given, now)
    if step is None or step <= row.totp_step:
        return False
    row.totp_step = step
    return True


def _takes_recovery(session: Session, account: UUID, given: str, act: journal.Act) -> bool:
    row = session.get(RecoveryCode, (account, _digest(given)))
    if row is None or row.used_at is not None:
        return False
    row.used_at = act.now
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "used a recovery code", str(account))
    return True


def _step(secret: str, given: str, now: datetime) -> int | None:
    """The time step whose code it is, of those near the moment."""
    clock = pyotp.TOTP(secret)
    present = clock.timecode(now)
    steps = range(present - STEPS_OFF, present + STEPS_OFF + 1)
    fitting = [step for step in steps if _same(clock.generate_otp(step), given)]
    return max(fitting, default=None)


def _same(code: str, given: str) -> bool:
    return secrets.compare_digest(code.encode(), given.encode())


def _recovery_code() -> str:
    text = b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
