"""Outgoing events with their deliveries and attempts; it sends nothing and decides no retry."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from service.store.tables import attempts, deliveries, endpoints, events, row_as_dict
from service.store.webhooks.endpoints import Endpoint, read_endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one endpoint; `attempts` counts those since it was added or last replayed."""

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
class TakenDelivery:
    """A delivery that is this caller's to send until `leased_until`, with all that sending it takes."""

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
    """One try: the answer's status, or the class of the error where there was none."""

    status: int | None
    error: str
    seconds: float
    at: datetime


def add_event(
    connection: Connection,
    *,
    site: str,
    type: str,  # noqa: A002  Standard Webhooks' own word for it
    comment_id: str,
    data: dict[str, Any],
    now: datetime,
    due_at: datetime,
) -> list[int]:
    """Adds an event, and a pending delivery to each endpoint that listens for its type; their ids."""
    # Shared with other events, but not with the endpoint's deletion, which would leave a delivery to nowhere.
    listening = select(endpoints.c.id, endpoints.c.event_types).where(
        endpoints.c.site == site, endpoints.c.disabled_at.is_(None)
    )
    rows = connection.execute(listening.order_by(endpoints.c.id).with_for_update(read=True, key_share=True)).all()
    receivers = [row.id for row in rows if not row.event_types or type in row.event_types]
    event_id = _insert_event(connection, site=site, type_=type, comment_id=comment_id, data=data, now=now)
    return [_insert_delivery(connection, site, event_id, receiver, due_at) for receiver in receivers]


def add_test_event(connection: Connection, *, endpoint: Endpoint, data: dict[str, Any], now: datetime) -> int:
    """Adds a `webhook.test` event for this endpoint alone, whatever it listens for; the delivery's id."""
    event_id = _insert_event(connection, site=endpoint.site, type_="webhook.test", comment_id="", data=data, now=now)
    return _insert_delivery(connection, endpoint.site, event_id, endpoint.id, now)


def _insert_event(
    connection: Connection, *, site: str, type_: str, comment_id: str, data: dict[str, Any], now: datetime
) -> str:
    # Hexadecimal, because the signature's parts are joined with dots.
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
    """Ids of at most `limit` deliveries that may be sent now, the longest due first."""
    query = _sendable(select(deliveries.c.id), now).order_by(deliveries.c.due_at, deliveries.c.id).limit(limit)
    return list(connection.scalars(query))


def _sendable(query: Select[Any], now: datetime) -> Select[Any]:
    return query.join(endpoints, endpoints.c.id == deliveries.c.endpoint_id).where(
        deliveries.c.state == "pending",
        deliveries.c.due_at <= now,
        endpoints.c.disabled_at.is_(None),
        or_(endpoints.c.throttled_until.is_(None), endpoints.c.throttled_until <= now),
    )


