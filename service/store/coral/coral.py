"""Connections to Coral, what Coral has told us, and which verdicts it has not been told of yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from service.store.tables import coral_connections, coral_events, external_ids, row_as_dict, verdicts
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralConnection:
    """One Coral that speaks to one site; its secrets are kept as they are, because they sign."""

    id: str
    site: str
    secrets: tuple[str, ...]
    graphql_url: str | None
    graphql_token: str | None
    created_at: datetime

    def __repr__(self) -> str:
        """Without the secrets, which a log must not show."""
        return f"CoralConnection({self.id!r}, {self.site!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralEvent:
    """Something that Coral told; `due_at` is None once it is done with."""

    connection_id: str
    id: str
    type: str
    data: dict[str, Any]
    attempts: int
    due_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsyncedVerdict:
    """A verdict that Coral has not heard of."""

    comment_id: str
    external_id: str
    attempts: int
    verdict: int
    outcome: str
    reason: str | None


def put_connection(connection: Connection, kept: CoralConnection) -> None:
    """Adds a connection, or changes it."""
    values = {name: getattr(kept, name) for name in kept.__slots__} | {"secrets": list(kept.secrets)}
    if not insert_new(connection, coral_connections, values):
        connection.execute(update(coral_connections).where(coral_connections.c.id == kept.id).values(values))


def find_connection(connection: Connection, *, connection_id: str) -> CoralConnection | None:
    """The connection with this id, of any site: its id is how a site is known."""
    row = connection.execute(select(coral_connections).where(coral_connections.c.id == connection_id)).one_or_none()
    return _connection(row) if row else None


def list_connections(connection: Connection, *, site: str | None = None) -> list[CoralConnection]:
    """A site's connections, or all, the oldest first."""
    query = select(coral_connections).order_by(coral_connections.c.created_at, coral_connections.c.id)
    rows = connection.execute(query if site is None else query.where(coral_connections.c.site == site))
    return [_connection(row) for row in rows]


def delete_connection(connection: Connection, *, connection_id: str) -> None:
    """Removes a connection with what came over it."""
    connection.execute(delete(coral_events).where(coral_events.c.connection_id == connection_id))
    connection.execute(delete(coral_connections).where(coral_connections.c.id == connection_id))


def add_event(connection: Connection, event: CoralEvent) -> bool:
    """Keeps an event; False where it was told before."""
    return insert_new(connection, coral_events, {name: getattr(event, name) for name in event.__slots__})


def list_due_events(connection: Connection, *, connection_id: str, now: datetime, limit: int) -> list[CoralEvent]:
    """A connection's events that are to be looked at again, the longest due first."""
    is_due = (coral_events.c.connection_id == connection_id) & (coral_events.c.due_at <= now)
    query = select(coral_events).where(is_due).order_by(coral_events.c.due_at).limit(limit)
    return [CoralEvent(**row_as_dict(row)) for row in connection.execute(query)]


def move_event(connection: Connection, event: CoralEvent, *, attempts: int, due_at: datetime | None) -> None:
    """Notes when an event is to be looked at again, or that it is done with."""
    this = (coral_events.c.connection_id == event.connection_id) & (coral_events.c.id == event.id)
    connection.execute(update(coral_events).where(this).values(attempts=attempts, due_at=due_at))


def forget_events(connection: Connection, *, before: datetime) -> None:
    """Deletes what is done with and too old to be told again."""
    old = (coral_events.c.received_at < before) & coral_events.c.due_at.is_(None)
    connection.execute(delete(coral_events).where(old))


def list_unsynced(
    connection: Connection, *, site: str, now: datetime, decided_before: datetime, limit: int
) -> list[UnsyncedVerdict]:
    """The newest verdicts on Coral's comments, given here, that Coral has not been told of."""
    newest = (
        select(verdicts.c.comment_id, func.max(verdicts.c.id).label("verdict"))
        .where(verdicts.c.site == site)
        .group_by(verdicts.c.comment_id)
        .subquery()
    )
    query = (
        select(
            external_ids.c.comment_id,
            external_ids.c.external_id,
            external_ids.c.sync_attempts.label("attempts"),
            verdicts.c.id.label("verdict"),
            verdicts.c.outcome,
            verdicts.c.reason,
        )
        .join(newest, newest.c.comment_id == external_ids.c.comment_id)
        .join(verdicts, verdicts.c.id == newest.c.verdict)
        .where(
            external_ids.c.site == site,
            external_ids.c.source == "coral",
            external_ids.c.external_id.is_not(None),
            external_ids.c.synced_verdict < verdicts.c.id,
            # What came from there is known there.
            verdicts.c.source != "coral",
            verdicts.c.decided_at <= decided_before,
            (external_ids.c.sync_due_at.is_(None)) | (external_ids.c.sync_due_at <= now),
        )
        .order_by(verdicts.c.id)
        .limit(limit)
    )
    return [UnsyncedVerdict(**row_as_dict(row)) for row in connection.execute(query)]


def mark_synced(
    connection: Connection, *, site: str, comment_id: str, verdict: int | None, attempts: int, due_at: datetime | None
) -> None:
    """Notes which verdict Coral has heard of, or when to try again."""
    this = (external_ids.c.site == site) & (external_ids.c.comment_id == comment_id)
    values: dict[str, Any] = {"sync_attempts": attempts, "sync_due_at": due_at}
    if verdict is not None:
        values["synced_verdict"] = verdict
    connection.execute(update(external_ids).where(this).values(values))


def _connection(row: Any) -> CoralConnection:
    return CoralConnection(**{**row_as_dict(row), "secrets": tuple(row.secrets)})
