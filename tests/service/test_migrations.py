"""The migrations: they make the tables that the code knows, and each can be taken back without losing a comment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, make_url, select, text

from service.store import schema
from service.store.database import Database
from service.store.tables import comments, metadata, queue, sites
from tests.conftest import NOON
from tests.crowd import fill_queue

REVISIONS = [
    script.revision for script in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions() if script.down_revision
]
"""Those that can be taken back to an earlier one, newest first."""

FILLED = ("place", "leads", "article_id", "author_id", "findings", "toxicity", "relevance", "likely_to_reject")
"""Columns of the queue that the third migration works out for what waits already."""


def make_database(server: str) -> str:
    """Another database on the server: the one that all tests share stays as it is."""
    name = f"migrated_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of its own, at the newest schema, in which some comments wait."""
    sqlite = f"sqlite:///{tmp_path / 'migrated.db'}"
    url = sqlite if request.param == "sqlite" else make_database(request.getfixturevalue("postgres"))
    opened = Database(url)
    schema.migrate(opened)
    with opened.writing() as connection:
        connection.execute(insert(sites).values(id="gazette", name="Gazette", language="en", created_at=NOON))
    fill_queue(opened, site="gazette", count=30, now=NOON)
    yield opened
    opened.close()


def go_down(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def read_waiting(database: Database) -> list[dict[str, Any]]:
    query = select(queue.c.comment_id, *(queue.c[name] for name in FILLED)).order_by(queue.c.comment_id)
    with database.reading() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001  SQLAlchemy's public way
    return [{**row, "place": round(row["place"], 6)} for row in rows]


def differences(database: Database) -> list[Any]:
    with database.reading() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    assert differences(database) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_migration_is_taken_back_and_made_again(database: Database, revision: str) -> None:
    go_down(database, f"{revision}-1")
    schema.migrate(database, revision=revision)
    schema.migrate(database)
    assert differences(database) == []
    with database.reading() as connection:
        assert schema.is_current(connection)
        assert len(connection.execute(select(comments.c.id)).all()) == 30


def test_what_waits_is_in_its_place_again(database: Database) -> None:
    before = read_waiting(database)
    go_down(database, "0002")
    with database.reading() as connection:
        assert "place" not in {column["name"] for column in inspect(connection).get_columns("queue")}
        assert connection.execute(text("SELECT count(*) FROM queue")).scalar_one() == 30
    schema.migrate(database)
    assert read_waiting(database) == before
