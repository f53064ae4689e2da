"""The audit log: who changed what, and when. It never quotes a comment, so that erasure need not search it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from service.domain.rights import Caller
from service.store.row_mapping import row_as_dict
from service.store.tables import audit_log


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change. `actor` made it, `action` is its kind (`policy.saved`), and `subject` the id of what was changed."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


def record(
    connection: Connection, caller: Caller, action: str, /, *, subject: str, now: datetime, **details: object
) -> None:
    """Add an entry about a change that the caller has made on its site. `details` become JSON."""
    connection.execute(
        insert(audit_log).values(
            site=caller.site, actor=caller.name, action=action, subject=subject, details=details, at=now
        )
    )


def read_newest(connection: Connection, *, site: str, subject: str | None, limit: int) -> list[AuditEntry]:
    """Return a site's entries, or those about one subject, newest first."""
    columns = [audit_log.c[field.name] for field in fields(AuditEntry)]
    query = select(*columns).where(audit_log.c.site == site)
    if subject is not None:
        query = query.where(audit_log.c.subject == subject)
    newest = query.order_by(audit_log.c.at.desc(), audit_log.c.id.desc()).limit(limit)
    return [AuditEntry(**row_as_dict(row)) for row in connection.execute(newest)]
