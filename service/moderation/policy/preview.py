"""Preview: what thresholds would do, measured on this site's own past comments and verdicts. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.policy.promises import PromiseStatus, check_promise, find_loosest, find_strictest
from service.domain.policy.replay import Forecast, History, PastComment, forecast, replay
from service.domain.policy.rules import Outcome, Policy
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.policy import decision_history, policies
from service.store.policy.decision_history import RevisionText

LOOKS_BACK = timedelta(days=90)
MAX_COUNTED = 10_000
MAX_REVIEWED = 20_000
SHOWN_CHANGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A comment that would change hands."""

    wording: RevisionText
    before: Outcome
    after: Outcome
    scores: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """How the promises stand with the thresholds tried, and where one score's threshold would keep them.

    `keeps_mistakes` is the threshold that holds least and keeps the promise about mistakes, `keeps_held` the one that
    holds most and keeps the promise about held comments; None where there is none, or nothing was promised.
    """

    mistakes: PromiseStatus | None
    keeps_mistakes: float | None
    keeps_held: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Past comments under the policy in force and under the thresholds tried.

    `changed` is how many would change hands, `changes` the newest SHOWN_CHANGES of those that still have words.
    `awaiting_review` were drawn at random and are read by nobody yet. Where comments are many, one in `each` is
    counted.
    """

    since: datetime
    each: int
    present: Forecast
    tried: Forecast
    changed: int
    changes: tuple[Change, ...]
    awaiting_review: int
    promises: Promises


def preview_thresholds(
    runtime: Runtime,
    caller: Caller,
    *,
    thresholds: Mapping[str, float | None],
    lever: str,
    mistake_promise: int | None = None,
    held_promise: float | None = None,
) -> Preview:
    """Tries these thresholds (the others stay) on what was decided within LOOKS_BACK.

    `lever` is the score whose threshold is sought for the promises. Raises PolicyInvalid naming the field.
    """
    caller.require(Right.MODERATE)
    since = runtime.clock() - LOOKS_BACK
    with runtime.database.reading() as connection:
        present = policies.read_policy(connection, site=caller.site).with_defaults(
            runtime.scorers.base.recommended_thresholds
        )
        past = decision_history.read_history(
            connection, site=caller.site, since=since, most_counted=MAX_COUNTED, most_reviewed=MAX_REVIEWED
        )
        awaiting = decision_history.count_awaiting_review(connection, site=caller.site, since=since)
        # Made into a policy, so that what cannot be saved cannot be tried either.
        tried = Policy(
            thresholds={**present.thresholds, **thresholds}, mistake_promise=mistake_promise, held_promise=held_promise
        )
        moved = _list_moved(past, present, tried)
        words = decision_history.read_revision_texts(connection, site=caller.site, comment_ids=_newest(moved))
    return Preview(
        since=since,
        each=past.each,
        present=forecast(past, present.thresholds),
        tried=forecast(past, tried.thresholds),
        changed=len(moved) * past.each,
        changes=_show(moved, words),
        awaiting_review=awaiting,
        promises=_stand(past, tried, lever),
    )


Moved = tuple[PastComment, Outcome, Outcome]


def _list_moved(past: History, present: Policy, tried: Policy) -> list[Moved]:
    before, after = (replay(past.comments, policy.thresholds) for policy in (present, tried))
    moves = zip(past.comments, before, after, strict=True)
    return [(comment, was, will) for comment, was, will in moves if comment.counted and was is not will]


def _newest(moved: Sequence[Moved]) -> list[str]:
    # Some of them may have been erased, and their words cannot be shown.
    return [comment.id for comment, _, _ in moved[: 10 * SHOWN_CHANGES]]


def _show(moved: Sequence[Moved], words: Mapping[str, RevisionText]) -> tuple[Change, ...]:
    shown = [
        Change(wording=words[comment.id], before=before, after=after, scores=comment.scores)
        for comment, before, after in moved
        if comment.id in words
    ]
    return tuple(shown[:SHOWN_CHANGES])


def _stand(past: History, tried: Policy, lever: str) -> Promises:
    mistakes, held = tried.mistake_promise, tried.held_promise
    return Promises(
        mistakes=check_promise(past, tried.thresholds, one_in=mistakes) if mistakes else None,
        keeps_mistakes=find_loosest(past, tried.thresholds, lever=lever, one_in=mistakes) if mistakes else None,
        keeps_held=find_strictest(past, tried.thresholds, lever=lever, most_held=held) if held else None,
    )
