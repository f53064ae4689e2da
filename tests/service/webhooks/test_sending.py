"""Sending of webhooks: signatures, bodies, allowed addresses, failures and the retry schedule."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from service.domain.errors import EndpointRefused
from service.net.addresses import AddressGuard, is_public, make_address_guard
from service.webhooks.payload import MAX_BYTES, write_body
from service.webhooks.retries import MAX_REQUESTED_DELAY, RETRY_DELAYS, DeliveryState, find_next_step
from service.webhooks.sending import DeliveryResponse, Message, WebhookSender, read_retry_after
from service.webhooks.signing import make_secret, sign
from tests.support.receiver import Receiver, Reply, run_receiver

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALLOWED = make_address_guard(["127.0.0.1", "localhost"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


def message_to(url: str, *, secrets: tuple[str, ...] = (make_secret(),)) -> Message:
    return Message(id="msg_1", url=url, body=b'{"type":"webhook.test"}', signing_secrets=secrets)


def send(url: str, *, guard: AddressGuard = ALLOWED, seconds: float = 5) -> DeliveryResponse:
    return WebhookSender(guard=guard, timeout_seconds=seconds).send(message_to(url), now=NOON)


def answer(status: int | None, *, error: str = "", retry_after: timedelta | None = None) -> DeliveryResponse:
    return DeliveryResponse(status=status, error=error, seconds=0.1, retry_after=retry_after)


def test_signature_is_the_one_of_the_specifications_test_vector() -> None:
    headers = sign(
        b'{"test": 2432232314}',
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        signing_secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def test_a_receiver_verifies_with_the_library(receiver: Receiver) -> None:
    secret = make_secret()
    message = message_to(receiver.url, secrets=(secret,))
    sent = WebhookSender(guard=ALLOWED, timeout_seconds=5).send(message, now=datetime.now(UTC))
    got = receiver.received[0]
    assert sent.is_success
    assert Webhook(secret).verify(got.body, dict(got.headers)) == {"type": "webhook.test"}


def test_with_two_secrets_a_receiver_needs_only_one(receiver: Receiver) -> None:
    old, new = make_secret(), make_secret()
    message = message_to(receiver.url, secrets=(new, old))
    WebhookSender(guard=ALLOWED, timeout_seconds=5).send(message, now=datetime.now(UTC))
    got = receiver.received[0]
    for secret in (old, new):
        Webhook(secret).verify(got.body, dict(got.headers))


def test_secrets_are_random_and_as_long_as_the_specification_asks() -> None:
    assert make_secret() != make_secret()
    assert make_secret().startswith("whsec_")


def test_body_carries_type_time_and_data() -> None:
    body = json.loads(write_body(type="comment.decided", created_at=NOON, data={"id": "c-1"}))
    assert body == {"type": "comment.decided", "timestamp": "2026-05-04T12:00:00Z", "data": {"id": "c-1"}}


def test_a_long_body_leaves_out_fields_and_names_them() -> None:
    body = write_body(type="comment.decided", created_at=NOON, data={"id": "c-1", "reasons": ["é" * 20_000]})
    assert len(body) < MAX_BYTES
    assert json.loads(body)["data"] == {"id": "c-1", "omitted": ["reasons"]}


NOT_PUBLIC = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
224.0.0.1 240.0.0.1 255.255.255.255 192.0.0.8 192.88.99.1 198.18.0.1 203.0.113.5
::1 :: fe80::1 fe80::1%eth0 fc00::1 fec0::1 ff02::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1
64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:1::1 2001:db8::1 100::1
"""


@pytest.mark.parametrize("address", [*NOT_PUBLIC.split(), "not an address"])
def test_address_outside_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2a00:1450:4001::1"])
def test_public_address_is_not_refused(address: str) -> None:
    assert is_public(address)


REFUSED_URLS = """
https://127.0.0.1/ https://[::1]/ https://[::ffff:127.0.0.1]/ https://localhost/ https://2130706433/ https://0x7f.1/
https://169.254.169.254/latest http://93.184.216.34/ ftp://93.184.216.34/ https:///path https:// nonsense
https://user:secret@93.184.216.34/ https://93.184.216.34/#part
"""


@pytest.mark.parametrize("url", [*REFUSED_URLS.split(), "", "https://93.184.216.34/" + "a" * 2000])
def test_a_private_address_is_refused_when_the_endpoint_is_created(url: str) -> None:
    with pytest.raises(EndpointRefused):
        make_address_guard([]).check_url(url)


def test_a_host_without_an_address_is_not_refused() -> None:
    make_address_guard([]).check_url("https://hooks.newsroom.invalid/comments")


