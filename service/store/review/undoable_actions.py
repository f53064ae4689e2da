"""Undoable actions. An action is one click or key press of a moderator, which decides one comment or many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.store.row_mapping import insert_record, record_as_dict, row_without
from service.store.tables import action_items, actions

_RETENTION = timedelta(days=1)
"""Time for which an action is stored after it can no longer be undone, so that a late click gets a clear error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action by the user `by`, which can be undone until `undoable_until`."""

    by: str
    outcome: str
    decided_at: datetime
    undoable_until: datetime
    undone_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """One comment of an action.

    `before` is the comment's state before the action, as JSON. `verdict_id` is 0 if the action escalated the comment
    instead of deciding it.
    """

    comment_id: str
    verdict_id: int
    before: dict[str, Any]


def add_action(connection: Connection, *, site: str, action: Action) -> int:
    """Add an action and return its id. Also delete old actions, which can no longer be undone."""
    connection.execute(
        delete(actions).where(actions.c.site == site, actions.c.undoable_until < action.decided_at - _RETENTION)
    )
    return insert_record(connection, actions, action, site=site)


def add_item(connection: Connection, *, action_id: int, item: ActionItem) -> None:
    """Add one comment to an action."""
    connection.execute(insert(action_items).values(action_id=action_id, **record_as_dict(item)))


def find_action(connection: Connection, *, site: str, action_id: int, lock: bool = False) -> Action | None:
    """Return the action with this id. With `lock`, other transactions wait, so that it cannot be undone twice."""
    query = select(actions).where(actions.c.site == site, actions.c.id == action_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return Action(**row_without(row, "site")) if row else None


def find_action_of_verdict(connection: Connection, *, site: str, verdict_id: int) -> Action | None:
    """Return the action that has made a verdict, or None if it was not made by an action or the action was deleted."""
    query = select(actions).join(action_items, action_items.c.action_id == actions.c.id)
    row = connection.execute(query.where(actions.c.site == site, action_items.c.verdict_id == verdict_id)).first()
    return Action(**row_without(row, "site")) if row else None


def list_items(connection: Connection, *, action_id: int) -> list[ActionItem]:
    """Return the comments of an action, ordered by id. Locking them in this order avoids deadlocks."""
    query = select(action_items).where(action_items.c.action_id == action_id).order_by(action_items.c.comment_id)
    return [ActionItem(**row_without(row, "action_id")) for row in connection.execute(query)]


def mark_undone(connection: Connection, *, action_id: int, now: datetime) -> None:
    """Record that an action was undone."""
    connection.execute(update(actions).where(actions.c.id == action_id).values(undone_at=now))
