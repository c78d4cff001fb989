"""Brings the tables to the newest form."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def config(engine: Engine) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    settings.attributes["engine"] = engine
    return settings


def upgrade(engine: Engine) -> None:
    command.upgrade(config(engine), "head")