def take_delivery(
    connection: Connection, *, delivery_id: int, now: datetime, leased_until: datetime
) -> TakenDelivery | None:
    """The delivery, due again at `leased_until` so that nobody else sends it; None if it is not to be sent.

    A worker that dies lets its lease run out, and the same event is sent again under the same id.
    """
    # Repeated outside the subquery, because PostgreSQL checks only these again after waiting for the row.
    sendable = _sendable(select(deliveries.c.id), now).where(deliveries.c.id == delivery_id)
    mine = (deliveries.c.id == delivery_id, deliveries.c.state == "pending", deliveries.c.due_at <= now)
    taken = update(deliveries).where(*mine, deliveries.c.id.in_(sendable.scalar_subquery())).values(due_at=leased_until)
    if connection.execute(taken).rowcount != 1:
        return None
    query = (
        select(deliveries.c.attempts, events)
        .join(events, events.c.id == deliveries.c.event_id)
        .where(deliveries.c.id == delivery_id)
    )
    row = connection.execute(query).one()
    receiver = select(endpoints).join(deliveries, deliveries.c.endpoint_id == endpoints.c.id)
    return TakenDelivery(
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
    connection: Connection, *, taken: TakenDelivery, attempt: Attempt, state: str, due_at: datetime
) -> bool:
    """Adds the attempt and moves the delivery on; False, changing nothing, if the delivery is gone.

    Where the lease ran out while sending and somebody else has taken the delivery since, only a success
    counts: an old failure does not undo what the other has found.
    """
    # By what was sent where, too: a receiver's word counts for nothing that it was not sent, whatever its number.
    ours = (
        deliveries.c.id == taken.id,
        deliveries.c.event_id == taken.event_id,
        deliveries.c.endpoint_id == taken.endpoint.id,
    )
    counted = {"attempts": deliveries.c.attempts + 1}
    if connection.execute(update(deliveries).where(*ours).values(counted)).rowcount != 1:
        return False
    held = (deliveries.c.state == "pending", deliveries.c.due_at == taken.leased_until)
    still_ours = ours if state == "delivered" else (*ours, *held)
    connection.execute(update(deliveries).where(*still_ours).values(state=state, due_at=due_at))
    facts = {"status": attempt.status, "error": attempt.error, "seconds": attempt.seconds, "at": attempt.at}
    connection.execute(insert(attempts).values(delivery_id=taken.id, **facts))
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
    """At most `limit` deliveries of a site, the newest first, starting behind the one numbered `before`."""
    query = _deliveries().where(deliveries.c.site == site)
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
    """The delivery, if this site has it."""
    query = _deliveries().where(deliveries.c.site == site, deliveries.c.id == delivery_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Delivery(**row_as_dict(row))


def _deliveries() -> Select[Any]:
    facts = (events.c.type, events.c.comment_id, events.c.created_at)
    return select(deliveries, *facts).join(events, events.c.id == deliveries.c.event_id)


def list_attempts(connection: Connection, *, delivery_id: int) -> list[Attempt]:
    """Every try at a delivery, the oldest first, those before a replay included."""
    columns = (attempts.c.status, attempts.c.error, attempts.c.seconds, attempts.c.at)
    query = select(*columns).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.id)
    return [Attempt(**row_as_dict(row)) for row in connection.execute(query)]


def replay_delivery(connection: Connection, *, site: str, delivery_id: int, now: datetime) -> bool:
    """Makes a delivery due now, with the whole retry schedule before it; False if it is not there."""
    mine = (deliveries.c.site == site, deliveries.c.id == delivery_id)
    again = update(deliveries).where(*mine).values(state="pending", attempts=0, due_at=now)
    return connection.execute(again).rowcount == 1


def count_unfinished(connection: Connection) -> dict[str, int]:
    """How many deliveries are pending and how many are dead, over all sites; the delivered ones are not counted."""
    unfinished = ("pending", "dead")
    query = select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(unfinished))
    found = {row[0]: row[1] for row in connection.execute(query.group_by(deliveries.c.state))}
    return {state: found.get(state, 0) for state in unfinished}


def oldest_due(connection: Connection, *, now: datetime) -> datetime | None:
    """Since when the longest due delivery has been waiting for a worker; None if none is."""
    query = _sendable(select(func.min(deliveries.c.due_at)), now)
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def drop_events(connection: Connection, *, before: datetime, limit: int) -> int:
    """Deletes at most `limit` events from before this time, with deliveries and attempts, and says how many.

    An event of which any delivery is pending or dead stays: that one may still be sent.
    """
    its_own = select(deliveries.c.id).where(deliveries.c.event_id == events.c.id)
    unfinished = its_own.where(deliveries.c.state != "delivered").exists()
    old = select(events.c.id).where(events.c.created_at < before, ~unfinished)
    ids = list(connection.scalars(old.order_by(events.c.created_at).limit(limit)))
    # Asked again at each step: somebody may have a delivery replayed meanwhile.
    done = (deliveries.c.event_id.in_(ids), deliveries.c.state == "delivered")
    connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(select(deliveries.c.id).where(*done))))
    connection.execute(delete(deliveries).where(*done))
    return connection.execute(delete(events).where(events.c.id.in_(ids), ~its_own.exists())).rowcount
