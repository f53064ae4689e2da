"""Past decisions with their verdicts (people's decisions). A preview replays them with other thresholds."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select

from service.domain.policy.replay import History, PastComment
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import AUTHOR_TRUSTED
from service.store.tables import decisions, scores, verdicts


def read_history(connection: Connection, *, site: str, since: datetime, max_counted: int, max_reviewed: int) -> History:
    """Return the comments decided since a time with their newest decision, newest first, including erased ones.

    To bound the work, only every n-th decision is counted, so that there are about `max_counted`. The history has n as
    `count_every`. In addition, it includes the newest `max_reviewed` comments that were sampled for review and have a
    verdict.
    """
    in_period = and_(decisions.c.site == site, decisions.c.decided_at >= since)
    total = int(connection.execute(select(func.count()).select_from(decisions).where(in_period)).scalar_one())
    count_every = max(1, math.ceil(total / max_counted))
    verdict_of = _read_verdicts(connection, site=site, since=since)
    query = _select_newest().where(in_period).order_by(decisions.c.id.desc())
    rows = {row.id: row for row in connection.execute(query.where(decisions.c.id % count_every == 0))}
    if count_every > 1:
        has_verdict = select(verdicts.c.id).where(verdicts.c.decision_id == decisions.c.id).exists()
        reviewed = query.where(decisions.c.sampled, has_verdict).limit(max_reviewed)
        # A decision can be in both results. The dictionary has it once.
        rows |= {row.id: row for row in connection.execute(reviewed)}
    comments = [
        past_comment(
            comment_id=row.comment_id,
            scores=row.scores,
            findings=row.findings,
            sampling_probability=row.sampling_probability,
            sampled=row.sampled,
            verdict=verdict_of.get(row.id),
            is_counted=row.id % count_every == 0,
        )
        for row in sorted(rows.values(), key=lambda row: row.id, reverse=True)
    ]
    return History(comments=comments, count_every=count_every)


def past_comment(
    *,
    comment_id: str,
    scores: Mapping[str, float | None],
    findings: Sequence[Mapping[str, Any]],
    sampling_probability: float,
    sampled: bool,
    verdict: str | None,
    is_counted: bool = True,
) -> PastComment:
    """Convert stored columns to a past comment. A finding is what one rule has found; `verdict` is an outcome.

    The replay applies the thresholds to the scores again. So of the stored findings, only those without a threshold
    count for the outcome.
    """
    outcomes = {finding["outcome"] for finding in findings if finding["threshold"] is None}
    if Outcome.REJECT in outcomes:
        outcome = Outcome.REJECT
    else:
        outcome = Outcome.HOLD if Outcome.HOLD in outcomes else Outcome.APPROVE
    return PastComment(
        id=comment_id,
        scores=scores,
        outcome_of_other_rules=outcome,
        is_author_trusted=any(finding["code"] == AUTHOR_TRUSTED for finding in findings),
        sampling_probability=sampling_probability,
        sampled=sampled,
        breaks_rules=None if verdict is None else verdict == Outcome.REJECT,
        is_counted=is_counted,
    )


def count_awaiting_review(connection: Connection, *, site: str, since: datetime) -> int:
    """Count the automatically approved or rejected comments that were sampled for review and have no verdict yet."""
    is_waiting = and_(
        decisions.c.site == site,
        decisions.c.decided_at >= since,
        decisions.c.sampled,
        decisions.c.outcome != str(Outcome.HOLD),
        ~select(verdicts.c.id).where(verdicts.c.decision_id == decisions.c.id).exists(),
    )
    return int(connection.execute(select(func.count()).where(is_waiting)).scalar_one())


def _select_newest() -> Select[Any]:
    """Select the newest decision on each comment (none has a higher id), with the scores that it is based on."""
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
    """Return the outcome of the newest verdict on each decision, by the decision's id."""
    # A verdict is never older than its decision, so `since` misses none. The newest comes last and stays.
    query = (
        select(verdicts.c.decision_id, verdicts.c.outcome)
        .where(verdicts.c.site == site, verdicts.c.decided_at >= since)
        .order_by(verdicts.c.id)
    )
    return {row.decision_id: row.outcome for row in connection.execute(query)}