def test_an_allowed_host_may_be_private_and_use_http() -> None:
    make_address_guard(["LOCALHOST.", "[::1]"]).check_url("http://localhost:8080/hook")
    make_address_guard(["LOCALHOST.", "[::1]"]).check_url("http://[::1]:8080/hook")


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    guard = AddressGuard(allowed_hosts=frozenset(), resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(EndpointRefused):
        guard.find_addresses("hooks.example", 443)


def test_a_host_that_becomes_private_later_is_not_reached(receiver: Receiver) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    guard = AddressGuard(allowed_hosts=frozenset(), resolve=lambda _host, _port: next(answers))
    url = f"https://hooks.example:{receiver.port}/"
    guard.check_url(url)
    assert send(url, guard=guard).error == "endpoint_refused"
    assert receiver.received == []


def test_the_connection_uses_the_checked_address_and_keeps_the_name(receiver: Receiver) -> None:
    # No system resolves this name, so the connection must have used the guard's address.
    guard = AddressGuard(allowed_hosts=frozenset({"hooks.invalid"}), resolve=lambda _host, _port: ["127.0.0.1"])
    assert send(f"http://hooks.invalid:{receiver.port}/", guard=guard).is_success
    assert receiver.received[0].headers["host"] == f"hooks.invalid:{receiver.port}"


def test_second_address_is_tried_when_the_first_does_not_answer(receiver: Receiver) -> None:
    guard = AddressGuard(allowed_hosts=frozenset({"hooks.invalid"}), resolve=lambda _host, _port: ["::1", "127.0.0.1"])
    assert send(f"http://hooks.invalid:{receiver.port}/", guard=guard).is_success


def test_a_redirect_is_not_followed_and_is_a_failure(receiver: Receiver) -> None:
    receiver.usual = Reply(status=302, headers={"location": receiver.url})
    sent = send(receiver.url)
    assert (sent.status, sent.is_success) == (302, False)
    assert len(receiver.received) == 1


def test_a_hanging_receiver_costs_no_more_than_the_timeout(receiver: Receiver) -> None:
    receiver.usual = Reply(pause=30)
    began = time.monotonic()
    assert send(receiver.url, seconds=0.3).error == "read_timeout"
    assert time.monotonic() - began < 15


def test_a_slow_body_is_cut_off_and_the_status_counts(receiver: Receiver) -> None:
    receiver.usual = Reply(body=b"slowly" * 4, drip=2)
    began = time.monotonic()
    assert send(receiver.url, seconds=0.5).status == 200
    assert time.monotonic() - began < 15


def test_an_endless_response_is_cut_off(receiver: Receiver) -> None:
    receiver.usual = Reply(body=b"x" * 5_000_000)
    assert send(receiver.url).is_success


def test_refused_connections_and_unknown_names_differ(receiver: Receiver) -> None:
    free = receiver.port + 1 if receiver.port < 65535 else receiver.port - 1
    assert send(f"http://127.0.0.1:{free}/").error == "connect_error"
    assert send("https://newsroom.invalid/").error == "name_not_resolved"


def test_an_http_receiver_behind_https_is_a_tls_failure(receiver: Receiver) -> None:
    assert send(f"https://127.0.0.1:{receiver.port}/").error == "tls_failed"


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert read_retry_after("120", now=NOON) == timedelta(minutes=2)
    assert read_retry_after("Mon, 04 May 2026 12:00:30 GMT", now=NOON) == timedelta(seconds=30)
    assert read_retry_after("Mon, 04 May 2026 11:00:00 GMT", now=NOON) == timedelta(0)
    assert read_retry_after("soon", now=NOON) is None


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 04 May 99999999999 12:00:30 GMT",
        "Mon, 04 May 2026 12:00:30 +99999999999999",
        "Mon, 04 May 2026 99999999999999999999:00:30 GMT",
        "Mon, 04 May 2026 12:00:30 +9959",
        "9" * 5_000,
        "",
    ],
)
def test_an_impossible_retry_after_is_ignored(value: str) -> None:
    assert read_retry_after(value, now=NOON) is None


def test_every_failure_ends_the_attempt(receiver: Receiver) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise OverflowError("of a kind that nobody expects here")

    sent = send(receiver.url, guard=AddressGuard(allowed_hosts=frozenset({"127.0.0.1"}), resolve=resolve))
    assert (sent.status, sent.error) == (None, "overflow_error")


def test_delays_follow_the_schedule_and_jitter_only_lengthens() -> None:
    steps = [find_next_step(answer(500), failures_before=n, seed=f"s{n}") for n in range(len(RETRY_DELAYS))]
    assert all(delay <= step.wait <= delay * 1.2 for delay, step in zip(RETRY_DELAYS, steps, strict=True))
    assert find_next_step(answer(500), failures_before=len(RETRY_DELAYS), seed="s").state is DeliveryState.FAILED


def test_retry_after_is_respected_up_to_a_day() -> None:
    hour = find_next_step(answer(429, retry_after=timedelta(hours=1)), failures_before=0, seed="s")
    ages = find_next_step(answer(503, retry_after=timedelta(days=99)), failures_before=0, seed="s")
    assert timedelta(hours=1) <= hour.wait <= timedelta(hours=1.2)
    assert ages.wait <= MAX_REQUESTED_DELAY * 1.2
    assert hour.throttle > timedelta(0)


def test_status_410_ends_the_delivery() -> None:
    step = find_next_step(answer(410), failures_before=0, seed="s")
    assert (step.state, step.disables_endpoint) == (DeliveryState.FAILED, True)
