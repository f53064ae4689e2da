"""The team's work in figures, never by person: when was decided, how long it waited, and where it overruled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from service.store.tables import comments, decisions, scores, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """When a person's verdict was given, and when its comment had come."""

    decided_at: datetime
    received_at: datetime
    was_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the machine did and a person said of it; `by_chance` where the comment was drawn for review."""

    rule: str
    machine: str
    user: str
    toxicity: float | None
    by_chance: bool


def list_decided(connection: Connection, *, site: str, since: datetime) -> list[Decided]:
    """Every verdict that people gave since then."""
    query = (
        select(verdicts.c.decided_at, comments.c.received_at, decisions.c.outcome)
        .join(comments, and_(comments.c.site == verdicts.c.site, comments.c.id == verdicts.c.comment_id))
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .where(verdicts.c.site == site, verdicts.c.decided_at >= since, verdicts.c.by.startswith("user:"))
    )
    return [
        Decided(decided_at=row[0], received_at=row[1], was_held=row[2] == "hold") for row in connection.execute(query)
    ]


def list_judged(connection: Connection, *, site: str, since: datetime, limit: int) -> list[Judged]:
    """The newest word on each decision that people judged since then, newest first."""
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
        Judged(rule=row[0], machine=row[1], user=row[2], toxicity=row[3], by_chance=row[4])
        for row in connection.execute(query)
    ]
