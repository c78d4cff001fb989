"""Accounts: people, their passwords, and the three steps of a sign-in.

Hashing is slow, so it happens between two transactions: `candidate` says what to compare with,
the caller compares exactly once, `welcome` takes the result. Nobody learns from the answer who has
an account.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Account
from rankings.usecases import journal, password_rules, sign_ins, throttles
from rankings.usecases.journal import NO_ASSOCIATION
from rankings.usecases.registry import LANGUAGES
from rankings.usecases.sign_ins import begin as begin_sign_in

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_EMAIL, LONGEST_NAME = 254, 200
# The remedies.
NO_EMAIL = "must be like name@example.org"
NO_NAME = f"must be 1 to {LONGEST_NAME} characters"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who an account is for; without a password it is entered through a reset link only."""

    name: str
    language: str
    hashed: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who wants in; `hashed` is empty where nobody can: compare with any hash then."""

    account: UUID | None
    hashed: str


def folded(email: str) -> str:
    """An email as it is compared."""
    kept = "".join(letter for letter in email if letter.isprintable())
    return unicodedata.normalize("NFKC", kept).casefold().strip()


def normalised(email: str) -> str:
    """An email as it is kept; Invalid where it is none."""
    found = folded(email)
    if len(found) > LONGEST_EMAIL or not EMAIL.fullmatch(found):
        raise Invalid([Problem("email", email[:LONGEST_EMAIL], NO_EMAIL)])
    return found


def add(
    session: Session, email: str, newcomer: Newcomer, act: journal.Act, is_operator: bool = False
) -> Account:
    """A new account; Invalid where the email or name cannot be one, Conflict where it is there."""
    address = normalised(email)
    if by_email(session, address) is not None:
        raise Conflict(f"There is an account of {address} already.")
    account = Account(
        id=UUID(bytes=act.draw(16), version=4),
        email=address,
        name=proper_name(newcomer.name),
        language=_language(newcomer.language),
        password_hash=newcomer.hashed,
        is_operator=is_operator,
        created_at=act.now,
    )
    session.add(account)
    session.flush()
    told = {"is_operator": is_operator}
    journal.record(session, NO_ASSOCIATION, act, "added an account", str(account.id), told)
    return account


def by_email(session: Session, email: str) -> Account | None:
    """The account of an email, disabled or not."""
    return session.exec(select(Account).where(Account.email == folded(email))).first()


def find(session: Session, account: UUID) -> Account:
    """An account; NotFound where there is none."""
    found = session.get(Account, account)
    if found is None:
        raise NotFound("There is no such account.")
    return found


def named(session: Session, email: str) -> Account:
    """The account of an email; NotFound where there is none."""
    found = by_email(session, email)
    if found is None:
        raise NotFound("There is no account with this email.")
    return found


def everybody(session: Session) -> list[Account]:
    """All accounts, by email."""
    return list(session.exec(select(Account).order_by(col(Account.email))))


def disable(session: Session, account: UUID, act: journal.Act) -> None:
    """Keep somebody out, at once; Conflict for one's own account."""
    found = find(session, account)
    if act.account == account:
        raise Conflict("Nobody can disable the account that is in use.")
    if found.disabled_at is not None:
        return
    found.disabled_at = act.now
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "disabled an account", str(account))
    sign_ins.end_all(session, account, act)


def enable(session: Session, account: UUID, act: journal.Act) -> None:
    """Let somebody in again who was kept out."""
    found = find(session, account)
    if found.disabled_at is None:
        return
    found.disabled_at = None
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "enabled an account", str(account))


def change_password(
    session: Session, account: UUID, hashed: str, act: journal.Act, but: UUID | None = None
) -> None:
    """Take a new password, which was checked and hashed before; ends all other sign-ins."""
    find(session, account).password_hash = hashed
    session.flush()
    journal.record(session, NO_ASSOCIATION, act, "changed a password", str(account))
    sign_ins.end_all(session, account, act, but)


def rehash(session: Session, account: UUID, old: str, hashed: str) -> None:
    """The same password, hashed by today's parameters; nothing where it was changed meanwhile."""
    found = find(session, account)
    if found.password_hash == old:
        found.password_hash = hashed
        session.flush()


def speak(session: Session, account: UUID, language: str, act: journal.Act) -> None:
    """Change the language of a person's pages; Invalid where there is no such one."""
    find(session, account).language = _language(language)
    session.flush()
    told = {"language": language}
    journal.record(session, NO_ASSOCIATION, act, "changed a language", str(account), told)


def candidate(
    session: Session, email: str, password: str, caller: throttles.Caller, act: journal.Act
) -> Candidate:
    """What a password is to be compared with; counts the try.

    TooMany above the limits; Invalid where the password is longer than any, before anybody is
    looked up. Tries count for emails that nobody has, too.
    """
    if password_rules.too_long(password):
        raise Invalid([Problem("password", "", password_rules.TOO_LONG)])
    address = folded(email)
    account = by_email(session, address)
    bucket = caller.bucket(account.id if account else None, address)
    if bucket[0] == "person":
        everybody_, place = ("everybody",), ("address", caller.address)
        throttles.count_all(session, caller, everybody_, throttles.EVERYBODY, act.now)
        throttles.count_all(session, caller, place, throttles.ADDRESS, act.now)
    throttles.count_all(session, caller, ("sign-in", *bucket), throttles.SIGN_IN, act.now)
    if account is None or account.disabled_at is not None:
        return Candidate(None, "")
    return Candidate(account.id, account.password_hash)


def proved(session: Session, tried: Candidate, matched: bool) -> UUID | None:
    """Whose password it was, if anybody's; `matched` is what the comparison said.

    Nothing is taken of a comparison with a hash that is not the account's any more.
    """
    account = session.get(Account, tried.account) if matched and tried.account else None
    return account.id if account is not None and _lets_in(account, tried.hashed) else None


def _lets_in(account: Account, hashed: str) -> bool:
    return account.disabled_at is None and account.password_hash == hashed != ""


def welcome(
    session: Session, tried: Candidate, matched: bool, device: str, act: journal.Act
) -> str | None:
    """A token for whoever knew the password; None, and an entry in the journal, for all others."""
    account = proved(session, tried, matched)
    if account is None:
        about = str(tried.account or journal.NOBODY)
        journal.record(session, NO_ASSOCIATION, act, "gave a wrong password", about)
        return None
    return begin_sign_in(session, account, device, replace(act, who=str(account)))


def proper_name(name: str) -> str:
    """A name as it is kept; Invalid where it is none."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept or len(kept) > LONGEST_NAME or not kept.isprintable():
        raise Invalid([Problem("name", name[:LONGEST_NAME], NO_NAME)])
    return kept


def _language(language: str) -> str:
    if language not in LANGUAGES:
        remedy = f"must be one of {', '.join(LANGUAGES)}"
        raise Invalid([Problem("language", language[:LONGEST_NAME], remedy)])
    return language
