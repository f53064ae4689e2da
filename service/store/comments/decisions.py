"""Scores and decisions: what the models said of a revision, and what the policy made of it. Rows are only added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from service.store.row_mapping import insert_record, row_without
from service.store.tables import decisions, scores


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScores:
    """One scoring of one revision; `explanation` is JSON as the API shows it."""

    comment_id: str
    revision: int
    model: str
    site_model: str | None
    language: str
    scores: dict[str, float | None]
    abstentions: dict[str, str]
    explanation: dict[str, Any]
    scored_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """One automatic decision with all that it rests on, as DSA Article 17 asks."""

    comment_id: str
    revision: int
    score_id: int
    outcome: str
    rule: str
    findings: list[dict[str, Any]]
    thresholds: dict[str, float | None]
    policy_version: int
    model_hash: str
    sampling_probability: float
    sampled: bool
    decided_at: datetime
    id: int = 0


def add_scores(connection: Connection, *, site: str, scored: StoredScores) -> int:
    """Adds a scoring and returns its number."""
    return insert_record(connection, scores, scored, site=site)


def add_decision(connection: Connection, *, site: str, decision: StoredDecision) -> int:
    """Adds a decision and returns its number."""
    return insert_record(connection, decisions, decision, site=site)


def list_scores(connection: Connection, *, site: str, comment_id: str) -> list[StoredScores]:
    """All scorings of a comment, oldest first."""
    query = select(scores).where(scores.c.site == site, scores.c.comment_id == comment_id).order_by(scores.c.id)
    return [StoredScores(**row_without(row, "site")) for row in connection.execute(query)]


def list_decisions(connection: Connection, *, site: str, comment_id: str) -> list[StoredDecision]:
    """All decisions on a comment, oldest first."""
    query = (
        select(decisions).where(decisions.c.site == site, decisions.c.comment_id == comment_id).order_by(decisions.c.id)
    )
    return [StoredDecision(**row_without(row, "site")) for row in connection.execute(query)]
