"""The pages, one module per audience; a page opens the database through the names here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TypeVar

from flask import current_app, g
from sqlmodel import Session

from rankings import db, journaling
from rankings.settings import Settings
from rankings.usecases import journal

T = TypeVar("T")


def reading() -> AbstractContextManager[Session]:
    """One moment of the application's database."""
    return db.reading(current_app.extensions["engine"])


def transaction(work: Callable[[Session], T]) -> T:
    """One change of the application's database, done again where another one came between.

    What it added to the journal is sealed right after.
    """
    touched: set[str] = set()

    def noting(session: Session) -> T:
        value = work(session)
        touched.update(session.info.get(journal.TOUCHED, ()))
        return value

    value = journaling.run(current_app.extensions["engine"], settings().data, noting)
    if touched:
        g.journalled = True
    return value


def settings() -> Settings:
    """What the deployment said."""
    found: Settings = current_app.extensions["settings"]
    return found


def now() -> datetime:
    """The present moment by the application's clock."""
    moment: datetime = current_app.extensions["clock"]()
    return moment


def act() -> journal.Act:
    """Whoever is signed in does something now."""
    person = g.get("person")
    return journal.Act(str(person.account) if person else journal.NOBODY, now())
