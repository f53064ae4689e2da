"""Outgoing events with their deliveries and attempts.

An event has one delivery to each endpoint that receives its type. A delivery can take several attempts.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, update

from service.store.row_mapping import record_as_dict, row_as_dict
from service.store.tables import attempts, deliveries, endpoints, events
from service.store.webhooks.endpoints import Endpoint, read_endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The delivery of one event to one endpoint. `state` is `pending`, `delivered` or `failed`.

    `attempts` counts the attempts since the delivery was added or last replayed.
    """

    id: int
    site: str
    event_id: str
    endpoint_id: str
    type: str
    comment_id: str
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedDelivery:
    """A delivery that a worker has leased, with its data. No other worker sends it before `leased_until`."""

    id: int
    event_id: str
    type: str
    data: dict[str, Any]
    created_at: datetime
    attempts: int
    leased_until: datetime
    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt: the HTTP status of the response, or the name of the error if there was none, and its duration."""

    status: int | None
    error: str
    seconds: float
    at: datetime


def add_event(
    connection: Connection,
    *,
    site: str,
    type: str,  # noqa: A002  the name of the field in Standard Webhooks
    comment_id: str,
    data: dict[str, Any],
    now: datetime,
    due_at: datetime,
) -> list[int]:
    """Add an event and a pending delivery to each endpoint that receives its type. Return the ids of the deliveries."""
    enabled = select(endpoints.c.id, endpoints.c.event_types).where(
        endpoints.c.site == site, endpoints.c.disabled_at.is_(None)
    )
    # A shared lock: other events can be added at the same time, but no endpoint can be deleted.
    rows = connection.execute(enabled.order_by(endpoints.c.id).with_for_update(read=True, key_share=True)).all()
    receivers = [row.id for row in rows if not row.event_types or type in row.event_types]
    event_id = _insert_event(connection, site=site, type_=type, comment_id=comment_id, data=data, now=now)
    return [_insert_delivery(connection, site, event_id, receiver, due_at) for receiver in receivers]


def add_test_event(connection: Connection, *, endpoint: Endpoint, data: dict[str, Any], now: datetime) -> int:
    """Add a `webhook.test` event for this endpoint alone, whatever types it receives. Return the delivery's id."""
    event_id = _insert_event(connection, site=endpoint.site, type_="webhook.test", comment_id="", data=data, now=now)
    return _insert_delivery(connection, endpoint.site, event_id, endpoint.id, now)


def withdraw_event(connection: Connection, *, site: str, comment_id: str, type_: str, due_at: datetime) -> bool:
    """Delete the newest event of a type about a comment, before it is sent. An undo uses this.

    `due_at` is the time at which its deliveries were due first. Return False if any of them may have been sent.
    """
    query = (
        select(events.c.id)
        .where(events.c.site == site, events.c.comment_id == comment_id, events.c.type == type_)
        .order_by(events.c.created_at.desc(), events.c.id.desc())
        .limit(1)
    )
    event_id = connection.execute(query).scalar_one_or_none()
    if event_id is None:
        return True
    of_event = deliveries.c.event_id == event_id
    # A worker that takes a delivery changes `due_at`: if it still has its first value, no worker has taken it.
    is_untaken = and_(deliveries.c.state == "pending", deliveries.c.attempts == 0, deliveries.c.due_at == due_at)
    connection.execute(delete(deliveries).where(of_event, is_untaken))
    if connection.execute(select(deliveries.c.id).where(of_event).limit(1)).one_or_none() is not None:
        return False
    connection.execute(delete(events).where(events.c.id == event_id))
    return True


def _insert_event(
    connection: Connection, *, site: str, type_: str, comment_id: str, data: dict[str, Any], now: datetime
) -> str:
    # The id is hexadecimal, because it must not contain a dot: Standard Webhooks signs "id.timestamp.body".
    event_id = "msg_" + secrets.token_hex(16)
    row = {
        "id": event_id,
        "site": site,
        "type": type_,
        "comment_id": comment_id,
        "data": data,
        "created_at": now,
    }
    connection.execute(insert(events), row)
    return event_id


