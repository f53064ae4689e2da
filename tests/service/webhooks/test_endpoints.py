"""Webhook endpoints: created, rotated, tested and disabled, with the record of their deliveries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.domain.errors import BodyInvalid, EndpointRefused, NotAllowed, NotFound
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.moderation.webhooks import endpoints
from service.moderation.webhooks.deliveries import deliver, make_sender
from service.store.insights.audit_log import read_newest
from service.store.webhooks import deliveries
from tests.support.builders import a_site
from tests.support.receiver import Receiver, Reply, run_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


@pytest.fixture
def manager(runtime: Runtime) -> Caller:
    return a_site(runtime, "gazette")


@pytest.fixture
def today(runtime: Runtime) -> Runtime:
    """A runtime with the real clock, because receivers check the timestamp of a signature."""
    return replace(runtime, clock=lambda: datetime.now(UTC))


def send_test(runtime: Runtime, manager: Caller, endpoint_id: str) -> int:
    """Send a test event at once; return the id of its delivery."""
    number = endpoints.send_test(runtime, manager, endpoint_id=endpoint_id)
    deliver(runtime, number, sender=make_sender(runtime))
    return number


def test_a_test_event_is_sent_to_any_endpoint(today: Runtime, manager: Caller, receiver: Receiver) -> None:
    secret, endpoint = endpoints.create_endpoint(today, manager, url=receiver.url, event_types=["comment.verdict"])
    send_test(today, manager, endpoint.id)
    got = receiver.received[0]
    told = Webhook(secret).verify(got.body, dict(got.headers))
    assert told["type"] == "webhook.test"


def test_after_a_rotation_both_secrets_sign_until_the_old_one_ends(
    today: Runtime, manager: Caller, receiver: Receiver
) -> None:
    old, endpoint = endpoints.create_endpoint(today, manager, url=receiver.url)
    new, _ = endpoints.rotate_secret(today, manager, endpoint_id=endpoint.id, overlap=timedelta(hours=1))
    send_test(today, manager, endpoint.id)
    got = receiver.received[0]
    for secret in (old, new):
        Webhook(secret).verify(got.body, dict(got.headers))


def test_a_secret_rotated_without_overlap_stops_signing(today: Runtime, manager: Caller, receiver: Receiver) -> None:
    old, endpoint = endpoints.create_endpoint(today, manager, url=receiver.url)
    endpoints.rotate_secret(today, manager, endpoint_id=endpoint.id, overlap=timedelta(0))
    send_test(today, manager, endpoint.id)
    got = receiver.received[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(got.body, dict(got.headers))


@pytest.mark.parametrize("url", ["https://127.0.0.2/", "http://news.example/", "https://[::ffff:7f00:2]/"])
def test_an_endpoint_with_a_private_address_is_refused(runtime: Runtime, manager: Caller, url: str) -> None:
    with pytest.raises(EndpointRefused):
        endpoints.create_endpoint(runtime, manager, url=url)
    assert endpoints.list_endpoints(runtime, manager) == []


def test_an_unknown_event_type_is_refused_with_the_known_ones(
    runtime: Runtime, manager: Caller, receiver: Receiver
) -> None:
    with pytest.raises(BodyInvalid, match=r"comment\.decided"):
        endpoints.create_endpoint(runtime, manager, url=receiver.url, event_types=["comment.eaten"])


def test_the_number_of_endpoints_is_limited(runtime: Runtime, manager: Caller, receiver: Receiver) -> None:
    for _ in range(endpoints.MAX_ENDPOINTS):
        endpoints.create_endpoint(runtime, manager, url=receiver.url)
    with pytest.raises(EndpointRefused):
        endpoints.create_endpoint(runtime, manager, url=receiver.url)


def test_endpoints_need_the_right_to_manage(runtime: Runtime, manager: Caller) -> None:
    moderator = replace(manager, rights=frozenset({Right.MODERATE}))
    with pytest.raises(NotAllowed):
        endpoints.create_endpoint(runtime, moderator, url="http://127.0.0.1/")
    with pytest.raises(NotAllowed):
        endpoints.list_deliveries(runtime, moderator)


def test_another_site_cannot_see_endpoints_or_deliveries(runtime: Runtime, manager: Caller, receiver: Receiver) -> None:
    neighbour = a_site(runtime, "herald")
    _, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    number = endpoints.send_test(runtime, manager, endpoint_id=endpoint.id)
    with pytest.raises(NotFound):
        endpoints.delete_endpoint(runtime, neighbour, endpoint_id=endpoint.id)
    with pytest.raises(NotFound):
        endpoints.rotate_secret(runtime, neighbour, endpoint_id=endpoint.id)
    with pytest.raises(NotFound):
        endpoints.replay_delivery(runtime, neighbour, delivery_id=number)
    assert endpoints.list_deliveries(runtime, neighbour) == []


def test_a_disabled_endpoint_receives_nothing_until_enabled(
    runtime: Runtime, manager: Caller, receiver: Receiver
) -> None:
    _, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    assert endpoints.disable_endpoint(runtime, manager, endpoint_id=endpoint.id).disabled_at == runtime.clock()
    with pytest.raises(EndpointRefused):
        endpoints.send_test(runtime, manager, endpoint_id=endpoint.id)
    assert endpoints.enable_endpoint(runtime, manager, endpoint_id=endpoint.id).disabled_at is None
    send_test(runtime, manager, endpoint.id)
    assert len(receiver.received) == 1


def test_a_replay_sends_a_delivered_event_again_under_its_id(
    runtime: Runtime, manager: Caller, receiver: Receiver
) -> None:
    _, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    number = send_test(runtime, manager, endpoint.id)
    endpoints.replay_delivery(runtime, manager, delivery_id=number)
    deliver(runtime, number, sender=make_sender(runtime))
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    delivery, attempts = endpoints.read_delivery(runtime, manager, delivery_id=number)
    assert (delivery.attempts, len(attempts)) == (1, 2)


def test_deliveries_are_listed_newest_first_and_page_by_page(
    runtime: Runtime, manager: Caller, receiver: Receiver
) -> None:
    _, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    numbers = [endpoints.send_test(runtime, manager, endpoint_id=endpoint.id) for _ in range(5)]
    first = endpoints.list_deliveries(runtime, manager, limit=3)
    rest = endpoints.list_deliveries(runtime, manager, limit=3, before=first[-1].id)
    assert [delivery.id for delivery in (*first, *rest)] == numbers[::-1]


def test_deliveries_are_listed_by_state(runtime: Runtime, manager: Caller, receiver: Receiver) -> None:
    _, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    done = send_test(runtime, manager, endpoint.id)
    receiver.usual = Reply(status=500)
    waiting = send_test(runtime, manager, endpoint.id)
    assert [found.id for found in endpoints.list_deliveries(runtime, manager, state="delivered")] == [done]
    assert [found.id for found in endpoints.list_deliveries(runtime, manager, state="pending")] == [waiting]


def test_the_backlog_counts_deliveries_and_the_longest_wait(
    runtime: Runtime, manager: Caller, receiver: Receiver
) -> None:
    _, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    endpoints.send_test(runtime, manager, endpoint_id=endpoint.id)
    with runtime.database.reading() as connection:
        assert deliveries.count_unfinished(connection) == {"pending": 1, "failed": 0}
        assert deliveries.oldest_due(connection, now=runtime.clock()) == runtime.clock()


def test_the_audit_log_has_every_change_but_no_secret_or_path(
    runtime: Runtime, manager: Caller, receiver: Receiver
) -> None:
    secret, endpoint = endpoints.create_endpoint(runtime, manager, url=receiver.url)
    newer, _ = endpoints.rotate_secret(runtime, manager, endpoint_id=endpoint.id)
    endpoints.send_test(runtime, manager, endpoint_id=endpoint.id)
    endpoints.disable_endpoint(runtime, manager, endpoint_id=endpoint.id)
    endpoints.enable_endpoint(runtime, manager, endpoint_id=endpoint.id)
    endpoints.delete_endpoint(runtime, manager, endpoint_id=endpoint.id)
    with runtime.database.reading() as connection:
        lines = read_newest(connection, site="gazette", subject=endpoint.id, limit=100)
    actions = [line.action.removeprefix("endpoint.") for line in reversed(lines)]
    assert actions == ["created", "rotated", "tested", "disabled", "enabled", "deleted"]
    assert not any(word in repr(lines) for word in (secret, newer, "/hook"))
