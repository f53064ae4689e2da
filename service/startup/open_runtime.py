"""Opening the runtime: the only module that puts the database, the models and the job queue together."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from service.jobs.broker import open_queue
from service.jobs.queue import QueuedJobs
from service.moderation.live_models import LiveModels
from service.moderation.runtime import Runtime, utc_now
from service.settings import Settings
from service.store import schema
from service.store.database import Database

if TYPE_CHECKING:
    # It imports scikit-learn, which takes a second: commands that never score must not wait for it.
    from models.scorer import Scorer


@contextmanager
def open_runtime(
    settings: Settings,
    *,
    database: Database | None = None,
    scorer: "Scorer | None" = None,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Runtime]:
    """Migrate the database and open a runtime on it. The models are opened on first use.

    Pass an open `database` or `scorer` to use it instead of the one in the settings; it is not closed. `clock` returns
    the current time in UTC. Raises DatabaseUnavailable if the database cannot be reached.
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


def _open_scorer(settings: Settings) -> "Scorer":
    from models.release import newest_release  # imports scikit-learn, see above
    from models.scorer import Scorer

    # A service works on several requests at once; threads inside each of them would only wait for one another.
    threadpool_limits(limits=1)
    return Scorer(newest_release(settings.releases_dir))
