"""People for tests: accounts, moments of a clock that is set by hand, callers, sealing."""

from datetime import UTC, datetime, timedelta

import pyotp
from sqlmodel import Session

from rankings.models import Account
from rankings.usecases import accounts, journal, second_factor
from rankings.usecases.throttles import Caller

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
CALLER = Caller(b"secret", "192.0.2.1")
OPERATOR = journal.Act(journal.OPERATOR, NOW)
NOBODY = journal.Act(journal.NOBODY, NOW)


def later(act: journal.Act = NOBODY, **more: float) -> journal.Act:
    """The same one, so much later."""
    return journal.Act(act.who, act.now + timedelta(**more))


def acting(account: Account, **more: float) -> journal.Act:
    """A person, so long after the beginning."""
    return later(journal.Act(str(account.id), NOW), **more)


def person(session: Session, name: str = "linh", is_operator: bool = False) -> Account:
    """An account whose password has the hash `hash of <name>`."""
    newcomer = accounts.Newcomer(name.title(), "vi", f"hash of {name}")
    return accounts.add(session, f"{name}@example.org", newcomer, NOBODY, is_operator)


def sealed(plain: bytes) -> bytes:
    """Not the real seal, but one that hides what it holds."""
    return plain[::-1]


def enrolled(session: Session, account: Account) -> tuple[pyotp.TOTP, list[str]]:
    """Gives a second factor: the app that shows the codes, and the recovery codes."""
    secret, kept = second_factor.enrol(sealed)
    app = pyotp.TOTP(secret)
    act = acting(account)
    codes = second_factor.confirm(session, account.id, kept, app.at(NOW), sealed, act)
    return app, codes
