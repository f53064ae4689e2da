"""Deliveries from the event to the last attempt, on both databases and to a real receiver."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from standardwebhooks import Webhook

from service.domain.errors import NotFound
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.moderation.webhooks import endpoints
from service.moderation.webhooks.deliveries import deliver, deliver_due, drop_old_events, make_sender
from service.store import tables
from service.store.insights.audit_log import read_newest
from service.store.tables import events
from service.store.webhooks import deliveries
from service.store.webhooks.deliveries import Attempt, Delivery
from service.webhooks.retries import RETRY_DELAYS
from service.webhooks.sending import WebhookSender
from tests.conftest import Clock
from tests.support.builders import a_site
from tests.support.receiver import Receiver, Reply, run_receiver

MANAGER = Caller(site="gazette", name="token:manager", rights=frozenset({Right.MANAGE}))
NEIGHBOUR = replace(MANAGER, site="herald")


@pytest.fixture
def newsroom(runtime: Runtime) -> Runtime:
    """A runtime with two sites and a receiver timeout that a busy machine does not reach by itself."""
    a_site(runtime, "gazette")
    a_site(runtime, "herald")
    return runtime


@pytest.fixture
def sender(newsroom: Runtime) -> WebhookSender:
    return make_sender(newsroom)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


def listen(runtime: Runtime, receiver: Receiver, *event_types: str) -> tuple[str, str]:
    """Create an endpoint at the receiver; return its secret and id."""
    secret, endpoint = endpoints.create_endpoint(runtime, MANAGER, url=receiver.url, event_types=event_types)
    return secret, endpoint.id


def announce(runtime: Runtime, *, type_: str = "comment.decided", site: str = "gazette", wait: int = 0) -> list[int]:
    """Add an event about a comment, due in `wait` seconds; return the ids of its deliveries."""
    now = runtime.clock()
    with runtime.database.writing() as connection:
        return deliveries.add_event(
            connection,
            site=site,
            type=type_,
            comment_id="c-1",
            data={"id": "c-1", "state": "held"},
            now=now,
            due_at=now + timedelta(seconds=wait),
        )


def read(runtime: Runtime, delivery_id: int) -> tuple[Delivery, list[Attempt]]:
    return endpoints.read_delivery(runtime, MANAGER, delivery_id=delivery_id)


def test_the_receiver_can_verify_an_event(newsroom: Runtime, sender: WebhookSender, receiver: Receiver) -> None:
    today = replace(newsroom, clock=lambda: datetime.now(UTC))
    secret, _ = listen(today, receiver)
    [number] = announce(today)
    deliver(today, number, sender=sender)
    got = receiver.received[0]
    told = Webhook(secret).verify(got.body, dict(got.headers))
    assert (told["type"], told["data"]) == ("comment.decided", {"id": "c-1", "state": "held"})
    delivery, attempts = read(today, number)
    assert (delivery.state, [attempt.status for attempt in attempts]) == ("delivered", [200])


def test_an_event_goes_only_to_subscribed_endpoints_of_its_site(newsroom: Runtime, receiver: Receiver) -> None:
    listen(newsroom, receiver)
    listen(newsroom, receiver, "comment.verdict")
    endpoints.create_endpoint(newsroom, NEIGHBOUR, url=receiver.url)
    assert len(announce(newsroom)) == 1
    assert len(announce(newsroom, type_="comment.verdict")) == 2


def test_an_event_is_not_sent_before_it_is_due(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom, wait=30)
    assert deliver(newsroom, number, sender=sender) is None
    clock.advance(seconds=30)
    assert deliver_due(newsroom, sender=sender) == 1
    assert len(receiver.received) == 1


def test_attempts_have_one_id_and_body_and_different_timestamps(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.replies.append(Reply(status=500))
    deliver(newsroom, number, sender=sender)
    clock.advance(seconds=10)
    deliver(newsroom, number, sender=sender)
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 10
    assert read(newsroom, number)[0].state == "delivered"


def test_a_delivery_fails_after_the_last_attempt(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.usual = Reply(status=500)
    for delay in (*RETRY_DELAYS, timedelta(days=2)):
        assert deliver(newsroom, number, sender=sender) is not None
        clock.advance(seconds=delay.total_seconds() * 1.2)
    delivery, attempts = read(newsroom, number)
    assert (delivery.state, len(attempts)) == ("failed", len(RETRY_DELAYS) + 1)
    assert deliver(newsroom, number, sender=sender) is None


def test_a_retry_is_not_earlier_than_the_schedule(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.usual = Reply(status=500)
    deliver(newsroom, number, sender=sender)
    clock.advance(seconds=4.9)
    assert deliver(newsroom, number, sender=sender) is None
    clock.advance(seconds=1.2)
    assert deliver(newsroom, number, sender=sender) is not None


def test_retry_after_throttles_the_whole_endpoint(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.replies.append(Reply(status=503, headers={"retry-after": "120"}))
    deliver(newsroom, number, sender=sender)
    clock.advance(seconds=119)
    [other] = announce(newsroom)
    assert deliver(newsroom, number, sender=sender) is None
    assert deliver(newsroom, other, sender=sender) is None
    clock.advance(seconds=30)
    assert deliver_due(newsroom, sender=sender) == 2


def test_a_hanging_receiver_delays_only_its_own_deliveries(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver
) -> None:
    with run_receiver() as hanging:
        hanging.usual = Reply(pause=3)
        listen(newsroom, hanging)
        announce(newsroom)
        deliver_due(newsroom, sender=sender)
        listen(newsroom, receiver)
        announce(newsroom)
        deliver_due(newsroom, sender=sender)
        assert (len(hanging.received), len(receiver.received)) == (1, 1)


def test_status_410_disables_the_endpoint_and_fails_its_deliveries(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver
) -> None:
    _, endpoint_id = listen(newsroom, receiver)
    [first], [second] = announce(newsroom), announce(newsroom)
    receiver.usual = Reply(status=410)
    deliver(newsroom, first, sender=sender)
    [endpoint] = endpoints.list_endpoints(newsroom, MANAGER)
    assert endpoint.disabled_at == newsroom.clock()
    assert "410" in endpoint.disabled_reason
    assert {read(newsroom, number)[0].state for number in (first, second)} == {"failed"}
    assert announce(newsroom) == []
    with newsroom.database.reading() as connection:
        [line] = read_newest(connection, site="gazette", subject=endpoint_id, limit=1)
    assert line.action == "endpoint.disabled"


def test_the_lease_of_a_dead_worker_expires(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    until = clock() + timedelta(minutes=1)
    with newsroom.database.writing() as connection:
        taken = deliveries.lease_delivery(connection, delivery_id=number, now=clock(), leased_until=until)
    assert taken is not None
    assert deliver(newsroom, number, sender=sender) is None
    clock.advance(minutes=1)
    assert deliver_due(newsroom, sender=sender) == 1
    assert receiver.received[0].headers["webhook-id"] == taken.event_id


def test_a_late_failure_does_not_undo_another_workers_delivery(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    until = clock() + timedelta(minutes=1)
    with newsroom.database.writing() as connection:
        slow = deliveries.lease_delivery(connection, delivery_id=number, now=clock(), leased_until=until)
    assert slow is not None
    clock.advance(minutes=1)
    deliver(newsroom, number, sender=sender)
    late = Attempt(status=None, error="read_timeout", seconds=60, at=clock())
    with newsroom.database.writing() as connection:
        deliveries.record_attempt(connection, leased=slow, attempt=late, state="pending", due_at=clock())
    assert read(newsroom, number)[0].state == "delivered"


def test_a_late_response_counts_only_for_its_own_attempt(newsroom: Runtime, receiver: Receiver, clock: Clock) -> None:
    _, endpoint_id = listen(newsroom, receiver)
    [number] = announce(newsroom)
    until = clock() + timedelta(minutes=1)
    with newsroom.database.writing() as connection:
        sent = deliveries.lease_delivery(connection, delivery_id=number, now=clock(), leased_until=until)
    assert sent is not None
    endpoints.delete_endpoint(newsroom, MANAGER, endpoint_id=endpoint_id)
    listen(newsroom, receiver)
    [other] = announce(newsroom)
    answered = Attempt(status=200, error="", seconds=1, at=clock())
    with newsroom.database.writing() as connection:
        # Like a database that assigns the ids of deleted rows again.
        connection.execute(update(tables.deliveries).where(tables.deliveries.c.id == other).values(id=number))
        assert not deliveries.record_attempt(
            connection, leased=sent, attempt=answered, state="delivered", due_at=clock()
        )
    delivery, attempts = read(newsroom, number)
    assert (delivery.state, delivery.attempts, attempts) == ("pending", 0, [])


def test_an_unforeseen_error_is_recorded_as_an_attempt(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.usual = Reply(status=503, headers={"retry-after": "Mon, 04 May 99999999999 12:00:30 GMT"})
    assert deliver(newsroom, number, sender=sender) is not None
    delivery, attempts = read(newsroom, number)
    assert (delivery.attempts, [attempt.status for attempt in attempts]) == (1, [503])


def test_many_workers_send_one_delivery_once(newsroom: Runtime, sender: WebhookSender, receiver: Receiver) -> None:
    listen(newsroom, receiver)
    numbers = [number for _ in range(5) for number in announce(newsroom)]
    jobs = numbers * 4
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda number: deliver(newsroom, number, sender=sender), jobs))
    ids = [request.headers["webhook-id"] for request in receiver.received]
    assert len(ids) == len(set(ids)) == len(numbers)


def test_deleting_an_endpoint_during_a_delivery_leaves_no_rows(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver
) -> None:
    _, endpoint_id = listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.usual = Reply(pause=0.3)
    with ThreadPoolExecutor(1) as worker:
        sent = worker.submit(deliver, newsroom, number, sender=sender)
        receiver.wait_for(1)
        endpoints.delete_endpoint(newsroom, MANAGER, endpoint_id=endpoint_id)
        assert sent.result() is not None
    assert endpoints.list_deliveries(newsroom, MANAGER) == []


def test_attempts_store_neither_secrets_nor_bodies(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver
) -> None:
    secret, _ = listen(newsroom, receiver)
    [number] = announce(newsroom)
    receiver.usual = Reply(status=500, body=b"a stack trace of theirs")
    deliver(newsroom, number, sender=sender)
    kept = repr(read(newsroom, number)) + repr(endpoints.list_endpoints(newsroom, MANAGER))
    assert secret not in kept
    assert "stack trace" not in kept


def count_events(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(events)).scalar_one())


def test_old_delivered_events_are_deleted_with_their_attempts(
    newsroom: Runtime, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    listen(newsroom, receiver)
    [number] = announce(newsroom)
    announce(newsroom, site="herald")
    deliver(newsroom, number, sender=sender)
    clock.advance(days=89)
    assert drop_old_events(newsroom) == 0
    clock.advance(days=2)
    announce(newsroom)
    assert drop_old_events(newsroom) == 2
    assert count_events(newsroom) == 1
    with pytest.raises(NotFound):
        read(newsroom, number)


def test_undelivered_events_are_never_deleted(newsroom: Runtime, receiver: Receiver, clock: Clock) -> None:
    listen(newsroom, receiver)
    announce(newsroom)
    failed = announce(newsroom)[0]
    with newsroom.database.writing() as connection:
        connection.execute(update(tables.deliveries).where(tables.deliveries.c.id == failed).values(state="failed"))
    clock.advance(days=400)
    assert drop_old_events(newsroom) == 0
    assert count_events(newsroom) == 2


def test_zero_retention_days_keep_events(newsroom: Runtime, clock: Clock) -> None:
    forever = replace(newsroom, settings=newsroom.settings.model_copy(update={"event_retention_days": 0}))
    announce(newsroom)
    clock.advance(days=4_000)
    assert drop_old_events(forever) == 0
    assert drop_old_events(newsroom, limit=1) == 1
