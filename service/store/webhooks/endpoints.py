"""Endpoints: the addresses of a site that are told of events, with the secrets that sign for them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.store.tables import attempts, deliveries, endpoints, row_as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address of a site that is told of events; no `event_types` means all of them."""

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
        """The secrets that a receiver may hold at `now`, the newest first."""
        until = self.previous_secret_until
        overlaps = self.previous_secret is not None and until is not None and now < until
        return (self.secret, self.previous_secret) if overlaps and self.previous_secret else (self.secret,)


def add_endpoint(
    connection: Connection, *, site: str, url: str, secret: str, event_types: Sequence[str], now: datetime
) -> Endpoint:
    """Adds an enabled endpoint."""
    endpoint_id = "ep_" + secrets.token_hex(12)
    row = {"id": endpoint_id, "site": site, "url": url, "secret": secret, "event_types": list(event_types)}
    connection.execute(insert(endpoints).values(**row, created_at=now))
    found = get_endpoint(connection, site=site, endpoint_id=endpoint_id)
    assert found is not None
    return found


def list_endpoints(connection: Connection, *, site: str) -> list[Endpoint]:
    """A site's endpoints, the oldest first, disabled ones included."""
    query = select(endpoints).where(endpoints.c.site == site).order_by(endpoints.c.created_at, endpoints.c.id)
    return [read_endpoint(row) for row in connection.execute(query)]


def get_endpoint(connection: Connection, *, site: str, endpoint_id: str) -> Endpoint | None:
    """The endpoint, if this site has it."""
    query = select(endpoints).where(endpoints.c.site == site, endpoints.c.id == endpoint_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else read_endpoint(row)


def read_endpoint(row: Any) -> Endpoint:
    """A row of the table as an endpoint."""
    facts = row_as_dict(row)
    return Endpoint(**facts | {"event_types": tuple(facts["event_types"])})


def throttle_endpoint(connection: Connection, *, endpoint_id: str, until: datetime) -> None:
    """Sends nothing there before `until`."""
    connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(throttled_until=until))


def disable_endpoint(connection: Connection, *, site: str, endpoint_id: str, reason: str, now: datetime) -> bool:
    """Stops an endpoint; what was on its way there is dead until replayed. False if none was stopped."""
    mine = (endpoints.c.site == site, endpoints.c.id == endpoint_id, endpoints.c.disabled_at.is_(None))
    stopped = update(endpoints).where(*mine).values(disabled_at=now, disabled_reason=reason)
    if connection.execute(stopped).rowcount != 1:
        return False
    waiting = (deliveries.c.endpoint_id == endpoint_id, deliveries.c.state == "pending")
    connection.execute(update(deliveries).where(*waiting).values(state="dead"))
    return True


def enable_endpoint(connection: Connection, *, site: str, endpoint_id: str) -> bool:
    """Takes an endpoint up again; False if the site has none of this id."""
    mine = (endpoints.c.site == site, endpoints.c.id == endpoint_id)
    facts = {"disabled_at": None, "disabled_reason": "", "throttled_until": None}
    return connection.execute(update(endpoints).where(*mine).values(facts)).rowcount == 1


def rotate_secret(
    connection: Connection, *, site: str, endpoint_id: str, secret: str, previous_until: datetime
) -> bool:
    """Gives an endpoint a new secret; the old one signs too until `previous_until`. False: not there."""
    mine = (endpoints.c.site == site, endpoints.c.id == endpoint_id)
    facts = {"previous_secret": endpoints.c.secret, "previous_secret_until": previous_until, "secret": secret}
    return connection.execute(update(endpoints).where(*mine).values(facts)).rowcount == 1


def delete_endpoint(connection: Connection, *, site: str, endpoint_id: str) -> bool:
    """Deletes an endpoint with its secret, deliveries and attempts; False if it is not there."""
    mine = (endpoints.c.site == site, endpoints.c.id == endpoint_id)
    if connection.execute(select(endpoints.c.id).where(*mine).with_for_update()).one_or_none() is None:
        return False
    theirs = select(deliveries.c.id).where(deliveries.c.endpoint_id == endpoint_id)
    # Locked first, so that no worker adds an attempt between the two deletions.
    connection.execute(theirs.with_for_update())
    connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(theirs)))
    connection.execute(delete(deliveries).where(deliveries.c.endpoint_id == endpoint_id))
    connection.execute(delete(endpoints).where(*mine))
    return True