def _insert_delivery(connection: Connection, site: str, event_id: str, endpoint_id: str, due_at: datetime) -> int:
    row = {"site": site, "event_id": event_id, "endpoint_id": endpoint_id, "due_at": due_at}
    statement = insert(deliveries).returning(deliveries.c.id)
    return int(connection.execute(statement, {**row, "state": "pending", "attempts": 0}).scalar_one())


def find_due(connection: Connection, *, now: datetime, limit: int) -> list[int]:
    """Return the ids of at most `limit` deliveries that can be sent now, in the order in which they became due."""
    query = _where_sendable(select(deliveries.c.id), now).order_by(deliveries.c.due_at, deliveries.c.id).limit(limit)
    return list(connection.scalars(query))


def _where_sendable(query: Select[Any], now: datetime) -> Select[Any]:
    """Restrict a query to pending deliveries that are due, to endpoints that are neither disabled nor throttled."""
    return query.join(endpoints, endpoints.c.id == deliveries.c.endpoint_id).where(
        deliveries.c.state == "pending",
        deliveries.c.due_at <= now,
        endpoints.c.disabled_at.is_(None),
        or_(endpoints.c.throttled_until.is_(None), endpoints.c.throttled_until <= now),
    )


def lease_delivery(
    connection: Connection, *, delivery_id: int, now: datetime, leased_until: datetime
) -> LeasedDelivery | None:
    """Lease a delivery until `leased_until` and return it, or None if it cannot be sent now or another worker has it.

    If a worker dies, its lease expires, and the same event is sent again with the same id.
    """
    sendable = _where_sendable(select(deliveries.c.id), now).where(deliveries.c.id == delivery_id)
    # These repeat some conditions of the subquery. After waiting for a locked row, PostgreSQL checks only these again.
    is_due = (deliveries.c.id == delivery_id, deliveries.c.state == "pending", deliveries.c.due_at <= now)
    lease = update(deliveries).where(*is_due, deliveries.c.id.in_(sendable.scalar_subquery()))
    # Until the later `due_at`, other workers do not find the delivery due.
    if connection.execute(lease.values(due_at=leased_until)).rowcount != 1:
        return None
    query = (
        select(deliveries.c.attempts, events)
        .join(events, events.c.id == deliveries.c.event_id)
        .where(deliveries.c.id == delivery_id)
    )
    row = connection.execute(query).one()
    receiver = select(endpoints).join(deliveries, deliveries.c.endpoint_id == endpoints.c.id)
    return LeasedDelivery(
        id=delivery_id,
        event_id=row.id,
        type=row.type,
        data=row.data,
        created_at=row.created_at,
        attempts=row.attempts,
        leased_until=leased_until,
        endpoint=read_endpoint(connection.execute(receiver.where(deliveries.c.id == delivery_id)).one()),
    )


def record_attempt(
    connection: Connection, *, leased: LeasedDelivery, attempt: Attempt, state: str, due_at: datetime
) -> bool:
    """Add an attempt and update the delivery. Return False, changing nothing, if the delivery no longer exists.

    After the lease has expired, another worker may have taken the delivery. Then only a success changes its state: a
    late failure must not overwrite a newer result.
    """
    # Event and endpoint are compared, too, in case the id of a deleted delivery was assigned again.
    is_delivery = (
        deliveries.c.id == leased.id,
        deliveries.c.event_id == leased.event_id,
        deliveries.c.endpoint_id == leased.endpoint.id,
    )
    increment = {"attempts": deliveries.c.attempts + 1}
    if connection.execute(update(deliveries).where(*is_delivery).values(increment)).rowcount != 1:
        return False
    is_leased = (deliveries.c.state == "pending", deliveries.c.due_at == leased.leased_until)
    condition = is_delivery if state == "delivered" else (*is_delivery, *is_leased)
    connection.execute(update(deliveries).where(*condition).values(state=state, due_at=due_at))
    connection.execute(insert(attempts).values(delivery_id=leased.id, **record_as_dict(attempt)))
    return True


