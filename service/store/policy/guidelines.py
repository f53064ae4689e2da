"""Guidelines: what a site understands by each reason to reject, with decided comments pinned as examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, select

from service.store.joins import article_of, comment_of, revision_of
from service.store.row_mapping import insert_record, record_as_dict, row_without
from service.store.tables import articles, comments, decisions, guidelines, pinned_examples, revisions, verdicts
from service.store.upsert import upsert_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """One version of a guideline: the text that explains a reason on this site."""

    reason: str
    text: str
    author: str
    saved_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A decided comment that is pinned to the guideline of a reason, with a note."""

    reason: str
    comment_id: str
    revision: int
    note: str
    pinned_by: str
    pinned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineExample:
    """A decided comment with its newest verdict. `note` is the pin's note, and empty if the comment is not pinned."""

    comment_id: str
    revision: int
    text: str
    article_title: str | None
    outcome: str
    reason: str | None
    decided_at: datetime
    note: str = ""


def add_guideline(connection: Connection, *, site: str, guideline: Guideline) -> None:
    """Add a version of a guideline. Earlier versions stay."""
    insert_record(connection, guidelines, guideline, site=site)


def list_guidelines(connection: Connection, *, site: str) -> dict[str, Guideline]:
    """Return the newest version of each guideline, by reason."""
    newest = select(func.max(guidelines.c.id)).where(guidelines.c.site == site).group_by(guidelines.c.reason)
    rows = connection.execute(select(guidelines).where(guidelines.c.id.in_(newest)))
    return {row.reason: Guideline(**row_without(row, "site")) for row in rows}


def pin_example(connection: Connection, *, site: str, pin: Pin) -> None:
    """Pin a comment to a guideline. If it is pinned already, replace the pin."""
    upsert_row(connection, pinned_examples, {"site": site, **record_as_dict(pin)})


def unpin_example(connection: Connection, *, site: str, reason: str, comment_id: str) -> bool:
    """Remove a pin. Return False if there is none."""
    is_pin = (
        pinned_examples.c.site == site,
        pinned_examples.c.reason == reason,
        pinned_examples.c.comment_id == comment_id,
    )
    return connection.execute(delete(pinned_examples).where(*is_pin)).rowcount > 0


def list_pinned(connection: Connection, *, site: str, reason: str) -> list[GuidelineExample]:
    """Return the examples pinned to a reason, newest pin first."""
    is_pinned = and_(
        pinned_examples.c.site == verdicts.c.site,
        pinned_examples.c.comment_id == verdicts.c.comment_id,
        pinned_examples.c.revision == verdicts.c.revision,
    )
    query = (
        _select_decided(site)
        .add_columns(pinned_examples.c.note)
        .join(pinned_examples, is_pinned)
        .where(pinned_examples.c.reason == reason)
        .order_by(pinned_examples.c.pinned_at.desc(), pinned_examples.c.comment_id)
    )
    return [_example(row, note=row.note) for row in connection.execute(query)]


def list_pinned_reasons(connection: Connection, *, site: str, comment_id: str) -> list[str]:
    """Return the reasons that a comment is pinned to, in alphabetical order."""
    query = select(pinned_examples.c.reason).where(
        pinned_examples.c.site == site, pinned_examples.c.comment_id == comment_id
    )
    return list(connection.scalars(query.order_by(pinned_examples.c.reason)))


def count_pinned(connection: Connection, *, site: str) -> dict[str, int]:
    """Count the pinned examples by reason."""
    query = (
        select(pinned_examples.c.reason, func.count())
        .where(pinned_examples.c.site == site)
        .group_by(pinned_examples.c.reason)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def find_decided(connection: Connection, *, site: str, comment_id: str) -> GuidelineExample | None:
    """Return a comment with its newest verdict; None if it has no verdict or was erased."""
    query = _select_decided(site).where(verdicts.c.comment_id == comment_id).order_by(verdicts.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _example(row) if row else None


def list_rejected(connection: Connection, *, site: str, reason: str, limit: int) -> list[GuidelineExample]:
    """Return the newest comments that a person rejected for this reason."""
    query = _select_decided(site).where(verdicts.c.outcome == "reject", verdicts.c.reason == reason)
    return _newest(connection, query, limit)


def list_approved_after_hold(
    connection: Connection, *, site: str, rules: Sequence[str], limit: int
) -> list[GuidelineExample]:
    """Return the newest comments that one of these rules held and a person then approved."""
    query = (
        _select_decided(site)
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .where(verdicts.c.outcome == "approve", decisions.c.outcome == "hold", decisions.c.rule.in_(rules))
    )
    return _newest(connection, query, limit)


def _newest(connection: Connection, query: Select[Any], limit: int) -> list[GuidelineExample]:
    return [_example(row) for row in connection.execute(query.order_by(verdicts.c.id.desc()).limit(limit))]


def _select_decided(site: str) -> Select[Any]:
    """Select the newest verdict on each revision (none has a higher id), without erased comments."""
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
        .join(comments, comment_of(verdicts))
        .join(revisions, revision_of(verdicts))
        .outerjoin(articles, article_of(comments))
        .where(verdicts.c.site == site, comments.c.erased_at.is_(None), is_newest)
    )


def _example(row: Any, note: str = "") -> GuidelineExample:
    return GuidelineExample(
        comment_id=row.comment_id,
        revision=row.revision,
        text=row.text,
        article_title=row.title,
        outcome=row.outcome,
        reason=row.reason,
        decided_at=row.decided_at,
        note=note,
    )
