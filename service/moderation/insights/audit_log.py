"""The audit log of a site, for users and tokens with the right to manage it."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.rights import Caller, Right
from service.moderation.access.users import read_names
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.insights.audit_log import AuditEntry


def read_audit_log(runtime: Runtime, caller: Caller, *, subject: str | None, limit: int) -> Sequence[AuditEntry]:
    """Return the newest entries, or those about one subject, newest first, with users' names in place of their ids."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        entries = audit_log.read_newest(connection, site=caller.site, subject=subject, limit=limit)
    names = read_names(runtime, actors={name for entry in entries for name in (entry.actor, entry.subject)})
    return [
        replace(entry, actor=names.get(entry.actor, entry.actor), subject=names.get(entry.subject, entry.subject))
        for entry in entries
    ]
