"""Escalations: comments handed to the editors, and the steps that a site takes then, in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, and_, delete, select, update

from service.store.row_mapping import insert_record, record_facts, row_without
from service.store.tables import escalations, procedures
from service.store.upsert import put_row


class Topic(StrEnum):
    """What an escalation is about."""

    THREAT = "threat"
    SELF_HARM = "self_harm"
    LEGAL = "legal"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A comment that somebody handed on; open until `closed_at`."""

    comment_id: str
    topic: Topic
    note: str
    by: str
    at: datetime
    closed_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What this site does about a topic, as its editors wrote it."""

    topic: Topic
    text: str
    author: str
    saved_at: datetime


def add_escalation(connection: Connection, *, site: str, escalation: Escalation) -> int:
    """Adds an escalation and returns its number."""
    return insert_record(connection, escalations, escalation, site=site)


def list_escalations(connection: Connection, *, site: str, comment_id: str) -> list[Escalation]:
    """All escalations of a comment, oldest first."""
    query = select(escalations).where(escalations.c.site == site, escalations.c.comment_id == comment_id)
    return [
        Escalation(**{**row_without(row, "site"), "topic": Topic(row.topic)})
        for row in connection.execute(query.order_by(escalations.c.id))
    ]


def list_open(connection: Connection, *, site: str, comment_id: str) -> list[Escalation]:
    """Those that nobody has settled yet."""
    found = list_escalations(connection, site=site, comment_id=comment_id)
    return [escalation for escalation in found if escalation.closed_at is None]


def close_escalations(connection: Connection, *, site: str, comment_id: str, now: datetime) -> int:
    """Settles every open escalation of a comment and says how many."""
    here = and_(escalations.c.site == site, escalations.c.comment_id == comment_id)
    return connection.execute(
        update(escalations).where(here, escalations.c.closed_at.is_(None)).values(closed_at=now)
    ).rowcount


def reopen_escalations(connection: Connection, *, numbers: Sequence[int]) -> None:
    """Opens escalations again that a verdict had settled."""
    if numbers:
        connection.execute(update(escalations).where(escalations.c.id.in_(numbers)).values(closed_at=None))


def drop_escalation(connection: Connection, *, number: int) -> None:
    """Forgets an escalation that was taken back."""
    connection.execute(delete(escalations).where(escalations.c.id == number))


def put_steps(connection: Connection, *, site: str, steps: Procedure) -> None:
    """Saves a site's steps for a topic in place of the earlier ones."""
    put_row(connection, procedures, {"site": site, **record_facts(steps)})


def list_steps(connection: Connection, *, site: str) -> dict[Topic, Procedure]:
    """A site's steps by topic; topics without words are left out."""
    query = select(procedures).where(procedures.c.site == site, procedures.c.text != "")
    return {
        Topic(row.topic): Procedure(**{**row_without(row, "site"), "topic": Topic(row.topic)})
        for row in connection.execute(query)
    }
