"""Webhook endpoints of a site: creating, changing and testing them, and reading and replaying their deliveries."""

from collections.abc import Sequence
from datetime import timedelta

import httpx
from sqlalchemy import Connection

from service.domain.errors import BodyInvalid, EndpointRefused, NotFound
from service.domain.events import EventType
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.store.insights import audit_log
from service.store.webhooks import deliveries, endpoints
from service.store.webhooks.deliveries import Attempt, Delivery
from service.store.webhooks.endpoints import Endpoint
from service.webhooks.signing import make_secret

MAX_ENDPOINTS = 20
"""The endpoints of one site; every event is sent to each of them."""

OVERLAP = timedelta(hours=24)
"""How long the old secret also signs after a rotation."""


def create_endpoint(
    runtime: Runtime, caller: Caller, *, url: str, event_types: Sequence[str] = ()
) -> tuple[str, Endpoint]:
    """Add an endpoint. Return its secret, which cannot be read again, and the endpoint. No event types means all.

    Raises EndpointRefused if the address is not allowed, BodyInvalid for an unknown event type.
    """
    caller.require(Right.MANAGE)
    _check_event_types(event_types)
    make_address_guard(runtime.settings.webhook_allowed_hosts).check_url(url)
    secret = make_secret()
    with runtime.database.writing() as connection:
        if len(endpoints.list_endpoints(connection, site=caller.site)) >= MAX_ENDPOINTS:
            raise EndpointRefused(f"A site has at most {MAX_ENDPOINTS} endpoints.")
        endpoint = endpoints.add_endpoint(
            connection, site=caller.site, url=url, secret=secret, event_types=event_types, now=runtime.clock()
        )
        # Only the host is recorded, because the path and query of such an address are often secret.
        details = {"host": httpx.URL(url).host, "event_types": list(event_types)}
        _record(runtime, connection, caller, "endpoint.created", endpoint.id, **details)
    return secret, endpoint


def list_endpoints(runtime: Runtime, caller: Caller) -> list[Endpoint]:
    """Return the site's endpoints, the oldest first. Their secrets must not be shown."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return endpoints.list_endpoints(connection, site=caller.site)


def delete_endpoint(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> None:
    """Delete an endpoint with its deliveries. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if not endpoints.delete_endpoint(connection, site=caller.site, endpoint_id=endpoint_id):
            raise NotFound("There is no endpoint with this id.", field="id")
        _record(runtime, connection, caller, "endpoint.deleted", endpoint_id)


def disable_endpoint(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> Endpoint:
    """Disable an endpoint; its pending deliveries fail until replayed. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if endpoints.disable_endpoint(
            connection,
            site=caller.site,
            endpoint_id=endpoint_id,
            reason="Disabled by a manager of the site.",
            now=runtime.clock(),
        ):
            _record(runtime, connection, caller, "endpoint.disabled", endpoint_id)
        return _require_endpoint(connection, caller, endpoint_id)


def enable_endpoint(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> Endpoint:
    """Enable an endpoint for events from now on. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if endpoints.enable_endpoint(connection, site=caller.site, endpoint_id=endpoint_id):
            _record(runtime, connection, caller, "endpoint.enabled", endpoint_id)
        return _require_endpoint(connection, caller, endpoint_id)


def rotate_secret(
    runtime: Runtime, caller: Caller, *, endpoint_id: str, overlap: timedelta = OVERLAP
) -> tuple[str, Endpoint]:
    """Replace an endpoint's secret and return the new one; for `overlap` the old one signs, too. Raises NotFound."""
    caller.require(Right.MANAGE)
    secret = make_secret()
    until = runtime.clock() + overlap
    with runtime.database.writing() as connection:
        rotated = endpoints.rotate_secret(
            connection, site=caller.site, endpoint_id=endpoint_id, secret=secret, previous_until=until
        )
        if rotated:
            _record(runtime, connection, caller, "endpoint.rotated", endpoint_id, previous_until=until.isoformat())
        return secret, _require_endpoint(connection, caller, endpoint_id)


def send_test(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> int:
    """Send a `webhook.test` event to an endpoint. Return the delivery's id. Raises NotFound, EndpointRefused."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        endpoint = _require_endpoint(connection, caller, endpoint_id)
        if endpoint.disabled_at is not None:
            raise EndpointRefused("This endpoint is disabled.", field="id")
        data = {"site": caller.site, "endpoint_id": endpoint_id}
        delivery_id = deliveries.add_test_event(connection, endpoint=endpoint, data=data, now=runtime.clock())
        _record(runtime, connection, caller, "endpoint.tested", endpoint_id)
    runtime.jobs.deliver([delivery_id])
    return delivery_id


def list_deliveries(
    runtime: Runtime,
    caller: Caller,
    *,
    before: int | None = None,
    limit: int = 50,
    state: str | None = None,
    endpoint_id: str | None = None,
) -> list[Delivery]:
    """Return the site's deliveries, the newest first, with ids below `before`."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return deliveries.list_deliveries(
            connection, site=caller.site, before=before, limit=limit, state=state, endpoint_id=endpoint_id
        )


def read_delivery(runtime: Runtime, caller: Caller, *, delivery_id: int) -> tuple[Delivery, list[Attempt]]:
    """Return a delivery with all its attempts. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        delivery = deliveries.get_delivery(connection, site=caller.site, delivery_id=delivery_id)
        if delivery is None:
            raise NotFound("There is no delivery with this id.", field="id")
        return delivery, deliveries.list_attempts(connection, delivery_id=delivery_id)


def replay_delivery(runtime: Runtime, caller: Caller, *, delivery_id: int) -> None:
    """Send an event again with the same id, whatever the result was before. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if not deliveries.replay_delivery(connection, site=caller.site, delivery_id=delivery_id, now=runtime.clock()):
            raise NotFound("There is no delivery with this id.", field="id")
        _record(runtime, connection, caller, "delivery.replayed", str(delivery_id))
    runtime.jobs.deliver([delivery_id])


def _check_event_types(event_types: Sequence[str]) -> None:
    known = tuple(EventType)
    for name in event_types:
        if name not in known:
            raise BodyInvalid(f"An event is one of {', '.join(known)}.", field="event_types")


def _require_endpoint(connection: Connection, caller: Caller, endpoint_id: str) -> Endpoint:
    endpoint = endpoints.get_endpoint(connection, site=caller.site, endpoint_id=endpoint_id)
    if endpoint is None:
        raise NotFound("There is no endpoint with this id.", field="id")
    return endpoint


def _record(
    runtime: Runtime, connection: Connection, caller: Caller, action: str, subject: str, **details: object
) -> None:
    audit_log.record(connection, caller, action, subject=subject, now=runtime.clock(), **details)
