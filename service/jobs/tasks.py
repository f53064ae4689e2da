"""The kinds of job, and the two ends of the queue: where they are put in and where they are done."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huey import Huey

from service.jobs.failures import log_failure
from service.moderation.articles.page_fetches import fetch_due, make_page_fetcher
from service.moderation.intake.submit import rescore_waiting
from service.moderation.runtime import Runtime
from service.moderation.webhooks.deliveries import deliver
from service.webhooks.sending import WebhookSender


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """Calling one of these puts a job into the queue."""

    deliver: Callable[[int], Any]
    rescore: Callable[[str, str], Any]
    fetch: Callable[[], Any]


def register_tasks(
    huey: Huey, *, deliver: Callable[[int], None], rescore: Callable[[str, str], None], fetch: Callable[[], None]
) -> Tasks:
    """Tells a queue what its jobs are called and who does them; once for each queue that was opened."""
    return Tasks(
        deliver=huey.task(name="deliver")(_logged("deliver", deliver)),
        rescore=huey.task(name="rescore")(_logged("rescore", rescore)),
        fetch=huey.task(name="fetch")(_logged("fetch", fetch)),
    )


def register_work(huey: Huey, runtime: Runtime, sender: WebhookSender) -> Tasks:
    """Has the queue's jobs done here."""
    pages = make_page_fetcher(runtime)
    turn = threading.Lock()

    def deliver_one(delivery_id: int) -> None:
        deliver(runtime, delivery_id, sender=sender)

    def rescore_article(site: str, article_id: str) -> None:
        rescore_waiting(runtime, site=site, article_id=article_id)

    def fetch_articles() -> None:
        # One page after the other, however often the sweep asks: neither a slow host nor many articles may take
        # the threads that webhooks need, and no newspaper's host is to be hurried.
        if turn.acquire(blocking=False):
            try:
                fetch_due(runtime, pages)
            finally:
                turn.release()

    return register_tasks(huey, deliver=deliver_one, rescore=rescore_article, fetch=fetch_articles)


class QueuedJobs:
    """Puts jobs into a queue that a worker empties. If that fails it is logged: the sweep finds the work."""

    def __init__(self, huey: Huey) -> None:
        """`huey` is this object's own: a worker in the same process opens another."""
        self._huey = huey
        self._tasks = register_tasks(huey, deliver=_done_elsewhere, rescore=_done_elsewhere, fetch=_done_elsewhere)

    def close(self) -> None:
        """Closes the connection to the queue; the next job would open another."""
        self._huey.storage.close()

    def deliver(self, delivery_ids: list[int]) -> None:
        """These deliveries are due."""
        for delivery_id in delivery_ids:
            _put("deliver", self._tasks.deliver, delivery_id)

    def rescore(self, site: str, article_id: str) -> None:
        """This article has arrived or changed."""
        _put("rescore", self._tasks.rescore, site, article_id)


def _put(name: str, task: Callable[..., Any], *facts: object) -> None:
    try:
        task(*facts)
    except Exception as error:  # noqa: BLE001  each kind of queue fails in its own way, and none may fail the request
        log_failure("job not queued", part=name, error=error)


def _done_elsewhere(*_facts: object) -> None:
    raise RuntimeError("This process only puts jobs in.")


def _logged(name: str, work: Callable[..., None]) -> Callable[..., None]:
    def run(*facts: object) -> None:
        # huey would log the error's own words, which may quote a row.
        try:
            work(*facts)
        except Exception as error:  # noqa: BLE001  whatever it is, the row stays due and the sweep comes back to it
            log_failure("job failed", part=name, error=error)

    return run
