"""Connections to Coral, the open-source comment system. A connection links one Coral instance to a site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from service.store.row_mapping import row_as_dict
from service.store.tables import coral_connections, coral_events
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralConnection:
    """A Coral instance connected to a site. The secrets are stored in plain text, because they sign requests."""

    id: str
    site: str
    secrets: tuple[str, ...]
    graphql_url: str | None
    graphql_token: str | None
    created_at: datetime

    def __repr__(self) -> str:
        """Return the id and site only: secrets must not appear in a log."""
        return f"CoralConnection({self.id!r}, {self.site!r})"


def put_connection(connection: Connection, coral: CoralConnection) -> None:
    """Add or change a connection to Coral."""
    values = {name: getattr(coral, name) for name in coral.__slots__} | {"secrets": list(coral.secrets)}
    if not insert_new(connection, coral_connections, values):
        connection.execute(update(coral_connections).where(coral_connections.c.id == coral.id).values(values))


def find_connection(connection: Connection, *, connection_id: str) -> CoralConnection | None:
    """Return the connection with this id, of any site. A request from Coral names only the connection."""
    row = connection.execute(select(coral_connections).where(coral_connections.c.id == connection_id)).one_or_none()
    return _coral_connection(row) if row else None


def list_connections(connection: Connection, *, site: str | None = None) -> list[CoralConnection]:
    """Return the connections of one site or of all, the oldest first."""
    query = select(coral_connections).order_by(coral_connections.c.created_at, coral_connections.c.id)
    rows = connection.execute(query if site is None else query.where(coral_connections.c.site == site))
    return [_coral_connection(row) for row in rows]


def delete_connection(connection: Connection, *, connection_id: str) -> None:
    """Delete a connection with the events that were received through it."""
    connection.execute(delete(coral_events).where(coral_events.c.connection_id == connection_id))
    connection.execute(delete(coral_connections).where(coral_connections.c.id == connection_id))


def _coral_connection(row: Any) -> CoralConnection:
    return CoralConnection(**row_as_dict(row, secrets=tuple(row.secrets)))
