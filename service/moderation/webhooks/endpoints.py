"""Webhook endpoints as a site's managers see them: made, changed, tried out, and what was delivered there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

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
"""Of one site: every event is sent to each of them."""

OVERLAP = timedelta(hours=24)
"""How long an old secret goes on signing beside the new one."""


def create_endpoint(
    runtime: Runtime, caller: Caller, *, url: str, event_types: Sequence[str] = ()
) -> tuple[str, Endpoint]:
    """Adds an endpoint; its secret, which is not shown again, and its facts. No event types means all.

    Raises EndpointRefused for an address that may not be reached, BodyInvalid for an unknown event type.
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
        # The host alone: paths and queries of such addresses are often secrets themselves.
        facts = {"host": httpx.URL(url).host, "event_types": list(event_types)}
        _record(runtime, connection, caller, action="endpoint.created", subject=endpoint.id, facts=facts)
    return secret, endpoint


def list_endpoints(runtime: Runtime, caller: Caller) -> list[Endpoint]:
    """The site's endpoints, the oldest first; their secrets are not for showing."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return endpoints.list_endpoints(connection, site=caller.site)


def delete_endpoint(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> None:
    """Deletes an endpoint and the record of what was delivered there; raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if not endpoints.delete_endpoint(connection, site=caller.site, endpoint_id=endpoint_id):
            raise NotFound("There is no endpoint with this id.", field="id")
        _record(runtime, connection, caller, action="endpoint.deleted", subject=endpoint_id)


def disable_endpoint(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> Endpoint:
    """Stops an endpoint; what was on its way there is given up until replayed. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if endpoints.disable_endpoint(
            connection,
            site=caller.site,
            endpoint_id=endpoint_id,
            reason="Switched off by hand.",
            now=runtime.clock(),
        ):
            _record(runtime, connection, caller, action="endpoint.disabled", subject=endpoint_id)
        return _find(connection, caller, endpoint_id)


def enable_endpoint(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> Endpoint:
    """Takes an endpoint up again, for events from now on; raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if endpoints.enable_endpoint(connection, site=caller.site, endpoint_id=endpoint_id):
            _record(runtime, connection, caller, action="endpoint.enabled", subject=endpoint_id)
        return _find(connection, caller, endpoint_id)


def rotate_secret(
    runtime: Runtime, caller: Caller, *, endpoint_id: str, overlap: timedelta = OVERLAP
) -> tuple[str, Endpoint]:
    """Gives an endpoint a new secret, shown once; for `overlap` the old one signs too. Raises NotFound."""
    caller.require(Right.MANAGE)
    secret = make_secret()
    until = runtime.clock() + overlap
    with runtime.database.writing() as connection:
        rotated = endpoints.rotate_secret(
            connection, site=caller.site, endpoint_id=endpoint_id, secret=secret, previous_until=until
        )
        if rotated:
            facts = {"previous_until": until.isoformat()}
            _record(runtime, connection, caller, action="endpoint.rotated", subject=endpoint_id, facts=facts)
        return secret, _find(connection, caller, endpoint_id)


def send_test(runtime: Runtime, caller: Caller, *, endpoint_id: str) -> int:
    """Sends a `webhook.test` event to an endpoint; the delivery's id. Raises NotFound, EndpointRefused."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        endpoint = _find(connection, caller, endpoint_id)
        if endpoint.disabled_at is not None:
            raise EndpointRefused("This endpoint is disabled.", field="id")
        facts = {"site": caller.site, "endpoint_id": endpoint_id}
        delivery_id = deliveries.add_test_event(connection, endpoint=endpoint, data=facts, now=runtime.clock())
        _record(runtime, connection, caller, action="endpoint.tested", subject=endpoint_id)
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
    """The site's deliveries, the newest first, behind the one numbered `before`."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return deliveries.list_deliveries(
            connection, site=caller.site, before=before, limit=limit, state=state, endpoint_id=endpoint_id
        )


def read_delivery(runtime: Runtime, caller: Caller, *, delivery_id: int) -> tuple[Delivery, list[Attempt]]:
    """A delivery with every attempt at it; raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        delivery = deliveries.get_delivery(connection, site=caller.site, delivery_id=delivery_id)
        if delivery is None:
            raise NotFound("There is no delivery with this id.", field="id")
        return delivery, deliveries.list_attempts(connection, delivery_id=delivery_id)


def replay_delivery(runtime: Runtime, caller: Caller, *, delivery_id: int) -> None:
    """Has an event sent again under its own id, whatever came of it before; raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.writing() as connection:
        if not deliveries.replay_delivery(connection, site=caller.site, delivery_id=delivery_id, now=runtime.clock()):
            raise NotFound("There is no delivery with this id.", field="id")
        _record(runtime, connection, caller, action="delivery.replayed", subject=str(delivery_id))
    runtime.jobs.deliver([delivery_id])


def _check_event_types(event_types: Sequence[str]) -> None:
    known = tuple(EventType)
    for name in event_types:
        if name not in known:
            raise BodyInvalid(f"An event is one of {', '.join(known)}.", field="event_types")


def _find(connection: Connection, caller: Caller, endpoint_id: str) -> Endpoint:
    endpoint = endpoints.get_endpoint(connection, site=caller.site, endpoint_id=endpoint_id)
    if endpoint is None:
        raise NotFound("There is no endpoint with this id.", field="id")
    return endpoint


def _record(
    runtime: Runtime,
    connection: Connection,
    caller: Caller,
    *,
    action: str,
    subject: str,
    facts: dict[str, Any] | None = None,
) -> None:
    audit_log.record(
        connection,
        site=caller.site,
        actor=caller.name,
        action=action,
        subject=subject,
        details=facts or {},
        now=runtime.clock(),
    )
