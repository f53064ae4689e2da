"""Usage: how many comments a site sent in a period, and how often people changed the automatic decision."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.store.tables import comments, decisions, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Numbers of comments in a period.

    `stopped` were held or rejected automatically. `missed` were approved automatically and rejected by a person.
    `stopped_wrongly` were stopped and approved by a person.
    """

    received: int
    stopped: int
    missed: int
    stopped_wrongly: int


def count_usage(connection: Connection, *, site: str, since: datetime, before: datetime) -> Usage:
    """Count from `since` (inclusive) to `before`. A comment that was decided twice counts twice."""
    is_received = (comments.c.site == site) & (comments.c.received_at >= since) & (comments.c.received_at < before)
    is_decided = (decisions.c.site == site) & (decisions.c.decided_at >= since) & (decisions.c.decided_at < before)
    has_verdict = (verdicts.c.site == site) & (verdicts.c.decided_at >= since) & (verdicts.c.decided_at < before)
    overridden = (
        select(decisions.c.outcome, func.count())
        .join(verdicts, verdicts.c.decision_id == decisions.c.id)
        .where(
            has_verdict,
            ((decisions.c.outcome == "approve") & (verdicts.c.outcome == "reject"))
            | ((decisions.c.outcome != "approve") & (verdicts.c.outcome == "approve")),
        )
        .group_by(decisions.c.outcome)
    )
    # Verdicts against the decision, by the outcome of the decision: `approve` was missed, the others stopped wrongly.
    counts = {outcome: int(count) for outcome, count in connection.execute(overridden)}
    stopped = select(func.count()).select_from(decisions).where(is_decided, decisions.c.outcome != "approve")
    return Usage(
        received=int(connection.execute(select(func.count()).select_from(comments).where(is_received)).scalar_one()),
        stopped=int(connection.execute(stopped).scalar_one()),
        missed=counts.pop("approve", 0),
        stopped_wrongly=sum(counts.values()),
    )
