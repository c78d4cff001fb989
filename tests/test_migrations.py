"""Migrations: they make the tables of the models, can be undone, and lose nothing."""

from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Integer, inspect, text
from sqlmodel import SQLModel

from rankings import db, migrating
from tests import factories

REVISIONS = [
    script.revision
    for script in reversed(
        list(ScriptDirectory(str(migrating.SCRIPTS)).walk_revisions("base", "heads"))
    )
]


def counts(engine: Engine) -> dict[str, int]:
    """The rows of each table that is there."""
    there = set(inspect(engine).get_table_names()) & set(SQLModel.metadata.tables)
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            for table in there
        }


def test_models_and_migrations_agree(engine: Engine) -> None:
    command.check(migrating.config(engine))


def test_each_migration_can_be_undone(empty_engine: Engine) -> None:
    config = migrating.config(empty_engine)
    for _ in range(2):
        for revision in REVISIONS:
            command.upgrade(config, revision)
        command.downgrade(config, "base")
    assert inspect(empty_engine).get_table_names() == ["alembic_version"]


def test_rows_outlive_every_migration(engine: Engine) -> None:
    with db.transaction(engine) as session:
        factories.everything(session)
    before = counts(engine)
    assert min(before.values()) > 0, f"factories.everything leaves a table empty: {before}"
    config = migrating.config(engine)
    for revision in reversed(REVISIONS):
        command.downgrade(config, revision)
        kept = counts(engine)
        assert kept.items() <= before.items()
        command.upgrade(config, "head")
        assert kept.items() <= counts(engine).items()


def test_revisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (migrating.SCRIPTS / "versions").glob("*.py"))
    numbers = [f"{number:04}" for number in range(1, len(names) + 1)]
    assert [name.partition("_")[0] for name in names] == numbers == REVISIONS


def test_no_migration_leans_on_private_types() -> None:
    for path in (migrating.SCRIPTS / "versions").glob("*.py"):
        assert "sqlmodel" not in path.read_text("utf-8")


def test_a_rebuilt_parent_keeps_its_children(empty_engine: Engine) -> None:
    """With foreign keys on, SQLite empties the children of a table that is rebuilt."""
    with db.migrating(empty_engine) as connection:
        for statement in (
            "CREATE TABLE parent (id integer PRIMARY KEY)",
            "CREATE TABLE child (id integer REFERENCES parent(id) ON DELETE CASCADE)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)",
        ):
            connection.exec_driver_sql(statement)
    with db.migrating(empty_engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("parent", recreate="auto") as batch:
            batch.add_column(Column("more", Integer, nullable=True))
            batch.alter_column("id", nullable=False)
    with empty_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM child")).scalar_one() == 1
