"""Webhook events received from Coral. An event is stored until the comment that it is about is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from service.store.row_mapping import row_as_dict
from service.store.tables import coral_events
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralEvent:
    """An event received from Coral. `due_at` is when to try to process it next, or None if it is finished."""

    connection_id: str
    id: str
    type: str
    data: dict[str, Any]
    attempts: int
    due_at: datetime | None
    received_at: datetime


def add_event(connection: Connection, event: CoralEvent) -> bool:
    """Add an event. Return False if it was received before."""
    return insert_new(connection, coral_events, {name: getattr(event, name) for name in event.__slots__})


def list_due_events(connection: Connection, *, connection_id: str, now: datetime, limit: int) -> list[CoralEvent]:
    """Return at most `limit` due events of a connection, in the order in which they became due."""
    is_due = (coral_events.c.connection_id == connection_id) & (coral_events.c.due_at <= now)
    query = select(coral_events).where(is_due).order_by(coral_events.c.due_at).limit(limit)
    return [CoralEvent(**row_as_dict(row)) for row in connection.execute(query)]


def update_event(connection: Connection, event: CoralEvent, *, attempts: int, due_at: datetime | None) -> None:
    """Set the number of attempts of an event, and when the next one is due (None if the event is finished)."""
    is_event = (coral_events.c.connection_id == event.connection_id) & (coral_events.c.id == event.id)
    connection.execute(update(coral_events).where(is_event).values(attempts=attempts, due_at=due_at))


def delete_old_events(connection: Connection, *, before: datetime) -> None:
    """Delete finished events that were received before this time."""
    is_old = (coral_events.c.received_at < before) & coral_events.c.due_at.is_(None)
    connection.execute(delete(coral_events).where(is_old))
