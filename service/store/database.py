"""The database: an engine, and the two ways to use it. The one place where anything is committed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from service.domain.errors import DatabaseUnavailable

BUSY_SECONDS = 5
RETRY_AFTER_SECONDS = 2
_WRITES = "commentdesk_writes"


class Database:
    """An open database. Reading and writing are separate, so that SQLite takes its one write lock only to write."""

    def __init__(self, url: str, *, waits_for_disk: bool = True) -> None:
        """`url` is SQLAlchemy's; nothing is connected before the first use.

        Without `waits_for_disk` a power cut may undo the last moments' commits, a killed process never: right
        for work that is simply found and done again.
        """
        self.engine = _make_engine(url)
        if not waits_for_disk:
            event.listen(self.engine, "connect", _relax)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and writes nothing; raises DatabaseUnavailable."""
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: committed when the block ends, undone when it raises; raises DatabaseUnavailable."""
        with (
            _translated(),
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """A transaction that may change the schema; raises DatabaseUnavailable, and ValueError where keys lost their row.

        SQLite alters most of a table by making it anew, and deleting the old one must not take others' rows along.
        """
        with _translated(), self.engine.connect().execution_options(**{_WRITES: True}) as connection:
            if connection.dialect.name != "sqlite":
                with connection.begin():
                    yield connection
                return
            # Closed in the end and not pooled: nobody else is to write without foreign keys.
            connection.detach()
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                lost_before = _find_lost(connection)
                yield connection
                if lost := _find_lost(connection) - lost_before:
                    raise ValueError(f"{len(lost)} rows have lost the row that they belong to.")

    def within(self, connection: Connection) -> "Database":
        """This database as it is seen from a transaction of it: what is written there is committed with all of that."""
        return _Within(self.engine, connection)

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()


class _Within(Database):
    """A database for those who open transactions by themselves, to let them take part in one that is open."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self.engine = engine
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        yield self._connection


def _find_lost(connection: Connection) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


@contextmanager
def _translated() -> Iterator[None]:
    """A locked, read-only, full or absent database is the caller's to retry, not a fault of ours."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable(retry_after=RETRY_AFTER_SECONDS) from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_read_only(error):
            raise DatabaseUnavailable(retry_after=RETRY_AFTER_SECONDS) from error
        raise


def _is_read_only(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "25006"


def _make_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, pool_pre_ping=True, pool_size=20, max_overflow=20, isolation_level="READ COMMITTED"
        )
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins late and deferred; ours begins when told.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL is a property of the file: it is set where the file is made (see migrations), not at each connection.
    cursor.execute("PRAGMA foreign_keys = ON")
    # With WAL, NORMAL survives a killed process; FULL also survives a power cut, which an acknowledged comment must.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _relax(connection: Any, _record: Any) -> None:
    is_sqlite = isinstance(connection, sqlite3.Connection)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL" if is_sqlite else "SET synchronous_commit = off")
    cursor.close()
    if not is_sqlite:
        # The setting is part of a transaction until then, and the pool would undo it.
        connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
