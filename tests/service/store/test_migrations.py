"""The migrations create the tables of the code, and can be reverted and applied again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, delete, insert, inspect, make_url, text
from sqlalchemy.exc import IntegrityError

from service.store import schema
from service.store.database import Database
from service.store.tables import metadata, sites
from tests.conftest import NOON
from tests.support.load_data import fill_queue


def make_database(server: str) -> str:
    """Create another database on the server, so that the one that all tests share stays as it is; return its URL."""
    name = f"migrated_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of its own, at the newest schema, with a site and 30 comments."""
    sqlite = f"sqlite:///{tmp_path / 'migrated.db'}"
    url = sqlite if request.param == "sqlite" else make_database(request.getfixturevalue("postgres"))
    opened = Database(url)
    schema.migrate(opened)
    with opened.writing() as connection:
        connection.execute(insert(sites).values(id="gazette", name="Gazette", language="en", created_at=NOON))
    fill_queue(opened, site="gazette", count=30, now=NOON)
    yield opened
    opened.close()


def differences(database: Database) -> list[Any]:
    with database.reading() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_the_migrations_create_the_tables_of_the_code(database: Database) -> None:
    assert differences(database) == []


def test_the_first_migration_can_be_reverted_and_applied_again(database: Database) -> None:
    with database.altering() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    schema.migrate(database)
    assert differences(database) == []
    with database.reading() as connection:
        assert schema.is_current(connection)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_change_that_leaves_orphaned_rows_is_rolled_back(database: Database) -> None:
    def close_all_sites() -> None:
        with database.altering() as connection:
            connection.execute(delete(sites))

    with pytest.raises(ValueError, match="rows have lost"):
        close_all_sites()
    with database.writing() as connection, pytest.raises(IntegrityError):
        connection.execute(delete(sites))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_does_not_reuse_ids_of_listed_tables(database: Database) -> None:
    known = {table.name for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
    assert known
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    with database.reading() as connection:
        assert set(connection.execute(query).scalars()) == known
