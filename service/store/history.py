"""History: the newest decision on each comment, with what a person said of it, for trying other policies out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from service.domain.policy import Outcome
from service.domain.replay import TRUSTED, PastComment
from service.store.tables import articles, comments, decisions, revisions, scores, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A comment as a list shows it."""

    comment_id: str
    text: str
    article_title: str | None
    received_at: datetime


def list_past(connection: Connection, *, site: str, since: datetime, limit: int) -> list[PastComment]:
    """The comments decided since then, newest first, `limit` decisions at most; erased ones keep their figures."""
    said = _read_verdicts(connection, site=site, since=since)
    query = (
        select(
            decisions.c.id,
            decisions.c.comment_id,
            decisions.c.findings,
            decisions.c.sampling_probability,
            decisions.c.sampled,
            scores.c.scores,
        )
        .join(scores, scores.c.id == decisions.c.score_id)
        .where(decisions.c.site == site, decisions.c.decided_at >= since)
        .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
        .limit(limit)
    )
    newest: dict[str, PastComment] = {}
    for number, comment_id, findings, probability, sampled, scored in connection.execute(query):
        if comment_id in newest:
            continue
        newest[comment_id] = read_past(
            comment_id=comment_id,
            scores=scored,
            findings=findings,
            probability=probability,
            sampled=sampled,
            said=said.get(number),
        )
    return list(newest.values())


def read_past(
    *,
    comment_id: str,
    scores: Mapping[str, float | None],
    findings: Sequence[Mapping[str, Any]],
    probability: float,
    sampled: bool,
    said: str | None,
) -> PastComment:
    """A past comment from what its decision and its scores kept; `said` is a person's verdict."""
    # A finding with a threshold comes from a score, and is found again in the replay.
    called_for = {finding["outcome"] for finding in findings if finding["threshold"] is None}
    gravest = next((outcome for outcome in (Outcome.REJECT, Outcome.HOLD) if outcome in called_for), Outcome.APPROVE)
    return PastComment(
        id=comment_id,
        scores=scores,
        others=gravest,
        trusted=any(finding["code"] == TRUSTED for finding in findings),
        sampling_probability=probability,
        sampled=sampled,
        breaks_rules=None if said is None else said == Outcome.REJECT,
    )


def count_awaiting_review(connection: Connection, *, site: str, since: datetime) -> int:
    """How many comments drawn at random have been decided by nobody yet."""
    waiting = and_(
        decisions.c.site == site,
        decisions.c.decided_at >= since,
        decisions.c.sampled,
        decisions.c.outcome != str(Outcome.HOLD),
        ~select(verdicts.c.id).where(verdicts.c.decision_id == decisions.c.id).exists(),
    )
    return int(connection.execute(select(func.count()).where(waiting)).scalar_one())


def read_wordings(connection: Connection, *, site: str, comment_ids: Collection[str]) -> dict[str, Wording]:
    """The current words of these comments by id; of erased ones there are none."""
    current = and_(
        revisions.c.site == comments.c.site,
        revisions.c.comment_id == comments.c.id,
        revisions.c.revision == comments.c.revision,
    )
    query = (
        select(comments.c.id, revisions.c.text, articles.c.title, comments.c.received_at)
        .join(revisions, current)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .where(comments.c.site == site, comments.c.id.in_(comment_ids), comments.c.erased_at.is_(None))
    )
    return {
        row[0]: Wording(comment_id=row[0], text=row[1], article_title=row[2], received_at=row[3])
        for row in connection.execute(query)
    }


def _read_verdicts(connection: Connection, *, site: str, since: datetime) -> dict[int, str]:
    # A verdict is never older than the decision that it is about; of several the newest counts.
    query = (
        select(verdicts.c.decision_id, verdicts.c.outcome)
        .where(verdicts.c.site == site, verdicts.c.decided_at >= since)
        .order_by(verdicts.c.id)
    )
    return {row.decision_id: row.outcome for row in connection.execute(query)}
