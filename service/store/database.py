"""The database, with context managers for reading and writing. No other module commits a transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from service.domain.errors import DatabaseUnavailable

BUSY_SECONDS = 5
"""SQLite waits this long for a lock of another connection, then raises `database is locked`."""

RETRY_AFTER_SECONDS = 2
"""The `Retry-After` of a 503 response when the database is unavailable."""

_WRITES = "commentdesk_writes"
"""Our own execution option, which marks connections that write. `_begin_sqlite` reads it."""


class Database:
    """An open database. Reading is separate from writing, because SQLite has a single lock for writing."""

    def __init__(self, url: str, *, waits_for_disk: bool = True) -> None:
        """Create an engine for a database URL of SQLAlchemy. The first use opens a connection.

        Without `waits_for_disk`, a commit returns before the data is on disk. A power cut may then lose the latest
        commits, a killed process does not. Background jobs use this, because a lost job is simply repeated.
        """
        self.engine = _make_engine(url)
        if not waits_for_disk:
            event.listen(self.engine, "connect", _stop_waiting_for_disk)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading. Raises DatabaseUnavailable."""
        with _translate_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a transaction, which is committed at the end or rolled back on an error. Raises DatabaseUnavailable."""
        with (
            _translate_errors(),
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """Yield a transaction that can change the schema.

        In SQLite, a table is altered by copying it to a new one and deleting the old one. Foreign keys are not enforced
        meanwhile, and checked at the end. Raises DatabaseUnavailable, or ValueError if a row has lost the row that its
        foreign key names.
        """
        with _translate_errors(), self.engine.connect().execution_options(**{_WRITES: True}) as connection:
            if connection.dialect.name != "sqlite":
                with connection.begin():
                    yield connection
                return
            # Keep the connection out of the pool, so that it is not reused while foreign keys are off.
            connection.detach()
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                orphans_before = _find_orphans(connection)
                yield connection
                orphans = _find_orphans(connection) - orphans_before
                if orphans:
                    raise ValueError(f"{len(orphans)} rows have lost the row that they belong to.")

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def find_sqlite_file(url: str) -> Path | None:
    """Return the path of the SQLite file that `url` names, or None for another database or one in memory."""
    parsed = make_url(url)
    return Path(parsed.database).absolute() if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _find_orphans(connection: Connection) -> set[tuple[object, ...]]:
    """Return the rows whose foreign key names no existing row."""
    return {tuple(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise DatabaseUnavailable instead of the driver's error if the database is locked, read-only, full or missing."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable(retry_after=RETRY_AFTER_SECONDS) from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_read_only(error):
            raise DatabaseUnavailable(retry_after=RETRY_AFTER_SECONDS) from error
        raise


def _is_read_only(error: DBAPIError) -> bool:
    # PostgreSQL's read_only_sql_transaction: the server is a standby, for example during a failover.
    return getattr(error.orig, "sqlstate", None) == "25006"


def _make_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, pool_pre_ping=True, pool_size=20, max_overflow=20, isolation_level="READ COMMITTED"
        )
    # The pool lends a connection to one thread at a time, so SQLite's own check of threads is not needed.
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Turn off the driver's own transactions, which start late. `_begin_sqlite` starts them.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL is a property of the file. It is set where the file is created (`schema.migrate`), not for each connection.
    cursor.execute("PRAGMA foreign_keys = ON")
    # With WAL, NORMAL survives a killed process. FULL also survives a power cut, as an acknowledged comment must.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _stop_waiting_for_disk(connection: Any, _record: Any) -> None:
    is_sqlite = isinstance(connection, sqlite3.Connection)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL" if is_sqlite else "SET synchronous_commit = off")
    cursor.close()
    if not is_sqlite:
        # Until it is committed, the setting is part of a transaction, which the pool would roll back.
        connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock now. A plain BEGIN would take it later and fail if another one wrote in between.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
