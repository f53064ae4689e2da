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
from sqlalchemy import Connection, create_engine, delete, insert, inspect, make_url, select, text, update
from sqlalchemy.exc import IntegrityError

from service.store import schema, tables
from service.store.database import Database
from service.store.review import actions, escalations, second_reviews, verdicts
from service.store.review.actions import Action, Step
from service.store.review.escalations import Escalation, Topic
from service.store.review.second_reviews import Candidate
from service.store.review.verdicts import Verdict
from service.store.tables import audit_log, comments, metadata, queue, sites
from service.store.webhooks import deliveries, endpoints
from tests.conftest import NOON
from tests.support.load_data import fill_queue

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
    with database.altering() as connection:
        take_back(connection, revision)


def take_back(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def decide_one(database: Database) -> None:
    """A comment is decided with one stroke, put before a second person, and told of; another is with the editors."""
    here = {"site": "gazette", "comment_id": "crowd-0"}
    verdict = Verdict(
        comment_id="crowd-0", revision=1, outcome="reject", reason="toxic", note="", by="person:ana", source="page",
        queue_kinds=["held"], decision_id=1, sampling_probability=1.0, decided_at=NOON,
    )  # fmt: skip
    with database.writing() as connection:
        number = verdicts.add_verdict(connection, site="gazette", verdict=verdict)
        candidate = Candidate(site="gazette", verdict_id=number, comment_id="crowd-0", revision=1, by="person:ana")
        second_reviews.ask(connection, candidate, probability=1.0, now=NOON)
        action = Action(by="person:ana", outcome="reject", made_at=NOON, until=NOON)
        step = Step(comment_id="crowd-0", verdict_id=number, before={})
        actions.add_step(connection, action_id=actions.add_stroke(connection, site="gazette", action=action), step=step)
        escalation = Escalation(comment_id="crowd-1", topic=Topic.LEGAL, note="", by="person:ana", at=NOON)
        escalations.add_escalation(connection, site="gazette", escalation=escalation)
        endpoints.add_endpoint(
            connection, site="gazette", url="https://a.example", secret="s", event_types=[], now=NOON
        )
        [due] = deliveries.add_event(connection, **here, type="comment.verdict", data={}, now=NOON, due_at=NOON)
        connection.execute(insert(tables.attempts).values(delivery_id=due, status=500, error="", seconds=1, at=NOON))


def read_all(database: Database) -> dict[str, list[Any]]:
    with database.reading() as connection:
        return {
            table.name: list(connection.execute(select(table).order_by(*table.primary_key.columns)))
            for table in tables.metadata.sorted_tables
        }


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


def test_tables_are_made_anew_without_losing_what_belongs_to_their_rows(database: Database) -> None:
    decide_one(database)
    before = read_all(database)
    assert all(before[name] for name in ("verdicts", "second_reviews", "action_items", "escalations", "attempts"))
    go_down(database, "0007")
    assert read_all(database) == before
    schema.migrate(database)
    assert read_all(database) == before
    with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_table_is_made_anew_while_others_rows_would_go_with_it(database: Database) -> None:
    with database.writing() as connection, pytest.raises(RuntimeError, match="belong"):
        take_back(connection, "0007")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_change_that_leaves_rows_without_what_they_belong_to_is_undone(database: Database) -> None:
    def close_all_sites() -> None:
        with database.altering() as connection:
            connection.execute(delete(sites))

    with pytest.raises(ValueError, match="rows have lost"):
        close_all_sites()
    with database.writing() as connection, pytest.raises(IntegrityError):
        connection.execute(delete(sites))


def test_tables_whose_numbers_are_given_once_are_those_that_the_code_knows(database: Database) -> None:
    known = {table.name for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
    assert known
    if database.engine.dialect.name == "sqlite":
        query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        with database.reading() as connection:
            assert set(connection.execute(query).scalars()) == known


def test_what_earlier_releases_left_of_erased_comments_goes(database: Database) -> None:
    go_down(database, "0006")
    facts = {"site": "gazette", "actor": "person:ed", "action": "author.trust", "subject": "a-1", "at": NOON}
    with database.writing() as connection:
        connection.execute(update(comments).where(comments.c.id == "crowd-7").values(state="erased"))
        connection.execute(insert(audit_log).values(**facts, facts={"trust": "trusted", "seen_at": "crowd-7"}))
    schema.migrate(database)
    with database.reading() as connection:
        hashes = {
            row.id: row.content_hash for row in connection.execute(select(comments.c.id, comments.c.content_hash))
        }
        kept = connection.execute(select(audit_log.c.facts)).scalars().all()
    assert (hashes.pop("crowd-7"), set(hashes.values())) == ("", {"0" * 64})
    assert kept == [{"trust": "trusted"}]


def test_what_waits_is_in_its_place_again(database: Database) -> None:
    before = read_waiting(database)
    go_down(database, "0002")
    with database.reading() as connection:
        assert "place" not in {column["name"] for column in inspect(connection).get_columns("queue")}
        assert connection.execute(text("SELECT count(*) FROM queue")).scalar_one() == 30
    schema.migrate(database)
    assert read_waiting(database) == before
