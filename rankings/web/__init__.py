"""The pages, one module per audience; a page opens the database through the two names here."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app
from sqlmodel import Session

from rankings import db


def reading() -> AbstractContextManager[Session]:
    """One moment of the application's database."""
    return db.reading(current_app.extensions["engine"])


def transaction() -> AbstractContextManager[Session]:
    """One change of the application's database."""
    return db.transaction(current_app.extensions["engine"])
