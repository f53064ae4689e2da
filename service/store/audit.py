"""The audit log: who changed what, when; never what a comment said."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from service.store.tables import audit_log, row_facts


def record(
    connection: Connection,
    *,
    site: str,
    actor: str,
    action: str,
    subject: str,
    facts: dict[str, Any],
    now: datetime,
) -> None:
    """Adds one line."""
    connection.execute(
        insert(audit_log).values(site=site, actor=actor, action=action, subject=subject, facts=facts, at=now)
    )


def read_log(connection: Connection, *, site: str, subject: str) -> list[dict[str, Any]]:
    """The lines about one subject, oldest first."""
    query = select(audit_log).where(audit_log.c.site == site, audit_log.c.subject == subject).order_by(audit_log.c.id)
    return [row_facts(row) for row in connection.execute(query)]
