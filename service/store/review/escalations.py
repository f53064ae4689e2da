"""Escalations: comments that a moderator has handed to the editors.

A procedure is the text in which a site's editors wrote what to do about a topic, such as a threat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, and_, delete, select, update

from service.store.row_mapping import insert_record, record_as_dict, row_without
from service.store.tables import escalations, procedures
from service.store.upsert import upsert_row


class Topic(StrEnum):
    """The topic of an escalation."""

    THREAT = "threat"
    SELF_HARM = "self_harm"
    LEGAL = "legal"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """An escalation of a comment by a moderator. It is open until `closed_at` is set."""

    comment_id: str
    topic: Topic
    note: str
    by: str
    at: datetime
    closed_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A site's instructions for a topic, written by its editors."""

    topic: Topic
    text: str
    author: str
    saved_at: datetime


def add_escalation(connection: Connection, *, site: str, escalation: Escalation) -> int:
    """Add an escalation and return its id."""
    return insert_record(connection, escalations, escalation, site=site)


def list_escalations(connection: Connection, *, site: str, comment_id: str) -> list[Escalation]:
    """Return all escalations of a comment, oldest first."""
    query = select(escalations).where(escalations.c.site == site, escalations.c.comment_id == comment_id)
    return [
        Escalation(**row_without(row, "site", topic=Topic(row.topic)))
        for row in connection.execute(query.order_by(escalations.c.id))
    ]


def list_open(connection: Connection, *, site: str, comment_id: str) -> list[Escalation]:
    """Return the open escalations of a comment."""
    all_escalations = list_escalations(connection, site=site, comment_id=comment_id)
    return [escalation for escalation in all_escalations if escalation.closed_at is None]


def close_escalations(connection: Connection, *, site: str, comment_id: str, now: datetime) -> int:
    """Close every open escalation of a comment and return how many there were."""
    is_open = and_(
        escalations.c.site == site, escalations.c.comment_id == comment_id, escalations.c.closed_at.is_(None)
    )
    return connection.execute(update(escalations).where(is_open).values(closed_at=now)).rowcount


def reopen_escalations(connection: Connection, *, escalation_ids: Sequence[int]) -> None:
    """Reopen escalations that a verdict has closed, because the verdict is undone."""
    if escalation_ids:
        connection.execute(update(escalations).where(escalations.c.id.in_(escalation_ids)).values(closed_at=None))


def delete_escalation(connection: Connection, *, escalation_id: int) -> None:
    """Delete an escalation, because the action that added it is undone."""
    connection.execute(delete(escalations).where(escalations.c.id == escalation_id))


def put_procedure(connection: Connection, *, site: str, procedure: Procedure) -> None:
    """Save a site's procedure for a topic, replacing an earlier one."""
    upsert_row(connection, procedures, {"site": site, **record_as_dict(procedure)})


def list_procedures(connection: Connection, *, site: str) -> dict[Topic, Procedure]:
    """Return a site's procedures by topic, without empty ones."""
    query = select(procedures).where(procedures.c.site == site, procedures.c.text != "")
    return {
        Topic(row.topic): Procedure(**row_without(row, "site", topic=Topic(row.topic)))
        for row in connection.execute(query)
    }
