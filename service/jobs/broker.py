"""The broker: where the job queue is stored. By default it follows the database."""

import json
from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import URL, make_url

from service.settings import Settings

QUEUE_NAME = "commentdesk"
BUSY_SECONDS = 1
"""How long a request waits for the queue, at most: its data is already in the database."""


class JsonMessages(Serializer):  # type: ignore[misc]  # huey publishes no types
    """Serialises jobs as JSON. With huey's default, pickle, anyone who can write to the queue could run code."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(**json.loads(data))


def open_queue(settings: Settings) -> Huey:
    """Open the queue of these settings, creating its storage. Raises ValueError for an unsupported URL."""
    url = _find_url(settings)
    # No results: the outcome of a job is in our own tables.
    shared: dict[str, Any] = {"name": QUEUE_NAME, "results": False, "serializer": JsonMessages()}
    match url.get_backend_name():
        case "sqlite":
            # Not synchronised to disk: the sweep finds jobs again that a power failure lost.
            return SqliteHuey(**shared, filename=url.database, fsync=False, timeout=BUSY_SECONDS, cache_mb=1)
        case "postgresql":
            dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
            return _open_postgres(dsn=dsn, **shared)
        case "redis" | "rediss":
            return RedisHuey(**shared, url=url.render_as_string(hide_password=False))
        case other:
            raise ValueError(f"A job queue in {other} is not supported.")


def _open_postgres(**facts: Any) -> Huey:
    import psycopg  # an extra, which only those with PostgreSQL have

    # `create table if not exists` fails in one of two processes that start at once, with an error that depends on how
    # far the other one is. So they create the tables one after another; any constant number will do for the lock.
    with psycopg.connect(facts["dsn"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(4266836638)")
        return PostgresHuey(**facts, table_prefix="jobs")


def _find_url(settings: Settings) -> URL:
    if settings.jobs_url is not None:
        return make_url(settings.jobs_url.get_secret_value())
    database = make_url(settings.resolved_database_url)
    if database.get_backend_name() != "sqlite" or database.database is None:
        return database
    # A separate file, because the polling of the queue would compete for the database's single write lock.
    file = Path(database.database)
    return database.set(database=str(file.with_name(f"{file.stem}-jobs{file.suffix}")))
