"""Strokes: what one person decided at once, of one comment or many, with what it takes to take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from service.store.row_mapping import insert_record, record_facts, row_without
from service.store.tables import action_items, actions, appeals, deliveries, events, second_reviews, verdicts

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Decided by somebody at a time; can be taken back until another."""

    by: str
    outcome: str
    decided_at: datetime
    undoable_until: datetime
    undone_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One comment of a stroke; `before` is how it stood, as JSON. Verdict 0 is none: it was handed on."""

    comment_id: str
    verdict_id: int
    before: dict[str, Any]


def add_action(connection: Connection, *, site: str, action: Action) -> int:
    """Adds a stroke and returns its number; forgets what has been too old for long."""
    connection.execute(
        delete(actions).where(actions.c.site == site, actions.c.undoable_until < action.decided_at - KEPT)
    )
    return insert_record(connection, actions, action, site=site)


def add_step(connection: Connection, *, action_id: int, step: Step) -> None:
    """Adds one comment to a stroke."""
    connection.execute(insert(action_items).values(action_id=action_id, **record_facts(step)))


def find_action(connection: Connection, *, site: str, action_id: int, lock: bool = False) -> Action | None:
    """The stroke with this number; `lock` keeps a second undoing off."""
    query = select(actions).where(actions.c.site == site, actions.c.id == action_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return Action(**row_without(row, "site")) if row else None


def find_action_of(connection: Connection, *, site: str, verdict_id: int) -> Action | None:
    """The stroke that gave a verdict, while it is remembered; None for a verdict that was not given on the pages."""
    query = select(actions).join(action_items, action_items.c.action_id == actions.c.id)
    row = connection.execute(query.where(actions.c.site == site, action_items.c.verdict_id == verdict_id)).first()
    return Action(**row_without(row, "site")) if row else None


def list_steps(connection: Connection, *, action_id: int) -> list[Step]:
    """The comments of a stroke, in order of their ids: two transactions lock them in one order."""
    query = select(action_items).where(action_items.c.action_id == action_id).order_by(action_items.c.comment_id)
    return [Step(**row_without(row, "action_id")) for row in connection.execute(query)]


def mark_undone(connection: Connection, *, action_id: int, now: datetime) -> None:
    """Notes that a stroke was taken back."""
    connection.execute(update(actions).where(actions.c.id == action_id).values(undone_at=now))


def drop_events(connection: Connection, *, site: str, comment_id: str, type_: str, due_at: datetime) -> bool:
    """Takes back the newest event of a type about a comment; False where any of it may have left."""
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
    # A worker that takes a delivery moves its time on: one that still has its first time was not taken.
    waiting = and_(of_event, deliveries.c.state == "pending", deliveries.c.attempts == 0, deliveries.c.due_at == due_at)
    connection.execute(delete(deliveries).where(waiting))
    if connection.execute(select(deliveries.c.id).where(of_event).limit(1)).one_or_none() is not None:
        return False
    connection.execute(delete(events).where(events.c.id == event_id))
    return True


def drop_verdict(connection: Connection, *, verdict_id: int) -> bool:
    """Deletes a verdict that was taken back, so that nothing learns from it; False where a colleague has judged it."""
    reviewed = and_(second_reviews.c.verdict_id == verdict_id, second_reviews.c.outcome.is_not(None))
    if connection.execute(select(second_reviews.c.id).where(reviewed)).one_or_none() is not None:
        return False
    connection.execute(delete(second_reviews).where(second_reviews.c.verdict_id == verdict_id))
    connection.execute(delete(verdicts).where(verdicts.c.id == verdict_id))
    return True


def reopen_appeals(connection: Connection, *, numbers: Sequence[int]) -> None:
    """Opens appeals again that a verdict had answered."""
    if numbers:
        connection.execute(update(appeals).where(appeals.c.id.in_(numbers)).values(outcome=None, decided_at=None))
