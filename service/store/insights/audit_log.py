"""The audit log: who changed what, when; never what a comment said."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from service.store.tables import audit_log, row_as_dict


def record(
    connection: Connection,
    *,
    site: str,
    actor: str,
    action: str,
    subject: str,
    details: dict[str, Any],
    now: datetime,
) -> None:
    """Adds one line."""
    connection.execute(
        insert(audit_log).values(site=site, actor=actor, action=action, subject=subject, details=details, at=now)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change: who made it, when, and what it was made to; `details` never quote a comment."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


def read_newest(connection: Connection, *, site: str, subject: str | None, limit: int) -> list[Line]:
    """A site's lines, or those about one subject, newest first."""
    columns = [audit_log.c[field.name] for field in fields(Line)]
    query = select(*columns).where(audit_log.c.site == site)
    if subject is not None:
        query = query.where(audit_log.c.subject == subject)
    newest = query.order_by(audit_log.c.at.desc(), audit_log.c.id.desc()).limit(limit)
    return [Line(**row_as_dict(row)) for row in connection.execute(newest)]
