"""Rows where whole objects would be slow, or somebody else may be faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def rows(
    session: Session, columns: Sequence[Any], *where: Any, by: Sequence[Any] = ()
) -> list[Any]:
    """The columns of every row for which all conditions hold, ordered by `by`."""
    session.flush()
    found = sqlalchemy.select(*columns).where(*where).order_by(*by)
    return list(session.connection().execute(found))


def insert_once(session: Session, table: type[SQLModel], row: Mapping[str, Any]) -> None:
    """Insert a row unless one with its key is there, also if somebody else is just doing so."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    session.execute(insert.values(**row).on_conflict_do_nothing())
