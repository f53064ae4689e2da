"""Replaying thresholds on decided comments: it says what the policy itself would have said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.comment import SCORES, Assessment
from service.domain.policy.promises import check_promise, find_loosest, find_strictest
from service.domain.policy.replay import History, PastComment, forecast, replay
from service.domain.policy.rules import THRESHOLD_NAMES, Mode, Outcome, Policy, PolicyInput, Trust, decide
from service.moderation.serialization import write_finding
from service.store.policy.decision_history import read_past

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
def test_a_replay_says_what_the_policy_would_have_said(
    scores: dict[str, float | None],
    before: dict[str, float | None],
    after: dict[str, float | None],
    text: str,
    trust: Trust,
    mode: Mode,
    rejects: bool,  # noqa: FBT001  hypothesis hands it over by place
) -> None:
    assessment = Assessment(model="m", language="en", scores=scores, abstentions={})
    case = PolicyInput(assessment=assessment, plain_text=text, trust=trust, mode=mode)
    old = Policy(thresholds=before, blocked_words=("viagra",), reject_blocked=rejects)
    findings = [write_finding(finding) for finding in decide(case, old).findings]
    past = read_past(comment_id="c", scores=scores, findings=findings, probability=1.0, sampled=True, said=None)
    assert replay([past], after) == [decide(case, replace(old, thresholds=after)).outcome]


def past_comment(number: int, toxicity: float, *, said: bool | None = None, share: float = 0.05) -> PastComment:
    return PastComment(
        id=str(number),
        scores={"toxicity": toxicity},
        others=Outcome.APPROVE,
        trusted=False,
        sampling_probability=share,
        sampled=said is not None,
        breaks_rules=said,
    )


def a_history(count: int = 4_000, *, wrong_from: float = 0.9, reviewed: int = 2) -> History:
    """Scores spread evenly; every `reviewed`-th was read by a person, who rejects from `wrong_from`."""
    comments = []
    for number in range(count):
        score = number / count
        comments.append(past_comment(number, score, said=score >= wrong_from if number % reviewed == 0 else None))
    return History(comments=comments)


def changed(past: History, **facts: object) -> History:
    return History(comments=[replace(comment, **facts) for comment in past.comments])  # type: ignore[arg-type]  any fact


def test_a_forecast_counts_everything_and_weighs_mistakes() -> None:
    seen = forecast(a_history(), {"toxicity": 0.95})
    assert (seen.comments, seen.held, seen.approved) == (4_000, 200, 3_800)
    assert seen.held_share.low < 0.05 < seen.held_share.high
    expected, least, most = seen.mistakes_let_through or (0, 0, 0)
    assert least < 200 < most
    assert expected == pytest.approx(200, abs=1)
    assert seen.wrongly_held.value == 0


def test_a_verdict_that_came_by_a_report_counts_for_itself_only() -> None:
    reported = replace(past_comment(1, 0.1, said=True), sampled=False)
    seen = forecast(History(comments=[reported, *(past_comment(n, 0.1) for n in range(2, 10))]), {"toxicity": 0.9})
    assert seen.wrongly_approved.value is None
    assert seen.mistakes_let_through is None


def test_a_promise_that_the_verdicts_show_is_kept_and_another_is_not() -> None:
    history = a_history()
    assert check_promise(history, {"toxicity": 0.85}, one_in=200).is_kept
    loose = check_promise(history, {"toxicity": None}, one_in=200)
    assert (loose.is_kept, loose.more_reviews) == (False, None)


def test_the_loosest_threshold_that_keeps_a_promise_is_found() -> None:
    found = find_loosest(a_history(), {"toxicity": 0.5}, lever="toxicity", one_in=100)
    assert found is not None
    assert 0.85 < found <= 0.91


def test_no_threshold_is_offered_where_too_few_were_reviewed() -> None:
    history = a_history(400)
    assert find_loosest(history, {"toxicity": 0.5}, lever="toxicity", one_in=200) is None
    assert (check_promise(history, {"toxicity": 0.5}, one_in=200).more_reviews or 0) == 598 - 100


def test_the_strictest_threshold_that_holds_at_most_a_share_is_found() -> None:
    found = find_strictest(a_history(), {"toxicity": 0.5}, lever="toxicity", most_held=0.15)
    assert found is not None
    assert 0.85 <= found < 0.87


def test_what_is_held_anyway_counts_towards_the_share_held() -> None:
    history = changed(a_history(1_000), others=Outcome.HOLD)
    assert find_strictest(history, {"toxicity": 0.5}, lever="toxicity", most_held=0.15) is None


def test_relevance_is_strict_when_it_is_high() -> None:
    history = History(
        comments=[replace(each, scores={"relevance": each.scores["toxicity"]}) for each in a_history().comments]
    )
    assert find_strictest(history, {}, lever="relevance", most_held=0.15) == pytest.approx(0.14, abs=0.011)


def test_counting_every_tenth_comment_shows_nearly_the_same() -> None:
    whole = a_history(40_000)
    thinned = [replace(each, counted=number % 10 == 0) for number, each in enumerate(whole.comments)]
    past = History(comments=[each for each in thinned if each.counted or each.was_reviewed_by_chance], each=10)
    all_seen, some_seen = (forecast(history, {"toxicity": 0.95}) for history in (whole, past))
    assert some_seen.comments == all_seen.comments
    assert some_seen.held_share.value == pytest.approx(all_seen.held_share.value, abs=0.005)
    assert some_seen.wrongly_approved == all_seen.wrongly_approved
