"""Webhook endpoints of a site, with the secrets that their deliveries are signed with."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.store.row_mapping import row_as_dict
from service.store.tables import attempts, deliveries, endpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A URL that a site's events are sent to. If `event_types` is empty, it receives all types."""

    id: str
    site: str
    url: str
    secret: str = field(repr=False)
    previous_secret: str | None = field(repr=False)
    previous_secret_until: datetime | None
    event_types: tuple[str, ...]
    created_at: datetime
    throttled_until: datetime | None
    disabled_at: datetime | None
    disabled_reason: str

    def signing_secrets(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets to sign with, newest first. After a rotation, the previous one also signs for a while."""
        until = self.previous_secret_until
        if self.previous_secret and until is not None and now < until:
            return (self.secret, self.previous_secret)
        return (self.secret,)


def add_endpoint(
    connection: Connection, *, site: str, url: str, secret: str, event_types: Sequence[str], now: datetime
) -> Endpoint:
    """Add an enabled endpoint."""
    endpoint_id = "ep_" + secrets.token_hex(12)
    row = {"id": endpoint_id, "site": site, "url": url, "secret": secret, "event_types": list(event_types)}
    connection.execute(insert(endpoints).values(**row, created_at=now))
    added = get_endpoint(connection, site=site, endpoint_id=endpoint_id)
    assert added is not None
    return added


def list_endpoints(connection: Connection, *, site: str) -> list[Endpoint]:
    """Return a site's endpoints, the oldest first, including disabled ones."""
    query = select(endpoints).where(endpoints.c.site == site).order_by(endpoints.c.created_at, endpoints.c.id)
    return [read_endpoint(row) for row in connection.execute(query)]


def get_endpoint(connection: Connection, *, site: str, endpoint_id: str) -> Endpoint | None:
    """Return the endpoint, if it belongs to this site."""
    query = select(endpoints).where(endpoints.c.site == site, endpoints.c.id == endpoint_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else read_endpoint(row)


def read_endpoint(row: Any) -> Endpoint:
    """Return a row of the table as an endpoint."""
    return Endpoint(**row_as_dict(row, event_types=tuple(row.event_types)))


def throttle_endpoint(connection: Connection, *, endpoint_id: str, until: datetime) -> None:
    """Send nothing to the endpoint before `until`."""
    connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(throttled_until=until))


def disable_endpoint(connection: Connection, *, site: str, endpoint_id: str, reason: str, now: datetime) -> bool:
    """Disable an endpoint and mark its pending deliveries as failed. Return False if it was not enabled."""
    is_enabled = (endpoints.c.site == site, endpoints.c.id == endpoint_id, endpoints.c.disabled_at.is_(None))
    statement = update(endpoints).where(*is_enabled).values(disabled_at=now, disabled_reason=reason)
    if connection.execute(statement).rowcount != 1:
        return False
    is_pending = (deliveries.c.endpoint_id == endpoint_id, deliveries.c.state == "pending")
    connection.execute(update(deliveries).where(*is_pending).values(state="failed"))
    return True


def enable_endpoint(connection: Connection, *, site: str, endpoint_id: str) -> bool:
    """Enable an endpoint. Return False if the site has none with this id."""
    is_endpoint = (endpoints.c.site == site, endpoints.c.id == endpoint_id)
    enabled = {"disabled_at": None, "disabled_reason": "", "throttled_until": None}
    return connection.execute(update(endpoints).where(*is_endpoint).values(enabled)).rowcount == 1


def rotate_secret(
    connection: Connection, *, site: str, endpoint_id: str, secret: str, previous_until: datetime
) -> bool:
    """Replace an endpoint's secret. The old one also signs until `previous_until`. Return False if there is none."""
    is_endpoint = (endpoints.c.site == site, endpoints.c.id == endpoint_id)
    rotated = {"previous_secret": endpoints.c.secret, "previous_secret_until": previous_until, "secret": secret}
    return connection.execute(update(endpoints).where(*is_endpoint).values(rotated)).rowcount == 1


def delete_endpoint(connection: Connection, *, site: str, endpoint_id: str) -> bool:
    """Delete an endpoint with its deliveries and attempts. Return False if there is none with this id."""
    is_endpoint = (endpoints.c.site == site, endpoints.c.id == endpoint_id)
    if connection.execute(select(endpoints.c.id).where(*is_endpoint).with_for_update()).one_or_none() is None:
        return False
    of_endpoint = select(deliveries.c.id).where(deliveries.c.endpoint_id == endpoint_id)
    # Lock the deliveries first, so that no worker adds an attempt between the two deletions.
    connection.execute(of_endpoint.with_for_update())
    connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(of_endpoint)))
    connection.execute(delete(deliveries).where(deliveries.c.endpoint_id == endpoint_id))
    connection.execute(delete(endpoints).where(*is_endpoint))
    return True
