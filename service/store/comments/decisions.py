"""Stored scores (of the models) and decisions (of the policy), one row per evaluation. Rows are never changed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from service.store.row_mapping import insert_record, row_without
from service.store.tables import decisions, scores


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScores:
    """The scores of one revision of a comment. An unknown score is None, and `abstentions` has the reason by score.

    `model` is the version of the release and `site_model` that of the site's own model. `explanation` is the JSON that
    the API returns.
    """

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
    """One automatic decision with everything that it is based on, for the statement of reasons (DSA, Article 17).

    `findings` are what the rules of the policy found. With `sampled`, the comment was selected at random for a review
    by a person; `sampling_probability` is the probability of that.
    """

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


def add_scores(connection: Connection, scored: StoredScores, *, site: str) -> StoredScores:
    """Add scores and return them with their id."""
    return replace(scored, id=insert_record(connection, scores, scored, site=site))


def add_decision(connection: Connection, decision: StoredDecision, *, site: str) -> StoredDecision:
    """Add a decision and return it with its id."""
    return replace(decision, id=insert_record(connection, decisions, decision, site=site))


def list_scores(connection: Connection, *, site: str, comment_id: str) -> list[StoredScores]:
    """Return all scores of a comment, oldest first."""
    query = _select_for_comment(scores, site, comment_id).order_by(scores.c.id)
    return [StoredScores(**row_without(row, "site")) for row in connection.execute(query)]


def list_decisions(connection: Connection, *, site: str, comment_id: str) -> list[StoredDecision]:
    """Return all decisions on a comment, oldest first."""
    query = _select_for_comment(decisions, site, comment_id).order_by(decisions.c.id)
    return [StoredDecision(**row_without(row, "site")) for row in connection.execute(query)]


def latest_scores(connection: Connection, *, site: str, comment_id: str) -> StoredScores:
    """Return the newest scores of a comment. Every stored comment has some."""
    query = _select_for_comment(scores, site, comment_id).order_by(scores.c.id.desc()).limit(1)
    return StoredScores(**row_without(connection.execute(query).one(), "site"))


def latest_decision(connection: Connection, *, site: str, comment_id: str) -> StoredDecision:
    """Return the newest decision on a comment. Every stored comment has one."""
    query = _select_for_comment(decisions, site, comment_id).order_by(decisions.c.id.desc()).limit(1)
    return StoredDecision(**row_without(connection.execute(query).one(), "site"))


def _select_for_comment(table: Table, site: str, comment_id: str) -> Select[Any]:
    return select(table).where(table.c.site == site, table.c.comment_id == comment_id)
