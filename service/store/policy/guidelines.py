"""Guidelines, and the examples pinned to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, select

from service.store.row_mapping import insert_record, record_facts, row_without
from service.store.tables import articles, comments, decisions, guidelines, pinned_examples, revisions, verdicts
from service.store.upsert import put_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """What a reason means on this site, as somebody last wrote it."""

    reason: str
    text: str
    author: str
    saved_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A decided wording that shows what a reason means, and why."""

    reason: str
    comment_id: str
    revision: int
    note: str
    pinned_by: str
    pinned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A decided wording with the newest word on it; `note` is the pin's, empty where it is not pinned."""

    comment_id: str
    revision: int
    text: str
    article_title: str | None
    outcome: str
    reason: str | None
    decided_at: datetime
    note: str = ""


def add_guideline(connection: Connection, *, site: str, guideline: Guideline) -> None:
    """Adds a wording; the earlier ones stay."""
    insert_record(connection, guidelines, guideline, site=site)


def list_guidelines(connection: Connection, *, site: str) -> dict[str, Guideline]:
    """The newest wording of each reason that has one."""
    newest = select(func.max(guidelines.c.id)).where(guidelines.c.site == site).group_by(guidelines.c.reason)
    rows = connection.execute(select(guidelines).where(guidelines.c.id.in_(newest)))
    return {row.reason: Guideline(**row_without(row, "site")) for row in rows}


def pin_example(connection: Connection, *, site: str, pin: Pin) -> None:
    """Pins a wording; pinned again, its note is the new one."""
    put_row(connection, pinned_examples, {"site": site, **record_facts(pin)})


def unpin_example(connection: Connection, *, site: str, reason: str, comment_id: str) -> bool:
    """Takes a pin away; False where there is none."""
    this = (
        pinned_examples.c.site == site,
        pinned_examples.c.reason == reason,
        pinned_examples.c.comment_id == comment_id,
    )
    return connection.execute(delete(pinned_examples).where(*this)).rowcount > 0


def list_pinned(connection: Connection, *, site: str, reason: str) -> list[Example]:
    """A reason's pinned examples, the newest pin first."""
    pinned = and_(
        pinned_examples.c.site == verdicts.c.site,
        pinned_examples.c.comment_id == verdicts.c.comment_id,
        pinned_examples.c.revision == verdicts.c.revision,
    )
    query = (
        _select_decided(site)
        .add_columns(pinned_examples.c.note)
        .join(pinned_examples, pinned)
        .where(pinned_examples.c.reason == reason)
        .order_by(pinned_examples.c.pinned_at.desc(), pinned_examples.c.comment_id)
    )
    return [_example(row, note=row.note) for row in connection.execute(query)]


def list_pins_of(connection: Connection, *, site: str, comment_id: str) -> list[str]:
    """The reasons that a comment is an example of, in order of their names."""
    query = select(pinned_examples.c.reason).where(
        pinned_examples.c.site == site, pinned_examples.c.comment_id == comment_id
    )
    return list(connection.scalars(query.order_by(pinned_examples.c.reason)))


def count_pinned(connection: Connection, *, site: str) -> dict[str, int]:
    """How many examples each reason has."""
    query = (
        select(pinned_examples.c.reason, func.count())
        .where(pinned_examples.c.site == site)
        .group_by(pinned_examples.c.reason)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def find_decided(connection: Connection, *, site: str, comment_id: str) -> Example | None:
    """A comment's newest decided wording; None where nobody has decided it or it was erased."""
    query = _select_decided(site).where(verdicts.c.comment_id == comment_id).order_by(verdicts.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _example(row) if row else None


def list_rejected(connection: Connection, *, site: str, reason: str, limit: int) -> list[Example]:
    """The newest rejections for this reason."""
    query = _select_decided(site).where(verdicts.c.outcome == "reject", verdicts.c.reason == reason)
    return _newest(connection, query, limit)


def list_released(connection: Connection, *, site: str, rules: Sequence[str], limit: int) -> list[Example]:
    """The newest approvals of what one of these rules of the machine had held."""
    query = (
        _select_decided(site)
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .where(verdicts.c.outcome == "approve", decisions.c.outcome == "hold", decisions.c.rule.in_(rules))
    )
    return _newest(connection, query, limit)


def _newest(connection: Connection, query: Select[Any], limit: int) -> list[Example]:
    return [_example(row) for row in connection.execute(query.order_by(verdicts.c.id.desc()).limit(limit))]


def _select_decided(site: str) -> Select[Any]:
    """The newest verdict on each wording that still has words."""
    later = verdicts.alias()
    is_newest = ~(
        select(later.c.id)
        .where(
            later.c.site == verdicts.c.site,
            later.c.comment_id == verdicts.c.comment_id,
            later.c.revision == verdicts.c.revision,
            later.c.id > verdicts.c.id,
        )
        .exists()
    )
    judged = and_(
        revisions.c.site == verdicts.c.site,
        revisions.c.comment_id == verdicts.c.comment_id,
        revisions.c.revision == verdicts.c.revision,
    )
    return (
        select(
            verdicts.c.comment_id,
            verdicts.c.revision,
            verdicts.c.outcome,
            verdicts.c.reason,
            verdicts.c.decided_at,
            revisions.c.text,
            articles.c.title,
        )
        .join(comments, and_(comments.c.site == verdicts.c.site, comments.c.id == verdicts.c.comment_id))
        .join(revisions, judged)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .where(verdicts.c.site == site, comments.c.erased_at.is_(None), is_newest)
    )


def _example(row: Any, note: str = "") -> Example:
    return Example(
        comment_id=row.comment_id,
        revision=row.revision,
        text=row.text,
        article_title=row.title,
        outcome=row.outcome,
        reason=row.reason,
        decided_at=row.decided_at,
        note=note,
    )
