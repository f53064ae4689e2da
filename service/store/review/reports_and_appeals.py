"""Reports by readers and appeals by authors: two ways to ask a person to look again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from service.store.row_mapping import insert_record, record_facts, row_without
from service.store.tables import appeals, reports
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reader's complaint about a comment."""

    comment_id: str
    reporter: str
    reason: str
    note: str
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An author's wish that a person look (again) at the decision; open until `decided_at`."""

    comment_id: str
    statement: str
    outcome: str | None
    appealed_at: datetime
    decided_at: datetime | None
    id: int = 0


def add_report(connection: Connection, *, site: str, report: Report) -> bool:
    """Adds a report; False where this reader has reported the comment already."""
    return insert_new(connection, reports, {"site": site, **record_facts(report)})


def count_reports(connection: Connection, *, site: str, comment_id: str) -> int:
    """How many readers have reported a comment."""
    query = select(func.count()).where(reports.c.site == site, reports.c.comment_id == comment_id)
    return int(connection.execute(query).scalar_one())


def list_reports(connection: Connection, *, site: str, comment_id: str) -> list[Report]:
    """All reports of a comment, oldest first."""
    query = select(reports).where(reports.c.site == site, reports.c.comment_id == comment_id).order_by(reports.c.id)
    return [Report(**row_without(row, "site", "id")) for row in connection.execute(query)]


def add_appeal(connection: Connection, *, site: str, appeal: Appeal) -> int:
    """Adds an appeal and returns its number."""
    return insert_record(connection, appeals, appeal, site=site)


def list_appeals(connection: Connection, *, site: str, comment_id: str) -> list[Appeal]:
    """All appeals about a comment, oldest first."""
    query = select(appeals).where(appeals.c.site == site, appeals.c.comment_id == comment_id).order_by(appeals.c.id)
    return [Appeal(**row_without(row, "site")) for row in connection.execute(query)]


def close_appeals(connection: Connection, *, site: str, comment_id: str, outcome: str, now: datetime) -> None:
    """Answers every open appeal about a comment."""
    open_ones = (appeals.c.site == site) & (appeals.c.comment_id == comment_id) & appeals.c.decided_at.is_(None)
    connection.execute(update(appeals).where(open_ones).values(outcome=outcome, decided_at=now))
