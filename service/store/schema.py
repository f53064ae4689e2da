"""Migrate a database to the newest schema with Alembic, and check whether it has that schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store.database import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(database: Database, *, revision: str = "head") -> None:
    """Migrate the schema to `revision` of Alembic. Do nothing if the database has the newest schema already."""
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            # The journal mode cannot be changed inside a transaction, and SQLAlchemy has begun one.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            connection.exec_driver_sql("BEGIN")
    with database.reading() as connection:
        if revision == "head" and is_current(connection):
            return
    with database.altering() as connection:
        if connection.dialect.name == "postgresql":
            # Several processes may start at once. The lock ends with the transaction; its number is arbitrary.
            connection.execute(text("SELECT pg_advisory_xact_lock(4266836637)"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(connection: Connection) -> bool:
    """Return whether the database has the schema that this code needs."""
    return MigrationContext.configure(connection).get_current_revision() == _newest_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@cache
def _newest_revision() -> str | None:
    # Cached, because the readiness check runs every few seconds.
    return ScriptDirectory.from_config(_config()).get_current_head()
