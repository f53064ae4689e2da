"""Opening the desk: the one place where the database, the models and the job queue are put together."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime

from threadpoolctl import threadpool_limits

from models.release import newest_release
from models.scorer import Scorer
from service.jobs.broker import open_queue
from service.jobs.tasks import QueuedJobs
from service.moderation.runtime import Runtime, utc_now
from service.moderation.scoring.live_models import LiveModels
from service.settings import Settings
from service.store import schema
from service.store.database import Database


@contextmanager
def open_runtime(
    settings: Settings,
    *,
    database: Database | None = None,
    scorer: Scorer | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Runtime]:
    """A working desk on a migrated database. `database` and `scorer` spare opening what is open already, and stay
    open; `clock` tells the time.

    Raises DatabaseUnavailable where the database cannot be had.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        database = database or opened.enter_context(closing(Database(settings.resolved_database_url)))
        schema.migrate(database)
        yield Runtime(
            settings=settings,
            database=database,
            scorers=LiveModels(lambda: scorer or _open_scorer(settings), settings.site_releases_dir),
            secret_key=settings.resolved_secret_key,
            clock=clock,
            jobs=opened.enter_context(closing(QueuedJobs(open_queue(settings)))),
        )


def _open_scorer(settings: Settings) -> Scorer:
    # A service works on several requests at once; threads inside each of them would only wait for one another.
    threadpool_limits(limits=1)
    return Scorer(newest_release(settings.releases_dir))