def list_deliveries(
    connection: Connection,
    *,
    site: str,
    before: int | None = None,
    limit: int = 50,
    state: str | None = None,
    endpoint_id: str | None = None,
) -> list[Delivery]:
    """Return at most `limit` deliveries of a site, newest first. With `before`, only those with lower ids."""
    query = _select_deliveries().where(deliveries.c.site == site)
    if before is not None:
        query = query.where(deliveries.c.id < before)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    if endpoint_id is not None:
        query = query.where(deliveries.c.endpoint_id == endpoint_id)
    return [
        Delivery(**row_as_dict(row)) for row in connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit))
    ]


def get_delivery(connection: Connection, *, site: str, delivery_id: int) -> Delivery | None:
    """Return the delivery, if it belongs to this site."""
    query = _select_deliveries().where(deliveries.c.site == site, deliveries.c.id == delivery_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Delivery(**row_as_dict(row))


def _select_deliveries() -> Select[Any]:
    columns = (events.c.type, events.c.comment_id, events.c.created_at)
    return select(deliveries, *columns).join(events, events.c.id == deliveries.c.event_id)


def list_attempts(connection: Connection, *, delivery_id: int) -> list[Attempt]:
    """Return all attempts of a delivery, oldest first, including those before a replay."""
    columns = (attempts.c.status, attempts.c.error, attempts.c.seconds, attempts.c.at)
    query = select(*columns).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.id)
    return [Attempt(**row_as_dict(row)) for row in connection.execute(query)]


def replay_delivery(connection: Connection, *, site: str, delivery_id: int, now: datetime) -> bool:
    """Make a delivery due now and start its retry schedule again. Return False if there is none with this id."""
    is_delivery = (deliveries.c.site == site, deliveries.c.id == delivery_id)
    statement = update(deliveries).where(*is_delivery).values(state="pending", attempts=0, due_at=now)
    return connection.execute(statement).rowcount == 1


def count_unfinished(connection: Connection) -> dict[str, int]:
    """Count the `pending` and the `failed` deliveries of all sites, by state."""
    unfinished = ("pending", "failed")
    query = select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(unfinished))
    counts = {row[0]: row[1] for row in connection.execute(query.group_by(deliveries.c.state))}
    return {state: counts.get(state, 0) for state in unfinished}


def oldest_due(connection: Connection, *, now: datetime) -> datetime | None:
    """Return when the delivery became due that has waited longest for a worker, or None if none is due."""
    oldest: datetime | None = connection.execute(
        _where_sendable(select(func.min(deliveries.c.due_at)), now)
    ).scalar_one()
    return oldest


def drop_events(connection: Connection, *, before: datetime, limit: int) -> int:
    """Delete at most `limit` events from before a time, with deliveries and attempts. Return how many were deleted.

    An event stays while any of its deliveries is pending or failed: a failed one can be replayed.
    """
    of_event = select(deliveries.c.id).where(deliveries.c.event_id == events.c.id)
    unfinished = of_event.where(deliveries.c.state != "delivered").exists()
    old = select(events.c.id).where(events.c.created_at < before, ~unfinished)
    ids = list(connection.scalars(old.order_by(events.c.created_at).limit(limit)))
    # The state is checked again in each statement, because a delivery may be replayed in the meantime.
    delivered = (deliveries.c.event_id.in_(ids), deliveries.c.state == "delivered")
    connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(select(deliveries.c.id).where(*delivered))))
    connection.execute(delete(deliveries).where(*delivered))
    return connection.execute(delete(events).where(events.c.id.in_(ids), ~of_event.exists())).rowcount
