"""Some columns of many rows, where whole objects would be slow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlmodel import Session


def rows(
    session: Session, columns: Sequence[Any], *where: Any, by: Sequence[Any] = ()
) -> list[Any]:
    """The columns of every row for which all conditions hold, ordered by `by`."""
    session.flush()
    found = sqlalchemy.select(*columns).where(*where).order_by(*by)
    return list(session.connection().execute(found))
