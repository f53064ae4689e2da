"""Delivering events: taking one, sending it outside any transaction, and writing down what came of it."""

import logging
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.store.insights import audit_log
from service.store.webhooks import deliveries, endpoints
from service.store.webhooks.deliveries import Attempt, TakenDelivery
from service.webhooks.payload import write_body
from service.webhooks.retries import State, Step, find_next_step
from service.webhooks.sending import WebhookSender, DeliveryResponse, Message

# A name's resolution has no time limit of its own; the system gives up within about half a minute.
RESOLUTION_SECONDS = 45

log = structlog.get_logger()


def make_sender(runtime: Runtime) -> WebhookSender:
    """A sender within the operator's limits; one serves a whole worker."""
    settings = runtime.settings
    return WebhookSender(
        guard=make_address_guard(settings.webhook_allowed_hosts), timeout_seconds=settings.webhook_timeout_seconds
    )


def deliver(runtime: Runtime, delivery_id: int, *, sender: WebhookSender) -> Step | None:
    """Makes one attempt at a delivery; None where it is not due, another worker has it, or it was deleted.

    At least once: a process killed between sending and recording leaves a lease behind, which runs out.
    """
    now = runtime.clock()
    lease = timedelta(seconds=runtime.settings.webhook_timeout_seconds + RESOLUTION_SECONDS)
    with runtime.database.writing() as connection:
        taken = deliveries.take_delivery(connection, delivery_id=delivery_id, now=now, leased_until=now + lease)
    if taken is None:
        return None
    message = Message(
        id=taken.event_id,
        url=taken.endpoint.url,
        body=write_body(type=taken.type, created_at=taken.created_at, data=taken.data),
        signing_secrets=taken.endpoint.signing_secrets(now),
    )
    answer = sender.send(message, now=now)
    return _record(runtime, taken, answer)


def deliver_due(runtime: Runtime, *, sender: WebhookSender, limit: int = 100) -> int:
    """Makes one attempt at each of at most `limit` due deliveries; says how many it made."""
    with runtime.database.reading() as connection:
        due = deliveries.find_due(connection, now=runtime.clock(), limit=limit)
    return sum(deliver(runtime, delivery_id, sender=sender) is not None for delivery_id in due)


def drop_old_events(runtime: Runtime, *, limit: int = 2_000) -> int:
    """Deletes events older than the setting that nobody waits for any more, and says how many; 0 days keeps them."""
    if not runtime.settings.event_retention_days:
        return 0
    before = runtime.clock() - timedelta(days=runtime.settings.event_retention_days)
    with runtime.database.writing() as connection:
        return deliveries.drop_events(connection, before=before, limit=limit)


def _record(runtime: Runtime, taken: TakenDelivery, answer: DeliveryResponse) -> Step:
    now = runtime.clock()
    seed = f"{taken.event_id}.{taken.endpoint.id}.{taken.attempts}"
    step = find_next_step(answer, failures_before=taken.attempts, seed=seed)
    attempt = Attempt(status=answer.status, error=answer.error, seconds=answer.seconds, at=now)
    with runtime.database.writing() as connection:
        # The endpoint before the delivery, in the order in which a deletion locks them too.
        if step.disables:
            _disable(runtime, taken, connection)
        elif step.throttle:
            endpoints.throttle_endpoint(connection, endpoint_id=taken.endpoint.id, until=now + step.throttle)
        deliveries.record_attempt(connection, taken=taken, attempt=attempt, state=step.state, due_at=now + step.wait)
    _log(taken, answer, step)
    return step


def _disable(runtime: Runtime, taken: TakenDelivery, connection: Connection) -> None:
    endpoint = taken.endpoint
    reason = "The receiver answered 410 Gone."
    now = runtime.clock()
    if endpoints.disable_endpoint(connection, site=endpoint.site, endpoint_id=endpoint.id, reason=reason, now=now):
        audit_log.record(
            connection,
            site=endpoint.site,
            actor="service",
            action="endpoint.disabled",
            subject=endpoint.id,
            details={"reason": reason},
            now=now,
        )


def _log(taken: TakenDelivery, answer: DeliveryResponse, step: Step) -> None:
    log.log(
        logging.WARNING if step.state is State.DEAD else logging.INFO,
        "webhook attempt",
        webhook_id=taken.event_id,
        endpoint=taken.endpoint.id,
        state=str(step.state),
        status=answer.status,
        error=answer.error,
        seconds=round(answer.seconds, 3),
    )
