"""History: the newest decision on each comment, with what a person said of it, for trying other policies out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select

from service.domain.policy.replay import TRUSTED, History, PastComment
from service.domain.policy.rules import Outcome
from service.store.tables import articles, comments, decisions, revisions, scores, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionText:
    """A comment as a list shows it."""

    comment_id: str
    text: str
    article_title: str | None
    received_at: datetime


def read_history(
    connection: Connection, *, site: str, since: datetime, most_counted: int, most_reviewed: int
) -> History:
    """The comments decided since then by their newest decision, newest first; erased ones keep their figures.

    All that were drawn for review and have a verdict are here, up to the newest `most_reviewed`. Of all the comments
    every n-th is counted, so that there are not more than about `most_counted`.
    """
    here = and_(decisions.c.site == site, decisions.c.decided_at >= since)
    total = int(connection.execute(select(func.count()).select_from(decisions).where(here)).scalar_one())
    each = max(1, -(-total // most_counted))
    said = _read_verdicts(connection, site=site, since=since)
    has_verdict = select(verdicts.c.id).where(verdicts.c.decision_id == decisions.c.id).exists()
    query = _select_newest().where(here).order_by(decisions.c.id.desc())
    rows = {row.id: row for row in connection.execute(query.where(decisions.c.id % each == 0))}
    if each > 1:
        reviewed = query.where(decisions.c.sampled, has_verdict).limit(most_reviewed)
        rows |= {row.id: row for row in connection.execute(reviewed)}
    found = [
        read_past(
            comment_id=row.comment_id,
            scores=row.scores,
            findings=row.findings,
            probability=row.sampling_probability,
            sampled=row.sampled,
            said=said.get(row.id),
            counted=row.id % each == 0,
        )
        for row in sorted(rows.values(), key=lambda row: row.id, reverse=True)
    ]
    return History(comments=found, each=each)


def read_past(
    *,
    comment_id: str,
    scores: Mapping[str, float | None],
    findings: Sequence[Mapping[str, Any]],
    probability: float,
    sampled: bool,
    said: str | None,
    counted: bool = True,
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
        counted=counted,
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


def read_revision_texts(connection: Connection, *, site: str, comment_ids: Collection[str]) -> dict[str, RevisionText]:
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
        row[0]: RevisionText(comment_id=row[0], text=row[1], article_title=row[2], received_at=row[3])
        for row in connection.execute(query)
    }


def _select_newest() -> Select[Any]:
    """Decisions that are the newest of their comment, with the scores that they rest on."""
    later = decisions.alias()
    is_newest = ~exists().where(
        later.c.site == decisions.c.site, later.c.comment_id == decisions.c.comment_id, later.c.id > decisions.c.id
    )
    return (
        select(
            decisions.c.id,
            decisions.c.comment_id,
            decisions.c.findings,
            decisions.c.sampling_probability,
            decisions.c.sampled,
            scores.c.scores,
        )
        .join(scores, scores.c.id == decisions.c.score_id)
        .where(is_newest)
    )


def _read_verdicts(connection: Connection, *, site: str, since: datetime) -> dict[int, str]:
    # A verdict is never older than the decision that it is about; of several the newest counts.
    query = (
        select(verdicts.c.decision_id, verdicts.c.outcome)
        .where(verdicts.c.site == site, verdicts.c.decided_at >= since)
        .order_by(verdicts.c.id)
    )
    return {row.decision_id: row.outcome for row in connection.execute(query)}
