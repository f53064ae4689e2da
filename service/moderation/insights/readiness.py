"""Readiness: whether the service can accept a comment now, and the backlog of its worker."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import DatabaseUnavailable
from service.moderation.runtime import Runtime
from service.store.schema import is_current
from service.store.webhooks import deliveries


class DatabaseState(StrEnum):
    """The state of the database."""

    OK = "ok"
    NOT_MIGRATED = "not_migrated"
    UNREACHABLE = "unreachable"


def check_database(runtime: Runtime) -> DatabaseState:
    """Return whether the database can be reached and has the schema that this code needs."""
    try:
        with runtime.database.reading() as connection:
            return DatabaseState.OK if is_current(connection) else DatabaseState.NOT_MIGRATED
    except DatabaseUnavailable:
        return DatabaseState.UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The webhook deliveries of all sites.

    `pending` counts those still to be made, and `failed` those that were given up. `oldest_due_seconds` is how long the
    oldest due one has waited.
    """

    pending: int
    failed: int
    oldest_due_seconds: float


def measure_backlog(runtime: Runtime) -> Backlog:
    """Return the worker's backlog. It grows if the worker is stopped or overloaded."""
    now = runtime.clock()
    with runtime.database.reading() as connection:
        unfinished = deliveries.count_unfinished(connection)
        oldest = deliveries.oldest_due(connection, now=now)
    waited = (now - oldest).total_seconds() if oldest else 0.0
    return Backlog(pending=unfinished["pending"], failed=unfinished["failed"], oldest_due_seconds=waited)
