"""Preview of thresholds on the site's own past comments and verdicts. It changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.policy.promises import (
    PromiseStatus,
    check_promise,
    find_loosest_threshold,
    find_strictest_threshold,
)
from service.domain.policy.replay import Forecast, History, PastComment, forecast, replay
from service.domain.policy.site_policy import Outcome, Policy
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.comment_texts import CommentText, read_comment_texts
from service.store.policy import decision_history, policies

PERIOD = timedelta(days=90)
MAX_COUNTED = 10_000
MAX_REVIEWED = 20_000
MAX_CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A past comment that the tried thresholds would decide differently."""

    comment: CommentText
    before: Outcome
    after: Outcome
    scores: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """Whether the tried thresholds keep the promises, and which threshold of one score would.

    `loosest_threshold` holds least and keeps the promise about mistakes. `strictest_threshold` holds most and keeps the
    promise about held comments. Each is None if there is no such threshold or no promise.
    """

    mistakes: PromiseStatus | None
    loosest_threshold: float | None
    strictest_threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Past comments under the policy in force and under the tried thresholds.

    `changed_count` counts the comments that would be decided differently. `changes` are the newest of them that are not
    erased, at most MAX_CHANGES_SHOWN. `awaiting_review` counts the comments that were sampled for review and have no
    verdict. Of a long history, only one in `count_every` comments is counted.
    """

    since: datetime
    count_every: int
    present: Forecast
    tried: Forecast
    changed_count: int
    changes: tuple[Change, ...]
    awaiting_review: int
    promises: Promises


def preview_thresholds(
    runtime: Runtime,
    caller: Caller,
    *,
    thresholds: Mapping[str, float | None],
    adjusted_score: str,
    mistake_promise: int | None = None,
    held_promise: float | None = None,
) -> Preview:
    """Try these thresholds, and the present ones of all other scores, on the decisions of the last PERIOD.

    `adjusted_score` is the score for which thresholds that keep the promises are searched. Raises PolicyInvalid naming
    the field.
    """
    caller.require(Right.MODERATE)
    since = runtime.clock() - PERIOD
    with runtime.database.reading() as connection:
        present = policies.read_policy(connection, site=caller.site).with_defaults(
            runtime.scorers.base.recommended_thresholds
        )
        history = decision_history.read_history(
            connection, site=caller.site, since=since, max_counted=MAX_COUNTED, max_reviewed=MAX_REVIEWED
        )
        awaiting = decision_history.count_awaiting_review(connection, site=caller.site, since=since)
        # The constructor raises PolicyInvalid, so that thresholds that cannot be saved cannot be tried either.
        tried = Policy(
            thresholds={**present.thresholds, **thresholds}, mistake_promise=mistake_promise, held_promise=held_promise
        )
        changed = _list_changed(history, present, tried)
        texts = read_comment_texts(connection, site=caller.site, comment_ids=_newest_ids(changed))
    return Preview(
        since=since,
        count_every=history.count_every,
        present=forecast(history, present.thresholds),
        tried=forecast(history, tried.thresholds),
        changed_count=len(changed) * history.count_every,
        changes=_select_shown(changed, texts),
        awaiting_review=awaiting,
        promises=_check_promises(history, tried, adjusted_score),
    )


ChangedComment = tuple[PastComment, Outcome, Outcome]
"""A comment with its outcome under the policy in force and under the tried thresholds."""


def _list_changed(history: History, present: Policy, tried: Policy) -> list[ChangedComment]:
    before, after = replay(history.comments, present.thresholds), replay(history.comments, tried.thresholds)
    outcomes = zip(history.comments, before, after, strict=True)
    return [(comment, old, new) for comment, old, new in outcomes if comment.is_counted and old is not new]


def _newest_ids(changed: Sequence[ChangedComment]) -> list[str]:
    # Some may be erased and have no text. Therefore these are more than are shown.
    return [comment.id for comment, _, _ in changed[: 10 * MAX_CHANGES_SHOWN]]


def _select_shown(changed: Sequence[ChangedComment], texts: Mapping[str, CommentText]) -> tuple[Change, ...]:
    changes = [
        Change(comment=texts[comment.id], before=before, after=after, scores=comment.scores)
        for comment, before, after in changed
        if comment.id in texts
    ]
    return tuple(changes[:MAX_CHANGES_SHOWN])


def _check_promises(history: History, tried: Policy, score: str) -> Promises:
    one_in, max_held, thresholds = tried.mistake_promise, tried.held_promise, tried.thresholds
    return Promises(
        mistakes=check_promise(history, thresholds, one_in=one_in) if one_in else None,
        loosest_threshold=find_loosest_threshold(history, thresholds, score_name=score, one_in=one_in)
        if one_in
        else None,
        strictest_threshold=find_strictest_threshold(history, thresholds, score_name=score, max_held=max_held)
        if max_held
        else None,
    )
