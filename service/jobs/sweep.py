"""The sweep: finds due work in the database, because queues lose jobs and some work becomes due with time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from huey import Huey

from service.jobs.failures import log_failure
from service.jobs.queue import Tasks
from service.moderation.articles.imports import import_feeds, make_fetcher
from service.moderation.articles.page_fetches import is_any_due
from service.moderation.coral.connections import make_graphql_client
from service.moderation.coral.events import look_up_comments
from service.moderation.coral.status_sync import sync_statuses
from service.moderation.idempotency import expire_idempotency_keys
from service.moderation.intake.submit import rescore_waiting
from service.moderation.privacy.erasure import erase_expired
from service.moderation.review.second_reviews import sample_second_reviews
from service.moderation.runtime import Runtime
from service.moderation.webhooks.deliveries import deliver_due, drop_old_events
from service.store.access import sessions
from service.store.review import claims
from service.store.webhooks import deliveries
from service.webhooks.sending import WebhookSender

MAX_QUEUED = 500
"""Deliveries are enqueued up to this queue length, so that a long queue does not fill up with repetitions."""

INLINE_LIMIT = 20
"""How many deliveries one sweep makes itself if the queue is unreachable."""

CLEANUP_INTERVAL = timedelta(minutes=1)
LONG_TASKS = 5
"""Rescoring, two exchanges with Coral, retention and feeds, which may all run at the same time."""


class Sweep:
    """Looks for due work once per call of `run`; a task that fails or takes long does not delay the others.

    Tasks that may take long, for example because they wait for other hosts, run in a thread each. They are not started
    again before they end.
    """

    def __init__(self, runtime: Runtime, *, huey: Huey, tasks: Tasks, sender: WebhookSender) -> None:
        """`tasks` enqueues jobs in `huey`; if that fails, `sender` delivers directly."""
        self._runtime = runtime
        self._huey = huey
        self._tasks = tasks
        self._sender = sender
        self._graphql = make_graphql_client(runtime)
        self._fetcher = make_fetcher(runtime)
        self._feeds_at: datetime | None = None
        self._cleanup_at: datetime | None = None
        self._threads = ThreadPoolExecutor(LONG_TASKS, thread_name_prefix="sweep")
        self._running: dict[str, Future[None]] = {}

    def run(self) -> None:
        """Find due deliveries and comments whose article has arrived; once a minute also what has expired."""
        _attempt("deliveries", self.queue_due)
        _attempt("fetching", self._queue_fetching)
        self._start("rescoring", lambda: rescore_waiting(self._runtime))
        self._start("coral look-ups", lambda: look_up_comments(self._runtime, self._graphql))
        self._start("coral status", lambda: sync_statuses(self._runtime, self._graphql))
        now = self._runtime.clock()
        if self._cleanup_at is None or now >= self._cleanup_at:
            self._cleanup_at = now + CLEANUP_INTERVAL
            self._start("retention", lambda: erase_expired(self._runtime))
            self._start("feeds", self._import_feeds)
            _attempt("old events", lambda: drop_old_events(self._runtime))
            _attempt("second reviews", lambda: sample_second_reviews(self._runtime))
            _attempt("idempotency keys", lambda: expire_idempotency_keys(self._runtime))
            _attempt("sessions and claims", self._drop_expired)

    def close(self) -> None:
        """Wait for running tasks."""
        self._threads.shutdown()

    def _start(self, name: str, task: Callable[[], object]) -> None:
        earlier = self._running.get(name)
        if earlier is None or earlier.done():
            self._running[name] = self._threads.submit(_attempt, name, task)

    def queue_due(self) -> None:
        """Enqueue due deliveries, some of them again: of two jobs for one delivery, the second finds it taken.

        If the queue is unreachable, deliver a few of them directly.
        """
        try:
            free = MAX_QUEUED - self._huey.pending_count()
            for delivery_id in self._find_due(free):
                self._tasks.deliver(delivery_id)
        except Exception as error:  # noqa: BLE001  each kind of queue fails in its own way
            log_failure("job queue unreachable", task="deliveries", error=error)
            deliver_due(self._runtime, sender=self._sender, limit=INLINE_LIMIT)

    def _find_due(self, limit: int) -> list[int]:
        if limit <= 0:
            return []
        with self._runtime.database.reading() as connection:
            return deliveries.find_due(connection, now=self._runtime.clock(), limit=limit)

    def _queue_fetching(self) -> None:
        if is_any_due(self._runtime):
            self._tasks.fetch()

    def _import_feeds(self) -> None:
        now = self._runtime.clock()
        if self._feeds_at is None or now >= self._feeds_at:
            self._feeds_at = now + timedelta(minutes=self._runtime.settings.article_feed_interval_minutes)
            import_feeds(self._runtime, self._fetcher)

    def _drop_expired(self) -> None:
        now = self._runtime.clock()
        with self._runtime.database.writing() as connection:
            sessions.drop_expired(connection, now=now)
            claims.drop_expired(connection, now=now)


def _attempt(name: str, task: Callable[[], object]) -> None:
    try:
        task()
    except Exception as error:  # noqa: BLE001  a database that is locked now must not end the worker
        log_failure("sweep failed", task=name, error=error)
