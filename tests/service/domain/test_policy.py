"""The policy as arithmetic: rules, their order, and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.comment import SCORES, Assessment
from service.domain.errors import PolicyInvalid
from service.domain.policy.rules import (
    THRESHOLD_NAMES,
    Decision,
    Mode,
    Outcome,
    Policy,
    PolicyInput,
    Trust,
    decide,
    read_host,
    sampling_probability,
)
from service.domain.priority import weigh_scores

POLICY = Policy(version=3, thresholds={"toxicity": 0.8, "threat": 0.5, "relevance": 0.05, "coherence": 0.1})


def case_of(text: str = "A plain remark about the budget.", *, language: str = "en", **facts: object) -> PolicyInput:
    scores = dict.fromkeys(SCORES, 0.0) | {"relevance": 0.9, "coherence": 0.9}
    scores |= facts.pop("scores", {})  # type: ignore[arg-type, assignment]  a story's own scores
    abstentions = facts.pop("abstentions", {})
    assessment = Assessment(model="m", language=language, scores=scores, abstentions=abstentions)  # type: ignore[arg-type]
    return PolicyInput(assessment=assessment, plain_text=text, **facts)  # type: ignore[arg-type]


def rule_of(case: PolicyInput, policy: Policy = POLICY) -> tuple[Outcome, str]:
    decision = decide(case, policy)
    return decision.outcome, decision.rule


def test_an_ordinary_comment_is_approved_because_nothing_was_found() -> None:
    assert rule_of(case_of()) == (Outcome.APPROVE, "nothing_found")


def test_a_toxic_comment_is_held_with_its_score_and_threshold_as_the_reason() -> None:
    decision = decide(case_of(scores={"toxicity": 0.93}), POLICY)
    assert (decision.outcome, decision.rule) == (Outcome.HOLD, "toxicity")
    assert (decision.findings[0].score, decision.findings[0].threshold) == (0.93, 0.8)


def test_relevance_and_coherence_hold_from_below() -> None:
    assert rule_of(case_of(scores={"relevance": 0.04})) == (Outcome.HOLD, "relevance")
    assert rule_of(case_of(scores={"coherence": 0.04})) == (Outcome.HOLD, "coherence")


def test_an_unknown_score_holds_nothing() -> None:
    unknown = dict.fromkeys(("relevance", "coherence", "toxicity"), None)
    assert rule_of(case_of(scores=unknown)) == (Outcome.APPROVE, "nothing_found")


def test_a_switched_off_threshold_holds_nothing() -> None:
    lenient = Policy(thresholds={"toxicity": None})
    assert rule_of(case_of(scores={"toxicity": 1.0}), lenient) == (Outcome.APPROVE, "nothing_found")


def test_a_trusted_author_is_not_held_for_a_score_but_is_for_danger_and_flooding() -> None:
    assert rule_of(case_of(scores={"toxicity": 0.99}, trust=Trust.TRUSTED)) == (Outcome.APPROVE, "author_trusted")
    assert rule_of(case_of("I want to kill myself.", trust=Trust.TRUSTED)) == (Outcome.HOLD, "self_harm")
    assert rule_of(case_of(scores={"spam": 1.0}, trust=Trust.TRUSTED)) == (Outcome.HOLD, "spam")


@pytest.mark.parametrize(
    "text",
    [
        "i dont want to live anymore",
        "I'm going to kill myself tonight",
        "honestly everyone would be better off without me",
        "I am thinking about ending my life",
    ],
)
def test_words_of_self_harm_put_a_comment_first(text: str) -> None:
    decision = decide(case_of(text), POLICY)
    assert (decision.rule, decision.urgent) == ("self_harm", True)


@pytest.mark.parametrize(
    "text",
    [
        "We know where you live.",
        "I know where councillor Oduya lives.",
        "I will kill you",
        "people like him should be shot",
        "you should be hanged",
    ],
)
def test_threats_put_a_comment_first(text: str) -> None:
    assert decide(case_of(text), POLICY).urgent


@pytest.mark.parametrize(
    "text",
    [
        "This budget will kill the theatre.",
        "I could kill for a coffee on that platform.",
        "The film made me die laughing.",
        "They should be ashamed, and you are dead right about the fares.",
        "He hanged the picture in the town hall.",
    ],
)
def test_figures_of_speech_are_not_danger(text: str) -> None:
    assert not decide(case_of(text), POLICY).urgent


def test_a_closed_article_a_suspended_author_and_a_pre_moderated_section_hold() -> None:
    policy = Policy(pre_moderated_sections=("courts",))
    assert rule_of(case_of(mode=Mode.CLOSED), policy)[1] == "article_closed"
    assert rule_of(case_of(trust=Trust.SUSPENDED), policy)[1] == "author_suspended"
    assert rule_of(case_of(section="courts"), policy)[1] == "pre_moderated"


def test_a_blocked_word_is_matched_whole_and_in_any_case() -> None:
    policy = Policy(blocked_words=("Ass",))
    assert rule_of(case_of("what an ASS he is"), policy)[1] == "blocked_word"
    assert rule_of(case_of("first class assistance"), policy)[1] == "nothing_found"


def test_a_blocked_host_covers_what_is_below_it_only() -> None:
    policy = Policy(blocked_hosts=("spam.example",))
    assert rule_of(case_of(links=("shop.spam.example",)), policy)[1] == "blocked_link"
    assert rule_of(case_of(links=("notspam.example",)), policy)[1] == "nothing_found"


def test_the_machine_rejects_only_where_the_site_says_so() -> None:
    words = {"blocked_words": ("viagra",)}
    assert rule_of(case_of("viagra"), Policy(**words))[0] is Outcome.HOLD  # type: ignore[arg-type]
    assert rule_of(case_of("viagra"), Policy(**words, reject_blocked=True))[0] is Outcome.REJECT  # type: ignore[arg-type]


def test_a_language_that_no_model_reads_is_held_and_named() -> None:
    decision = decide(case_of(language="fr", abstentions={"toxicity": "language_not_supported"}), POLICY)
    assert decision.rule == "language_not_supported"
    assert "'fr'" in decision.findings[0].message


def test_every_finding_is_a_reason_and_the_first_grave_one_is_the_rule() -> None:
    decision = decide(case_of(scores={"toxicity": 0.9, "relevance": 0.01}, trust=Trust.SUSPENDED), POLICY)
    assert [finding.code for finding in decision.findings] == ["author_suspended", "toxicity", "relevance"]


def test_a_policy_names_the_field_that_is_wrong() -> None:
    with pytest.raises(PolicyInvalid) as error:
        Policy(thresholds={"toxisity": 0.5})
    assert error.value.field == "thresholds.toxisity"
    with pytest.raises(PolicyInvalid):
        Policy(thresholds={"toxicity": 1.5})


def test_the_release_fills_in_only_what_the_site_left_open() -> None:
    policy = Policy(version=2, thresholds={"toxicity": None}).with_defaults({"toxicity": 0.7, "threat": 0.6})
    assert policy.thresholds == {"toxicity": None, "threat": 0.6}
    assert policy.version == 2


@given(st.dictionaries(st.sampled_from(THRESHOLD_NAMES), st.floats(0, 1)), st.floats(0, 1), st.floats(0, 1))
def test_lowering_the_toxicity_threshold_never_releases_a_comment(
    scores: dict[str, float], low: float, high: float
) -> None:
    def held(threshold: float) -> bool:
        decision: Decision = decide(case_of(scores=scores), Policy(thresholds={"toxicity": threshold}))
        return decision.outcome is Outcome.HOLD

    assert held(min(low, high)) or not held(max(low, high))


def test_held_comments_are_always_reviewed_and_approved_ones_with_the_audit_share() -> None:
    policy = Policy(thresholds={"toxicity": 0.8}, audit_share=0.02)
    assert sampling_probability(decide(case_of(scores={"toxicity": 0.9}), policy), policy) == 1.0
    assert sampling_probability(decide(case_of(), policy), policy) == 0.02


def test_danger_outranks_every_score_in_the_queue() -> None:
    hateful = dict.fromkeys(SCORES, 1.0) | {"threat": 0.0}
    danger, hate = case_of("I want to kill myself"), case_of(scores=hateful)
    first, second = (weigh_scores(c.assessment.scores, urgent=decide(c, POLICY).urgent) for c in (danger, hate))
    assert first.total > second.total


@pytest.mark.parametrize("written", ["Spam.example", "www.spam.example", "https://spam.example/buy", " spam.example "])
def test_a_host_is_read_however_it_is_written(written: str) -> None:
    assert read_host(written) == "spam.example"


@pytest.mark.parametrize("written", ["", "spam", "spam.example:8080", "a b.example", "https://", "@spam.example"])
def test_what_is_no_host_is_refused(written: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        read_host(written)
    assert refused.value.field == "blocked_hosts"
