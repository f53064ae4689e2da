"""The job queue and the worker: quick in normal operation, and no work is lost in a failure."""

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from pydantic import SecretStr
from sqlalchemy import func, select, text

from service.jobs import sweep
from service.jobs.broker import open_queue
from service.jobs.queue import QueuedJobs
from service.jobs.sweep import Sweep
from service.jobs.tasks import register_work
from service.jobs.worker import Stop, run_worker, stop_on_signals
from service.moderation.intake.submit import Submission, submit
from service.moderation.runtime import Runtime
from service.moderation.webhooks import endpoints
from service.moderation.webhooks.deliveries import make_sender
from service.settings import Settings
from service.store import idempotency_keys, tables
from service.store.access import users
from service.store.idempotency_keys import StoredResponse
from service.store.review import claims
from service.store.webhooks import deliveries
from tests.support.builders import INSULT, a_site
from tests.support.receiver import Receiver, Reply, run_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


@pytest.fixture
def newsroom(runtime: Runtime, receiver: Receiver) -> Runtime:
    """A runtime with the real clock, its queue next to its database, and a receiver of all events."""
    following = runtime.settings.model_copy(update={"jobs_url": None})
    today = replace(runtime, settings=following, clock=lambda: datetime.now(UTC))
    drop_queue(today)
    endpoints.create_endpoint(today, a_site(today), url=receiver.url)
    return today


def drop_queue(runtime: Runtime) -> None:
    """Drop the queue in the PostgreSQL server that tests share; with SQLite it is a file of the test."""
    if runtime.database.engine.dialect.name == "postgresql":
        with runtime.database.writing() as connection:
            connection.execute(text("DROP TABLE IF EXISTS jobs_task, jobs_schedule, jobs_kv, jobs_counter"))


@pytest.fixture
def queue(newsroom: Runtime) -> Iterator[Huey]:
    opened = open_queue(newsroom.settings)
    yield opened
    opened.storage.close()


def announce(runtime: Runtime, *, count: int = 1) -> list[int]:
    """Add events about a comment without enqueuing jobs; return the ids of the deliveries."""
    now = runtime.clock()
    facts = {"site": "gazette", "type": "comment.decided", "comment_id": "c-1", "data": {"id": "c-1"}}
    with runtime.database.writing() as connection:
        added = [deliveries.add_event(connection, **facts, now=now, due_at=now) for _ in range(count)]  # type: ignore[arg-type]  # one dictionary for four types
    return [number for numbers in added for number in numbers]


@contextmanager
def working(runtime: Runtime) -> Iterator[None]:
    """Run a worker until the block ends."""
    stop = Stop()
    worker = threading.Thread(target=run_worker, args=(runtime,), kwargs={"stop": stop, "threads": 3})
    worker.start()
    try:
        yield
    finally:
        stop.put(0)
        worker.join(timeout=60)
        assert not worker.is_alive()


