"""Replay of past decisions with other thresholds, and promises that are checked on them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.comment import SCORES, Assessment
from service.domain.policy.promises import check_promise, find_loosest_threshold, find_strictest_threshold
from service.domain.policy.replay import History, PastComment, forecast, replay
from service.domain.policy.rules import PolicyInput, decide
from service.domain.policy.site_policy import Mode, Outcome, Policy, Trust
from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.moderation.serialization import finding_to_json
from service.store.policy.decision_history import past_comment

UNIT = st.one_of(st.none(), st.floats(0, 1))
SCORED = st.fixed_dictionaries(dict.fromkeys((*SCORES, "likely_to_reject"), UNIT))
LIMITS = st.fixed_dictionaries(dict.fromkeys(THRESHOLD_NAMES, UNIT))
TEXTS = ["A plain remark.", "I will kill you", "I want to kill myself.", "buy viagra"]


@given(
    SCORED,
    LIMITS,
    LIMITS,
    st.sampled_from(TEXTS),
    st.sampled_from(list(Trust)),
    st.sampled_from(list(Mode)),
    st.booleans(),
)
def test_a_replay_has_the_outcomes_of_the_policy(
    scores: dict[str, float | None],
    before: dict[str, float | None],
    after: dict[str, float | None],
    text: str,
    trust: Trust,
    mode: Mode,
    rejects: bool,  # noqa: FBT001  hypothesis passes it by position
) -> None:
    assessment = Assessment(model="m", language="en", scores=scores, abstentions={})
    case = PolicyInput(assessment=assessment, plain_text=text, trust=trust, mode=mode)
    old = Policy(thresholds=before, blocked_words=("viagra",), reject_blocked=rejects)
    findings = [finding_to_json(finding) for finding in decide(case, old).findings]
    past = past_comment(
        comment_id="c", scores=scores, findings=findings, sampling_probability=1.0, sampled=True, verdict=None
    )
    assert replay([past], after) == [decide(case, replace(old, thresholds=after)).outcome]


def a_past_comment(number: int, toxicity: float, *, breaks_rules: bool | None = None) -> PastComment:
    return PastComment(
        id=str(number),
        scores={"toxicity": toxicity},
        outcome_of_other_rules=Outcome.APPROVE,
        is_author_trusted=False,
        sampling_probability=0.05,
        sampled=breaks_rules is not None,
        breaks_rules=breaks_rules,
    )


def a_history(count: int = 4_000, *, wrong_from: float = 0.9, reviewed: int = 2) -> History:
    """Make evenly spread scores; a person has reviewed one in `reviewed` comments and rejects from `wrong_from`."""
    comments = []
    for number in range(count):
        score = number / count
        breaks_rules = score >= wrong_from if number % reviewed == 0 else None
        comments.append(a_past_comment(number, score, breaks_rules=breaks_rules))
    return History(comments=comments)


def test_a_forecast_counts_outcomes_and_estimates_mistakes() -> None:
    result = forecast(a_history(), {"toxicity": 0.95})
    assert (result.comments, result.held, result.approved) == (4_000, 200, 3_800)
    assert result.held_share.low < 0.05 < result.held_share.high
    estimate, low, high = result.wrongly_approved_count or (0, 0, 0)
    assert low < 200 < high
    assert estimate == pytest.approx(200, abs=1)
    assert result.wrongly_held_share.value == 0


def test_a_verdict_after_a_report_is_not_representative() -> None:
    reported = replace(a_past_comment(1, 0.1, breaks_rules=True), sampled=False)
    history = History(comments=[reported, *(a_past_comment(number, 0.1) for number in range(2, 10))])
    result = forecast(history, {"toxicity": 0.9})
    assert result.wrongly_approved_share.value is None
    assert result.wrongly_approved_count is None


def test_a_promise_is_kept_or_not_as_the_verdicts_show() -> None:
    history = a_history()
    assert check_promise(history, {"toxicity": 0.85}, one_in=200).is_kept
    loose = check_promise(history, {"toxicity": None}, one_in=200)
    assert (loose.is_kept, loose.more_reviews) == (False, None)


def test_the_loosest_threshold_that_keeps_a_promise_is_found() -> None:
    threshold = find_loosest_threshold(a_history(), {"toxicity": 0.5}, score_name="toxicity", one_in=100)
    assert threshold is not None
    assert 0.85 < threshold <= 0.91


def test_no_threshold_is_found_with_too_few_reviews() -> None:
    history = a_history(400)
    assert find_loosest_threshold(history, {"toxicity": 0.5}, score_name="toxicity", one_in=200) is None
    assert (check_promise(history, {"toxicity": 0.5}, one_in=200).more_reviews or 0) == 598 - 100


def test_the_strictest_threshold_that_holds_at_most_a_share_is_found() -> None:
    threshold = find_strictest_threshold(a_history(), {"toxicity": 0.5}, score_name="toxicity", max_held=0.15)
    assert threshold is not None
    assert 0.85 <= threshold < 0.87


def test_comments_held_by_other_rules_count_towards_the_share() -> None:
    history = History(comments=[replace(c, outcome_of_other_rules=Outcome.HOLD) for c in a_history(1_000).comments])
    assert find_strictest_threshold(history, {"toxicity": 0.5}, score_name="toxicity", max_held=0.15) is None


def test_a_high_threshold_of_relevance_is_the_strict_one() -> None:
    history = History(
        comments=[
            replace(comment, scores={"relevance": comment.scores["toxicity"]}) for comment in a_history().comments
        ]
    )
    assert find_strictest_threshold(history, {}, score_name="relevance", max_held=0.15) == pytest.approx(
        0.14, abs=0.011
    )


def test_counting_one_in_ten_comments_gives_nearly_the_same() -> None:
    whole = a_history(40_000)
    marked = [replace(comment, is_counted=number % 10 == 0) for number, comment in enumerate(whole.comments)]
    thinned = History(
        comments=[comment for comment in marked if comment.is_counted or comment.is_sampled_review], count_every=10
    )
    of_all, of_some = (forecast(history, {"toxicity": 0.95}) for history in (whole, thinned))
    assert of_some.comments == of_all.comments
    assert of_some.held_share.value == pytest.approx(of_all.held_share.value, abs=0.005)
    assert of_some.wrongly_approved_share == of_all.wrongly_approved_share
