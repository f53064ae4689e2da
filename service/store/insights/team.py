"""Statistics about the team's work: when people decided, and how often they agreed with the automatic decisions.

No query returns figures about a single person.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.store.joins import comment_of
from service.store.tables import comments, decisions, scores, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictTime:
    """When a user decided a comment, when it was received, and whether the policy had held it."""

    decided_at: datetime
    received_at: datetime
    was_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedDecision:
    """An automatic decision with the newest verdict on it. With `sampled`, it was selected at random for review."""

    rule: str
    decision: str
    verdict: str
    toxicity: float | None
    sampled: bool


def list_verdict_times(connection: Connection, *, site: str, since: datetime) -> list[VerdictTime]:
    """Return the times of all verdicts since a time. Verdicts from other systems are left out."""
    query = (
        select(verdicts.c.decided_at, comments.c.received_at, decisions.c.outcome)
        .join(comments, comment_of(verdicts))
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .where(verdicts.c.site == site, verdicts.c.decided_at >= since, verdicts.c.by.startswith("user:"))
    )
    return [
        VerdictTime(decided_at=row[0], received_at=row[1], was_held=row[2] == "hold")
        for row in connection.execute(query)
    ]


def list_reviewed_decisions(
    connection: Connection, *, site: str, since: datetime, limit: int
) -> list[ReviewedDecision]:
    """Return at most `limit` decisions with a verdict since a time, newest verdict first."""
    # A verdict is the newest on its decision if none has a higher id.
    later = verdicts.alias()
    is_newest = (
        ~select(later.c.id)
        .where(
            later.c.site == verdicts.c.site,
            later.c.comment_id == verdicts.c.comment_id,
            later.c.decision_id == verdicts.c.decision_id,
            later.c.id > verdicts.c.id,
        )
        .exists()
    )
    query = (
        select(
            decisions.c.rule,
            decisions.c.outcome,
            verdicts.c.outcome,
            scores.c.scores["toxicity"].as_float(),
            decisions.c.sampled,
        )
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .join(scores, scores.c.id == decisions.c.score_id)
        .where(verdicts.c.site == site, verdicts.c.decided_at >= since, is_newest)
        .order_by(verdicts.c.id.desc())
        .limit(limit)
    )
    return [
        ReviewedDecision(rule=row[0], decision=row[1], verdict=row[2], toxicity=row[3], sampled=row[4])
        for row in connection.execute(query)
    ]