def states(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as connection:
        return [found.state for found in deliveries.list_deliveries(connection, site="gazette")]


def make_sweep(runtime: Runtime, queue: Huey) -> Sweep:
    sender = make_sender(runtime)
    return Sweep(runtime, huey=queue, tasks=register_work(queue, runtime, sender), sender=sender)


def test_the_queue_follows_the_database(newsroom: Runtime, queue: Huey) -> None:
    if newsroom.database.engine.dialect.name == "sqlite":
        assert isinstance(queue, SqliteHuey)
        assert Path(str(newsroom.database.engine.url.database)).with_name("commentdesk-jobs.db").exists()
    else:
        assert isinstance(queue, PostgresHuey)


def test_a_setting_moves_the_queue(tmp_path: Path) -> None:
    elsewhere = Settings(data_dir=tmp_path, jobs_url=SecretStr(f"sqlite:///{tmp_path / 'elsewhere.db'}"))
    assert isinstance(open_queue(elsewhere), SqliteHuey)
    assert (tmp_path / "elsewhere.db").exists()
    with pytest.raises(ValueError, match="mysql"):
        open_queue(Settings(data_dir=tmp_path, jobs_url=SecretStr("mysql://queue.example/jobs")))


def test_processes_that_start_together_create_one_queue(newsroom: Runtime) -> None:
    with ThreadPoolExecutor(6) as starting:
        opened = list(starting.map(open_queue, [newsroom.settings] * 6))
    for queue in opened:
        QueuedJobs(queue).deliver([1])
        queue.storage.close()
    assert opened[0].pending_count() == len(opened)
    opened[0].storage.close()


def test_a_job_in_the_queue_is_plain_json(queue: Huey) -> None:
    QueuedJobs(queue).deliver([7])
    [job] = queue.storage.enqueued_items()
    assert json.loads(bytes(job))["args"] == [7]


def test_an_event_is_sent_without_waiting_for_the_sweep(newsroom: Runtime, queue: Huey, receiver: Receiver) -> None:
    patient = replace(newsroom, settings=newsroom.settings.model_copy(update={"sweep_interval_seconds": 60}))
    jobs = QueuedJobs(queue)
    with working(patient):
        jobs.deliver(announce(newsroom))
        receiver.wait_for(1, seconds=30)
        jobs.deliver(announce(newsroom))
        receiver.wait_for(2, seconds=30)
    assert states(newsroom) == ["delivered", "delivered"]


def test_the_sweep_finds_a_job_that_the_queue_lost(newsroom: Runtime, receiver: Receiver) -> None:
    announce(newsroom, count=3)
    with working(newsroom):
        receiver.wait_for(3)
    assert states(newsroom) == ["delivered"] * 3


def test_several_jobs_for_one_delivery_send_it_once(newsroom: Runtime, queue: Huey, receiver: Receiver) -> None:
    numbers = announce(newsroom, count=5)
    QueuedJobs(queue).deliver(numbers * 4)
    with working(newsroom):
        receiver.wait_for(5)
    ids = [request.headers["webhook-id"] for request in receiver.received]
    assert len(set(ids)) == len(ids) == 5


def test_two_workers_share_the_work(newsroom: Runtime, queue: Huey, receiver: Receiver) -> None:
    QueuedJobs(queue).deliver(announce(newsroom, count=20))
    with working(newsroom), working(newsroom):
        receiver.wait_for(20)
    assert len(receiver.received) == 20
    assert states(newsroom) == ["delivered"] * 20


def test_a_stopped_worker_finishes_its_jobs(newsroom: Runtime, receiver: Receiver) -> None:
    receiver.usual = Reply(pause=0.5)
    announce(newsroom)
    with working(newsroom):
        receiver.wait_for(1)
    assert states(newsroom) == ["delivered"]


def test_a_failing_queue_neither_fails_requests_nor_loses_work(
    tmp_path: Path, newsroom: Runtime, receiver: Receiver
) -> None:
    own = newsroom.settings.model_copy(update={"jobs_url": SecretStr(f"sqlite:///{tmp_path / 'broken.db'}")})
    broken = open_queue(own)
    with sqlite3.connect(tmp_path / "broken.db") as connection:
        connection.execute("DROP TABLE task")
    connection.close()
    QueuedJobs(broken).deliver(announce(newsroom))
    assert receiver.received == []
    make_sweep(newsroom, open_queue_again(broken)).queue_due()
    assert states(newsroom) == ["delivered"]


def open_queue_again(broken: Huey) -> Huey:
    """Open another client of a queue whose tables were dropped."""
    return SqliteHuey(filename=broken.storage.filename, create_tables=False)


def test_the_sweep_does_not_fill_a_queue_without_workers(newsroom: Runtime, queue: Huey) -> None:
    announce(newsroom, count=200)
    look = make_sweep(newsroom, queue)
    for _ in range(4):
        look.queue_due()
    assert queue.pending_count() == sweep.MAX_QUEUED


def test_a_hanging_feed_does_not_delay_deliveries(newsroom: Runtime, receiver: Receiver) -> None:
    with run_receiver() as hanging:
        released = threading.Event()
        hanging.usual = Reply(released=released)
        feeds = {"article_feeds": (f"gazette={hanging.url}",) * 4, "webhook_timeout_seconds": 60}
        reading = replace(newsroom, settings=newsroom.settings.model_copy(update=feeds))
        with working(reading):
            hanging.wait_for(1)
            announce(newsroom)
            # No job is enqueued, so only the sweep finds the delivery, while it waits for the first feed.
            receiver.wait_for(1)
            assert len(hanging.received) == 1
            hanging.usual = Reply()
            released.set()


def test_a_running_task_of_the_sweep_is_not_started_again(newsroom: Runtime, queue: Huey) -> None:
    with run_receiver() as hanging:
        released = threading.Event()
        hanging.usual = Reply(released=released)
        feeds = {"article_feeds": (f"gazette={hanging.url}",), "webhook_timeout_seconds": 60}
        now = [datetime.now(UTC)]
        reading = replace(newsroom, settings=newsroom.settings.model_copy(update=feeds), clock=lambda: now[0])
        look = make_sweep(reading, queue)
        for _ in range(3):
            look.run()
            hanging.wait_for(1)
            now[0] += timedelta(hours=1)
        assert len(hanging.received) == 1
        released.set()
        look.close()


def leave_behind(runtime: Runtime) -> None:
    """Store a response and a claim that expired two days ago."""
    then = runtime.clock() - timedelta(days=2)
    submit(runtime, a_site(runtime), Submission(id="c-1", article_id="tram", text=INSULT))
    kept = StoredResponse(key="k", request_hash="h", subject="c-1", status=200, body={"id": "c-1"}, created_at=then)
    with runtime.database.writing() as connection:
        users.add_user(connection, user_id="ana", email="ana@news.example", name="Ana", now=then)
        idempotency_keys.reserve(connection, site="gazette", response=kept)
        claims.take_claim(
            connection, site="gazette", comment_id="c-1", user_id="ana", now=then, expires_at=then, by_force=False
        )


def count_left(runtime: Runtime) -> list[int]:
    with runtime.database.reading() as connection:
        counts = (select(func.count()).select_from(table) for table in (tables.idempotency_keys, tables.claims))
        return [int(connection.execute(count).scalar_one()) for count in counts]


def test_the_worker_deletes_expired_responses_and_claims(newsroom: Runtime, queue: Huey) -> None:
    leave_behind(newsroom)
    assert count_left(newsroom) == [1, 1]
    look = make_sweep(newsroom, queue)
    look.run()
    look.close()
    assert count_left(newsroom) == [0, 0]


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_the_sweep_does_not_wait_for_a_claim_being_renewed(newsroom: Runtime) -> None:
    leave_behind(newsroom)
    now = newsroom.clock()
    with newsroom.database.writing() as renewing:
        claims.take_claim(
            renewing, site="gazette", comment_id="c-1", user_id="ana", now=now, expires_at=now, by_force=False
        )
        with newsroom.database.writing() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '1s'"))
            claims.drop_expired(connection, now=now)
    assert count_left(newsroom)[1] == 1


def test_signals_stop_a_worker(newsroom: Runtime) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stop = Stop()
    stop_on_signals(stop)
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        run_worker(newsroom, stop=stop, threads=1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_queue_can_be_in_redis(tmp_path: Path) -> None:
    pytest.importorskip("redis", reason="Redis is an extra")
    queue = open_queue(Settings(data_dir=tmp_path, jobs_url=SecretStr("redis://127.0.0.1:1/3")))
    assert isinstance(queue, RedisHuey)
    # Nobody listens there: the job is not queued, and that is all that happens.
    QueuedJobs(queue).deliver([1])
