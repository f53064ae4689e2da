"""Verdicts: what people said. The only thing that is ever a label, so each keeps where it came from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from service.store.row_mapping import insert_record, row_without
from service.store.tables import verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One person's word on one revision, with the decision that it judged and how that came before a person."""

    comment_id: str
    revision: int
    outcome: str
    reason: str | None
    note: str
    by: str
    source: str
    queue_kinds: list[str]
    decision_id: int
    sampling_probability: float
    decided_at: datetime
    id: int = 0


def add_verdict(connection: Connection, *, site: str, verdict: Verdict) -> int:
    """Adds a verdict and returns its number."""
    return insert_record(connection, verdicts, verdict, site=site)


def list_verdicts(connection: Connection, *, site: str, comment_id: str) -> list[Verdict]:
    """All verdicts on a comment, oldest first."""
    query = select(verdicts).where(verdicts.c.site == site, verdicts.c.comment_id == comment_id).order_by(verdicts.c.id)
    return [_verdict(row) for row in connection.execute(query)]


def latest_verdict(connection: Connection, *, site: str, comment_id: str) -> Verdict | None:
    """The newest verdict on a comment: the one that counts."""
    query = (
        select(verdicts)
        .where(verdicts.c.site == site, verdicts.c.comment_id == comment_id)
        .order_by(verdicts.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return _verdict(row) if row else None


def _verdict(row: Any) -> Verdict:
    return Verdict(**row_without(row, "site"))
