"""The database: an engine, and context managers for reading and writing. Only this module commits."""

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
RETRY_AFTER_SECONDS = 2
_WRITES = "commentdesk_writes"


class Database:
    """An open database. Reading and writing are separate, so that SQLite takes its single write lock only to write."""

    def __init__(self, url: str, *, waits_for_disk: bool = True) -> None:
        """Take a URL in SQLAlchemy's form. The first use opens a connection.

        Without `waits_for_disk`, a power cut may lose the latest commits; a killed process does not. That is enough for
        work that is simply repeated if its result is lost.
        """
        self.engine = _make_engine(url)
        if not waits_for_disk:
            event.listen(self.engine, "connect", _relax)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading a consistent state of the database. Raises DatabaseUnavailable."""
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a transaction. It is committed at the end, and rolled back on an error. Raises DatabaseUnavailable."""
        with (
            _translated(),
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """Yield a transaction that can change the schema.

        Raises DatabaseUnavailable, and ValueError if a foreign key no longer has its row. SQLite alters a table by
        copying it to a new one, so foreign keys are off while the old table is deleted.
        """
        with _translated(), self.engine.connect().execution_options(**{_WRITES: True}) as connection:
            if connection.dialect.name != "sqlite":
                with connection.begin():
                    yield connection
                return
            # The connection does not return to the pool, so that no one else writes without foreign keys.
            connection.detach()
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                orphans_before = _find_orphans(connection)
                yield connection
                if orphans := _find_orphans(connection) - orphans_before:
                    raise ValueError(f"{len(orphans)} rows have lost the row that they belong to.")

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def find_sqlite_file(url: str) -> Path | None:
    """Return the path of the SQLite file that `url` names, or None for another database or one in memory."""
    parsed = make_url(url)
    return Path(parsed.database).absolute() if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _find_orphans(connection: Connection) -> set[tuple[object, ...]]:
    """Return the rows whose foreign key has no row."""
    return {tuple(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


@contextmanager
def _translated() -> Iterator[None]:
    """Raise DatabaseUnavailable for a locked, read-only, full or missing database, so that clients can retry."""
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
    # Turn off the driver's own transactions, which start late. `_begin_sqlite` starts them.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL is a property of the file. It is set where the file is created (`schema.migrate`), not for each connection.
    cursor.execute("PRAGMA foreign_keys = ON")
    # With WAL, NORMAL survives a killed process. FULL also survives a power cut, as an acknowledged comment must.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _relax(connection: Any, _record: Any) -> None:
    is_sqlite = isinstance(connection, sqlite3.Connection)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL" if is_sqlite else "SET synchronous_commit = off")
    cursor.close()
    if not is_sqlite:
        # Until it is committed, the setting is part of a transaction, which the pool would roll back.
        connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
