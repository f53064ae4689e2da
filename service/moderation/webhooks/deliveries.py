"""Delivery of events: taking a delivery, sending it outside any transaction, and recording the attempt."""

import logging
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from service.domain.rights import Caller
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.store.insights import audit_log
from service.store.webhooks import deliveries, endpoints
from service.store.webhooks.deliveries import Attempt, LeasedDelivery
from service.webhooks.payload import write_body
from service.webhooks.retries import DeliveryState, NextStep, find_next_step
from service.webhooks.sending import DeliveryResponse, Message, WebhookSender

# Resolving a host name has no time limit of its own. The system gives up after about half a minute.
RESOLUTION_SECONDS = 45

log = structlog.get_logger()


def make_sender(runtime: Runtime) -> WebhookSender:
    """Return a sender within the limits of the settings. A worker needs only one."""
    settings = runtime.settings
    return WebhookSender(
        guard=make_address_guard(settings.webhook_allowed_hosts), timeout_seconds=settings.webhook_timeout_seconds
    )


def deliver(runtime: Runtime, delivery_id: int, *, sender: WebhookSender) -> NextStep | None:
    """Make one attempt at a delivery. Return None if it is not due, another worker has it, or it was deleted.

    Events are delivered at least once: if a process is killed between sending and recording, its lease expires, and the
    event is sent again.
    """
    now = runtime.clock()
    lease = timedelta(seconds=runtime.settings.webhook_timeout_seconds + RESOLUTION_SECONDS)
    with runtime.database.writing() as connection:
        leased = deliveries.lease_delivery(connection, delivery_id=delivery_id, now=now, leased_until=now + lease)
    if leased is None:
        return None
    message = Message(
        id=leased.event_id,
        url=leased.endpoint.url,
        body=write_body(type=leased.type, created_at=leased.created_at, data=leased.data),
        signing_secrets=leased.endpoint.signing_secrets(now),
    )
    response = sender.send(message, now=now)
    return _record_attempt(runtime, leased, response)


def deliver_due(runtime: Runtime, *, sender: WebhookSender, limit: int = 100) -> int:
    """Make one attempt at each of at most `limit` due deliveries. Return how many were made."""
    with runtime.database.reading() as connection:
        due = deliveries.find_due(connection, now=runtime.clock(), limit=limit)
    return sum(deliver(runtime, delivery_id, sender=sender) is not None for delivery_id in due)


def drop_old_events(runtime: Runtime, *, limit: int = 2_000) -> int:
    """Delete finished events that are older than the setting; with 0 days, none. Return how many were deleted."""
    if not runtime.settings.event_retention_days:
        return 0
    before = runtime.clock() - timedelta(days=runtime.settings.event_retention_days)
    with runtime.database.writing() as connection:
        return deliveries.drop_events(connection, before=before, limit=limit)


def _record_attempt(runtime: Runtime, leased: LeasedDelivery, response: DeliveryResponse) -> NextStep:
    now = runtime.clock()
    seed = f"{leased.event_id}.{leased.endpoint.id}.{leased.attempts}"
    step = find_next_step(response, failures_before=leased.attempts, seed=seed)
    attempt = Attempt(status=response.status, error=response.error, seconds=response.seconds, at=now)
    with runtime.database.writing() as connection:
        # The endpoint is locked before the delivery, as in the deletion of an endpoint. Otherwise they could deadlock.
        if step.disables_endpoint:
            _disable(runtime, leased, connection)
        elif step.throttle:
            endpoints.throttle_endpoint(connection, endpoint_id=leased.endpoint.id, until=now + step.throttle)
        deliveries.record_attempt(connection, leased=leased, attempt=attempt, state=step.state, due_at=now + step.wait)
    _log(leased, response, step)
    return step


def _disable(runtime: Runtime, leased: LeasedDelivery, connection: Connection) -> None:
    endpoint = leased.endpoint
    reason = "The receiver responded with 410 Gone."
    now = runtime.clock()
    if endpoints.disable_endpoint(connection, site=endpoint.site, endpoint_id=endpoint.id, reason=reason, now=now):
        service = Caller(site=endpoint.site, name="service")
        audit_log.record(connection, service, "endpoint.disabled", subject=endpoint.id, now=now, reason=reason)


def _log(leased: LeasedDelivery, response: DeliveryResponse, step: NextStep) -> None:
    log.log(
        logging.WARNING if step.state is DeliveryState.FAILED else logging.INFO,
        "webhook attempt",
        webhook_id=leased.event_id,
        endpoint=leased.endpoint.id,
        state=str(step.state),
        status=response.status,
        error=response.error,
        seconds=round(response.seconds, 3),
    )
