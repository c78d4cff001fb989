"""Finding a case by the number that a worker types: one slow run, one page for every no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.adapters import vault
from rankings.adapters.receipts import Opened, digits
from rankings.errors import TooMany
from rankings.models import Association, ComplaintCase
from rankings.usecases import associations, complaint_intake, throttles
from rankings.web import now, transaction
from rankings.web.help_base import Forged, Stale, Where, nonce, receipts, tries
from rankings.web.languages import say as _

# Of the whole installation; no address stands in the key, and the window begins with the hour.
EVERYBODY, KEY = 300, "numbers of help pages"


@dataclass(frozen=True, slots=True)
class Number:
    """A number under which there is a case, and what follows from it."""

    association: str
    digits: str = field(repr=False)
    opened: Opened
    nonce: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """The case of a number, within a transaction."""

    session: Session
    association: Association
    case: ComplaintCase
    key: bytes = field(repr=False)

    def seal(self, plain: bytes, name: str) -> bytes:
        """Seals one more thing of the case."""
        return vault.seal(self.key, plain, name)

    def unseal(self, sealed: bytes, name: str) -> bytes:
        """Opens a thing of the case."""
        return vault.unseal(self.key, sealed, name)

    @property
    def month(self) -> str:
        """The present month by the association's clock."""
        return f"{associations.day(self.association, now()):%Y-%m}"


def numbered(association: str) -> Number | ResponseReturnValue:
    """The number that was sent, if there is a case under it; otherwise the page that says no."""
    try:
        drawn = nonce()
    except Forged:
        return no(association, _old(), 400)
    except Stale:
        return no(association, _old(), 422)
    typed = digits(request.form.get("number", ""))
    if not typed:
        return no(association, _("Write all 16 digits of your number."), 422)
    if tries().is_full() or not _is_within():
        return no(association, _("Too many tries just now. Try again in an hour, or call."), 429)
    found = Number(association, typed, receipts().open(typed), drawn)
    if not transaction(lambda session: held(session, found) is not None):
        tries().count()
        return no(association, _("We find nothing under this number. Check each digit."), 422)
    return found


def held(session: Session, number: Number) -> Held | None:
    """The case of a number; None where there is none, or none any more."""
    association = associations.find(session, number.association)
    today = associations.day(association, now())
    case = complaint_intake.find(session, association.id, number.opened.lookup, today)
    if case is None:
        return None
    return Held(session, association, case, complaint_intake.open_key(case, vault, number.opened))


def do(number: Number, what: Callable[[Held], None]) -> None:
    """One change of the case of a number; nothing where it has just gone."""

    def work(session: Session) -> None:
        found = held(session, number)
        if found is not None:
            what(found)

    transaction(work)


def field_page(association: Association | Where, problem: str = "") -> str:
    """The one field for the number."""
    return render_template("help/ask.html", association=association, problem=problem)


def no(association: str, problem: str, status: int) -> ResponseReturnValue:
    """The field again, with the reason."""
    return field_page(Where(association), problem), status


def _is_within() -> bool:
    """Count one try more in this hour; a time of day is not kept."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    one = timedelta(hours=1)
    try:
        transaction(lambda session: throttles.count(session, KEY, EVERYBODY, one, hour))
    except TooMany:
        return False
    return True


def _old() -> str:
    return _("This page was open for too long. Write the number again.")
