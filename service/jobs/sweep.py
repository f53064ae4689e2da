"""The sweep: what the worker looks for by itself, because queues lose jobs and time brings some."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from huey import Huey

from service.jobs.failures import log_failure
from service.jobs.tasks import Tasks
from service.moderation.articles.imports import import_feeds, make_fetcher
from service.moderation.articles.page_fetches import is_any_due
from service.moderation.coral.connections import make_graphql_client
from service.moderation.coral.events import look_up_comments
from service.moderation.coral.status_sync import sync_statuses
from service.moderation.idempotency import expire_idempotency_keys
from service.moderation.intake.submit import rescore_waiting
from service.moderation.privacy.erasure import erase_expired
from service.moderation.review.second_reviews import draw_second_reviews
from service.moderation.runtime import Runtime
from service.moderation.webhooks.deliveries import deliver_due, drop_old_events
from service.store.access import sessions
from service.store.review import claims
from service.store.webhooks import deliveries
from service.webhooks.sending import WebhookSender

MAX_QUEUED = 500
"""Deliveries are queued up to this length, so that a long queue does not grow by its own repetitions."""

INLINE_LIMIT = 20
CLEANUP_INTERVAL = timedelta(minutes=1)
LONG_PARTS = 5
"""Rescoring, asking and telling Coral, retention and feeds, which may all be under way at once."""


class Sweep:
    """Looks once at each call; a part that fails or takes long does not keep the others from their turn.

    Those that may take long, as other people's hosts do, have a thread each and are not begun again before their end.
    """

    def __init__(self, runtime: Runtime, *, huey: Huey, tasks: Tasks, sender: WebhookSender) -> None:
        """`tasks` puts jobs into `huey`; `sender` delivers by hand when that fails."""
        self._runtime = runtime
        self._huey = huey
        self._tasks = tasks
        self._sender = sender
        self._graphql = make_graphql_client(runtime)
        self._fetcher = make_fetcher(runtime)
        self._feeds_at: datetime | None = None
        self._chores_at: datetime | None = None
        self._threads = ThreadPoolExecutor(LONG_PARTS, thread_name_prefix="sweep")
        self._under_way: dict[str, Future[None]] = {}

    def run(self) -> None:
        """Finds due deliveries and comments whose article has come, and once a minute what is too old."""
        _attempt("deliveries", self.queue_due)
        _attempt("fetching", self._queue_fetching)
        self._begin("rescoring", lambda: rescore_waiting(self._runtime))
        self._begin("asking coral", lambda: look_up_comments(self._runtime, self._graphql))
        self._begin("telling coral", lambda: sync_statuses(self._runtime, self._graphql))
        now = self._runtime.clock()
        if self._chores_at is None or now >= self._chores_at:
            self._chores_at = now + CLEANUP_INTERVAL
            self._begin("retention", lambda: erase_expired(self._runtime))
            self._begin("feeds", self._import_feeds)
            _attempt("old events", lambda: drop_old_events(self._runtime))
            _attempt("second reviews", lambda: draw_second_reviews(self._runtime))
            _attempt("answers", lambda: expire_idempotency_keys(self._runtime))
            _attempt("sessions and claims", self._drop_expired)

    def close(self) -> None:
        """Waits for what is under way."""
        self._threads.shutdown()

    def _begin(self, name: str, part: Callable[[], object]) -> None:
        earlier = self._under_way.get(name)
        if earlier is None or earlier.done():
            self._under_way[name] = self._threads.submit(_attempt, name, part)

    def queue_due(self) -> None:
        """Queues deliveries that are due, again if need be: of two jobs for one, the second finds it taken.

        Where the queue cannot be reached, a few are delivered here and now.
        """
        try:
            room = MAX_QUEUED - self._huey.pending_count()
            for delivery_id in self._find_due(room):
                self._tasks.deliver(delivery_id)
        except Exception as error:  # noqa: BLE001  each kind of queue fails in its own way
            log_failure("job queue unreachable", part="deliveries", error=error)
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
            self._feeds_at = now + timedelta(minutes=self._runtime.settings.article_feed_minutes)
            import_feeds(self._runtime, self._fetcher)

    def _drop_expired(self) -> None:
        now = self._runtime.clock()
        with self._runtime.database.writing() as connection:
            sessions.drop_expired(connection, now=now)
            claims.drop_expired(connection, now=now)


def _attempt(name: str, part: Callable[[], object]) -> None:
    try:
        part()
    except Exception as error:  # noqa: BLE001  a locked database now is no reason to stop for good
        log_failure("sweep failed", part=name, error=error)
