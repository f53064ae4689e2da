"""The producing end of the job queue: which kinds of job there are, and how requests enqueue them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huey import Huey

from service.jobs.failures import log_failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """One function for each kind of job; calling it enqueues a job."""

    deliver: Callable[[int], Any]
    rescore: Callable[[str, str], Any]
    fetch: Callable[[], Any]


def register_tasks(
    huey: Huey, *, deliver: Callable[[int], None], rescore: Callable[[str, str], None], fetch: Callable[[], None]
) -> Tasks:
    """Register the kinds of job with a queue, each with the function that does it. Once per opened queue."""
    return Tasks(
        deliver=huey.task(name="deliver")(_logged("deliver", deliver)),
        rescore=huey.task(name="rescore")(_logged("rescore", rescore)),
        fetch=huey.task(name="fetch")(_logged("fetch", fetch)),
    )


class QueuedJobs:
    """Enqueues jobs for a worker. A job that cannot be enqueued is logged: the worker's sweep finds the work."""

    def __init__(self, huey: Huey) -> None:
        """`huey` is used by this object only: a worker in the same process opens its own."""
        self._huey = huey
        self._tasks = register_tasks(huey, deliver=_refuse_to_work, rescore=_refuse_to_work, fetch=_refuse_to_work)

    def close(self) -> None:
        """Close the connection to the queue; the next job opens a new one."""
        self._huey.storage.close()

    def deliver(self, delivery_ids: list[int]) -> None:
        """Enqueue the delivery of these webhooks, which are due."""
        for delivery_id in delivery_ids:
            _enqueue("deliver", self._tasks.deliver, delivery_id)

    def rescore(self, site: str, article_id: str) -> None:
        """Enqueue the rescoring of the comments on an article that has arrived or changed."""
        _enqueue("rescore", self._tasks.rescore, site, article_id)


def _enqueue(name: str, task: Callable[..., Any], *arguments: object) -> None:
    try:
        task(*arguments)
    except Exception as error:  # noqa: BLE001  each kind of queue fails in its own way, and none may fail the request
        log_failure("job not queued", task=name, error=error)


def _refuse_to_work(*_arguments: object) -> None:
    raise RuntimeError("This process only enqueues jobs.")


def _logged(name: str, work: Callable[..., None]) -> Callable[..., None]:
    def run(*arguments: object) -> None:
        # huey would log the error's message, which may quote a row.
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001  whatever it is, the row stays due and the sweep finds it again
            log_failure("job failed", task=name, error=error)

    return run
