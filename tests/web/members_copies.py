"""The members once more, from a copy of their folder: quicker than making all anew."""

from __future__ import annotations

from pathlib import Path

from rankings import db
from tests.web import members, small
from tests.web.members import Members


def copied(held: Members, folder: Path) -> Members:
    """The same on the copy of a folder in which the SQLite file is called `db.sqlite`."""
    engine = db.connect(f"sqlite:///{folder / 'db.sqlite'}")
    app = members.app_of(small.known_settings(engine, folder))
    return Members(app, engine, dict(held.accounts), dict(held.things))
