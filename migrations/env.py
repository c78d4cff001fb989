"""Runs the migrations in one transaction of the application's own engine."""

import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from rankings import db, models
from rankings.models.columns import JsonDoc

assert models.__all__  # the tables register themselves on import


def engine() -> Engine:
    given: Engine | None = context.config.attributes.get("engine")
    return given or db.connect(os.environ["RANKINGS_DATABASE_URL"])


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Old migrations must not depend on a library's private types."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    if isinstance(item, JsonDoc):
        autogen.imports.add("from rankings.models.columns import JsonDoc")
        return "JsonDoc()"
    if type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


with db.migrating(engine()) as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()
