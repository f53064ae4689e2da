"""The worker: runs jobs from the queue in a few threads, and sweeps for due work, until it is stopped."""

import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TypeAlias

import structlog
from huey import Huey
from huey.consumer import Consumer

from service.jobs.broker import open_queue
from service.jobs.sweep import Sweep
from service.jobs.tasks import register_work
from service.moderation.runtime import Runtime
from service.moderation.webhooks.deliveries import make_sender
from service.store.database import Database

THREADS = 8
"""They mostly wait for webhook receivers, not for the processor."""

# A queue that cannot notify (SQLite) is polled this often: quickly after a job, less often when idle.
FIRST_PAUSE_SECONDS = 0.02
MAX_PAUSE_SECONDS = 0.2

Stop: TypeAlias = SimpleQueue[int]
"""Putting anything into it stops the worker. Unlike `Event.set`, its `put` is safe in a signal handler."""

log = structlog.get_logger()


def run_worker(runtime: Runtime, *, stop: Stop, threads: int = THREADS) -> None:
    """Work until something is put into `stop`, then finish the current jobs and return.

    A worker that is killed instead loses nothing: its jobs are due again when their lease expires.
    """
    huey = open_queue(runtime.settings)
    # The sweep repeats any work whose record is lost, so these writes need not wait for the disk.
    database = Database(runtime.settings.resolved_database_url, waits_for_disk=False)
    runtime = replace(runtime, database=database)
    sender = make_sender(runtime)
    sweep = Sweep(runtime, huey=huey, tasks=register_work(huey, runtime, sender), sender=sender)
    # PostgreSQL's storage has a listening connection for each thread, which only that thread can close.
    huey.on_shutdown("close")(_make_closer(huey))
    consumer = _start_consumer(huey, threads)
    log.info("worker started", threads=threads)
    try:
        while not _is_stopped(stop, runtime.settings.sweep_interval_seconds):
            sweep.run()
            consumer.check_worker_health()
    finally:
        consumer.stop(graceful=True)
        sweep.close()
        huey.storage.close()
        database.close()
    log.info("worker stopped")


def stop_on_signals(stop: Stop) -> None:
    """Make SIGTERM and SIGINT stop the worker; call it in the main thread."""

    def request_stop(number: int, _frame: FrameType | None) -> None:
        stop.put(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, request_stop)


class _Consumer(Consumer):  # type: ignore[misc]  # huey publishes no types
    """huey's consumer without its signal handlers, which need the main thread and drop jobs on SIGTERM."""

    def _set_signal_handlers(self) -> None:
        pass


def _start_consumer(huey: Huey, threads: int) -> Consumer:
    consumer = _Consumer(
        huey,
        workers=threads,
        periodic=False,
        initial_delay=FIRST_PAUSE_SECONDS,
        max_delay=MAX_PAUSE_SECONDS,
        # Nothing is scheduled in the queue: the rows in the database have the times.
        scheduler_interval=60,
    )
    consumer.start()
    return consumer


def _make_closer(huey: Huey) -> Callable[[], None]:
    # Threads that close a storage at the same time fail on each other's closed connection.
    lock = threading.Lock()

    def close() -> None:
        with lock:
            huey.storage.close()

    return close


def _is_stopped(stop: Stop, seconds: float) -> bool:
    try:
        stop.get(timeout=seconds)
    except Empty:
        return False
    return True
