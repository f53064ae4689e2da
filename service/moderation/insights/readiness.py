"""Readiness: whether the service could take a comment now, and how far behind its worker is."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import DatabaseUnavailable
from service.moderation.runtime import Runtime
from service.store.schema import is_current
from service.store.webhooks import deliveries


class DatabaseState(StrEnum):
    """What the database says when it is asked."""

    OK = "ok"
    NOT_MIGRATED = "not migrated"
    UNREACHABLE = "unreachable"


def ask_database(runtime: Runtime) -> DatabaseState:
    """Asks the database whether its schema is the one that this code knows."""
    try:
        with runtime.database.reading() as connection:
            return DatabaseState.OK if is_current(connection) else DatabaseState.NOT_MIGRATED
    except DatabaseUnavailable:
        return DatabaseState.UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Deliveries of all sites: still to be made, given up, and for how many seconds the oldest due one has waited."""

    pending: int
    dead: int
    oldest_due_seconds: float


def measure_backlog(runtime: Runtime) -> Backlog:
    """What the worker has still to do: the sign by which a stopped or overwhelmed worker is seen."""
    now = runtime.clock()
    with runtime.database.reading() as connection:
        unfinished = deliveries.count_unfinished(connection)
        oldest = deliveries.oldest_due(connection, now=now)
    waited = (now - oldest).total_seconds() if oldest else 0.0
    return Backlog(pending=unfinished["pending"], dead=unfinished["dead"], oldest_due_seconds=waited)
