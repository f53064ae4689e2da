"""The worker: takes jobs from the queue with a few threads, and sweeps, until it is told to stop."""

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
"""They wait for receivers, not for the processor."""

# A queue without waiting (SQLite) is asked for work this often: quickly after some, seldom when idle.
FIRST_PAUSE_SECONDS = 0.02
MAX_PAUSE_SECONDS = 0.2

Stop: TypeAlias = SimpleQueue[int]
"""Anything put into it stops the worker; unlike an Event's, its `put` is safe in a signal handler."""

log = structlog.get_logger()


def run_worker(runtime: Runtime, *, stop: Stop, threads: int = THREADS) -> None:
    """Works until something is put into `stop`, then finishes what it holds and returns.

    Killed instead, it loses nothing: what it held is due again when its lease has run out.
    """
    huey = open_queue(runtime.settings)
    # All that is written here is found and done again if it gets lost, and the requests wait for the same disk.
    database = Database(runtime.settings.resolved_database_url, waits_for_disk=False)
    runtime = replace(runtime, database=database)
    sender = make_sender(runtime)
    sweep = Sweep(runtime, huey=huey, tasks=register_work(huey, runtime, sender), sender=sender)
    # PostgreSQL's storage keeps a listening connection for each thread, which only that thread can close.
    huey.on_shutdown("close")(_make_closer(huey))
    consumer = _start_consumer(huey, threads)
    log.info("worker started", threads=threads)
    try:
        while not _is_told(stop, runtime.settings.sweep_interval_seconds):
            sweep.run()
            consumer.check_worker_health()
    finally:
        consumer.stop(graceful=True)
        sweep.close()
        huey.storage.close()
        database.close()
    log.info("worker stopped")


def stop_on_signals(stop: Stop) -> None:
    """Has SIGTERM and SIGINT stop the worker; only in a process's main thread."""

    def tell(number: int, _frame: FrameType | None) -> None:
        stop.put(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)


class _Consumer(Consumer):  # type: ignore[misc]  # huey publishes no types
    """huey's threads without its signal handlers, which want the main thread and drop work on SIGTERM."""

    def _set_signal_handlers(self) -> None:
        pass


def _start_consumer(huey: Huey, threads: int) -> Consumer:
    consumer = _Consumer(
        huey,
        workers=threads,
        periodic=False,
        initial_delay=FIRST_PAUSE_SECONDS,
        max_delay=MAX_PAUSE_SECONDS,
        # Nothing is scheduled in the queue: times are in the rows.
        scheduler_interval=60,
    )
    consumer.start()
    return consumer


def _make_closer(huey: Huey) -> Callable[[], None]:
    # Threads that close a storage at the same moment trip over each other's closed connection.
    turn = threading.Lock()

    def close() -> None:
        with turn:
            huey.storage.close()

    return close


def _is_told(stop: Stop, seconds: float) -> bool:
    try:
        stop.get(timeout=seconds)
    except Empty:
        return False
    return True
