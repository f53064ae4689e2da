"""The audit trail: who changed what on a site, for whoever manages it."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.rights import Caller, Right
from service.moderation.access.users import read_names
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.insights.audit_log import Line


def read_audit_log(runtime: Runtime, caller: Caller, *, subject: str | None, limit: int) -> Sequence[Line]:
    """The newest changes on the caller's site, or those to one subject, newest first; people by their names."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        lines = audit_log.read_newest(connection, site=caller.site, subject=subject, limit=limit)
    names = read_names(runtime, actors={line.actor for line in lines} | {line.subject for line in lines})
    return [
        replace(line, actor=names.get(line.actor, line.actor), subject=names.get(line.subject, line.subject))
        for line in lines
    ]
