"""Usage: how many comments a site sent in a time, and how often machine and people agreed about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.store.tables import comments, decisions, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Comments received, those held or rejected by the machine, and those that a person decided otherwise."""

    received: int
    stopped: int
    missed: int
    stopped_wrongly: int


def count_usage(connection: Connection, *, site: str, since: datetime, before: datetime) -> Usage:
    """Counts what came in since a time and before another; a comment that was decided again counts again."""
    arrived = (comments.c.site == site) & (comments.c.received_at >= since) & (comments.c.received_at < before)
    decided = (decisions.c.site == site) & (decisions.c.decided_at >= since) & (decisions.c.decided_at < before)
    judged = (verdicts.c.site == site) & (verdicts.c.decided_at >= since) & (verdicts.c.decided_at < before)
    overruled = (
        select(decisions.c.outcome, func.count())
        .join(verdicts, verdicts.c.decision_id == decisions.c.id)
        .where(
            judged,
            ((decisions.c.outcome == "approve") & (verdicts.c.outcome == "reject"))
            | ((decisions.c.outcome != "approve") & (verdicts.c.outcome == "approve")),
        )
        .group_by(decisions.c.outcome)
    )
    counts = {outcome: int(count) for outcome, count in connection.execute(overruled)}
    stopped = select(func.count()).select_from(decisions).where(decided, decisions.c.outcome != "approve")
    return Usage(
        received=int(connection.execute(select(func.count()).select_from(comments).where(arrived)).scalar_one()),
        stopped=int(connection.execute(stopped).scalar_one()),
        missed=counts.pop("approve", 0),
        stopped_wrongly=sum(counts.values()),
    )
