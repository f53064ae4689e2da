"""Reports by readers and appeals by authors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from service.store.row_mapping import insert_record, record_as_dict, row_without
from service.store.tables import appeals, reports
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reader's report of a comment."""

    comment_id: str
    reporter: str
    reason: str
    note: str
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An author's request that a person reviews the decision. It is open until `decided_at` is set."""

    comment_id: str
    statement: str
    outcome: str | None
    appealed_at: datetime
    decided_at: datetime | None
    id: int = 0


def add_report(connection: Connection, *, site: str, report: Report) -> bool:
    """Add a report. Return False if this reader has reported the comment before."""
    return insert_new(connection, reports, {"site": site, **record_as_dict(report)})


def count_reports(connection: Connection, *, site: str, comment_id: str) -> int:
    """Count the readers who have reported a comment."""
    query = select(func.count()).where(reports.c.site == site, reports.c.comment_id == comment_id)
    return int(connection.execute(query).scalar_one())


def list_reports(connection: Connection, *, site: str, comment_id: str) -> list[Report]:
    """Return all reports of a comment, oldest first."""
    query = select(reports).where(reports.c.site == site, reports.c.comment_id == comment_id).order_by(reports.c.id)
    return [Report(**row_without(row, "site", "id")) for row in connection.execute(query)]


def add_appeal(connection: Connection, appeal: Appeal, *, site: str) -> Appeal:
    """Add an appeal and return it with its id."""
    return replace(appeal, id=insert_record(connection, appeals, appeal, site=site))


def list_appeals(connection: Connection, *, site: str, comment_id: str) -> list[Appeal]:
    """Return all appeals about a comment, oldest first."""
    query = select(appeals).where(appeals.c.site == site, appeals.c.comment_id == comment_id).order_by(appeals.c.id)
    return [Appeal(**row_without(row, "site")) for row in connection.execute(query)]


def list_open_appeals(connection: Connection, *, site: str, comment_id: str) -> list[Appeal]:
    """Return the open appeals about a comment, oldest first."""
    all_appeals = list_appeals(connection, site=site, comment_id=comment_id)
    return [appeal for appeal in all_appeals if appeal.decided_at is None]


def close_appeals(connection: Connection, *, site: str, comment_id: str, outcome: str, now: datetime) -> None:
    """Close every open appeal about a comment and store the outcome: `approve` or `reject`."""
    is_open = (appeals.c.site == site) & (appeals.c.comment_id == comment_id) & appeals.c.decided_at.is_(None)
    connection.execute(update(appeals).where(is_open).values(outcome=outcome, decided_at=now))


def reopen_appeals(connection: Connection, *, appeal_ids: Sequence[int]) -> None:
    """Reopen appeals that a verdict has closed, because the verdict is undone."""
    if appeal_ids:
        connection.execute(update(appeals).where(appeals.c.id.in_(appeal_ids)).values(outcome=None, decided_at=None))
