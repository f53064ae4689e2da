"""Readiness: whether the service could take a comment now."""

from enum import StrEnum

from service.domain.errors import StoreUnavailable
from service.moderation.desk import Desk
from service.store.schema import is_current


class DatabaseState(StrEnum):
    """What the database says when it is asked."""

    OK = "ok"
    NOT_MIGRATED = "not migrated"
    UNREACHABLE = "unreachable"


def ask_database(desk: Desk) -> DatabaseState:
    """Asks the database whether its schema is the one that this code knows."""
    try:
        with desk.database.reading() as connection:
            return DatabaseState.OK if is_current(connection) else DatabaseState.NOT_MIGRATED
    except StoreUnavailable:
        return DatabaseState.UNREACHABLE
