"""The rules of the policy, their order and their reasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.comment import SCORES, Assessment
from service.domain.errors import PolicyInvalid
from service.domain.policy.rules import Decision, PolicyInput, decide, sampling_probability
from service.domain.policy.site_policy import Mode, Outcome, Policy, Trust, normalise_host
from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.domain.priority import priority_of_scores

POLICY = Policy(version=3, thresholds={"toxicity": 0.8, "threat": 0.5, "relevance": 0.05, "coherence": 0.1})


def an_input(text: str = "A plain remark about the budget.", *, language: str = "en", **facts: object) -> PolicyInput:
    scores = dict.fromkeys(SCORES, 0.0) | {"relevance": 0.9, "coherence": 0.9}
    scores |= facts.pop("scores", {})  # type: ignore[arg-type, assignment]  the scores of one test
    abstentions = facts.pop("abstentions", {})
    assessment = Assessment(model="m", language=language, scores=scores, abstentions=abstentions)  # type: ignore[arg-type]
    return PolicyInput(assessment=assessment, plain_text=text, **facts)  # type: ignore[arg-type]


def decide_by(policy_input: PolicyInput, policy: Policy = POLICY) -> tuple[Outcome, str]:
    decision = decide(policy_input, policy)
    return decision.outcome, decision.rule


def test_an_ordinary_comment_is_approved() -> None:
    assert decide_by(an_input()) == (Outcome.APPROVE, "nothing_found")


def test_a_toxic_comment_is_held_with_score_and_threshold() -> None:
    decision = decide(an_input(scores={"toxicity": 0.93}), POLICY)
    assert (decision.outcome, decision.rule) == (Outcome.HOLD, "toxicity")
    assert (decision.findings[0].score, decision.findings[0].threshold) == (0.93, 0.8)


def test_low_relevance_and_low_coherence_are_held() -> None:
    assert decide_by(an_input(scores={"relevance": 0.04})) == (Outcome.HOLD, "relevance")
    assert decide_by(an_input(scores={"coherence": 0.04})) == (Outcome.HOLD, "coherence")


def test_an_unknown_score_never_holds() -> None:
    unknown = dict.fromkeys(("relevance", "coherence", "toxicity"), None)
    assert decide_by(an_input(scores=unknown)) == (Outcome.APPROVE, "nothing_found")


def test_a_threshold_that_is_switched_off_never_holds() -> None:
    lenient = Policy(thresholds={"toxicity": None})
    assert decide_by(an_input(scores={"toxicity": 1.0}), lenient) == (Outcome.APPROVE, "nothing_found")


def test_a_trusted_author_is_held_for_danger_and_spam_only() -> None:
    assert decide_by(an_input(scores={"toxicity": 0.99}, trust=Trust.TRUSTED)) == (Outcome.APPROVE, "author_trusted")
    assert decide_by(an_input("I want to kill myself.", trust=Trust.TRUSTED)) == (Outcome.HOLD, "self_harm")
    assert decide_by(an_input(scores={"spam": 1.0}, trust=Trust.TRUSTED)) == (Outcome.HOLD, "spam")


@pytest.mark.parametrize(
    "text",
    [
        "i dont want to live anymore",
        "I'm going to kill myself tonight",
        "honestly everyone would be better off without me",
        "I am thinking about ending my life",
    ],
)
def test_self_harm_is_urgent(text: str) -> None:
    decision = decide(an_input(text), POLICY)
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
def test_threats_are_urgent(text: str) -> None:
    assert decide(an_input(text), POLICY).urgent


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
def test_figures_of_speech_are_not_urgent(text: str) -> None:
    assert not decide(an_input(text), POLICY).urgent


def test_closed_articles_suspended_authors_and_pre_moderation_hold() -> None:
    policy = Policy(pre_moderated_sections=("courts",))
    assert decide_by(an_input(mode=Mode.CLOSED), policy)[1] == "article_closed"
    assert decide_by(an_input(trust=Trust.SUSPENDED), policy)[1] == "author_suspended"
    assert decide_by(an_input(section="courts"), policy)[1] == "pre_moderated"


def test_a_blocked_word_matches_whole_words_in_any_case() -> None:
    policy = Policy(blocked_words=("Ass",))
    assert decide_by(an_input("what an ASS he is"), policy)[1] == "blocked_word"
    assert decide_by(an_input("first class assistance"), policy)[1] == "nothing_found"


def test_a_blocked_host_includes_its_subdomains_only() -> None:
    policy = Policy(blocked_hosts=("spam.example",))
    assert decide_by(an_input(linked_hosts=("shop.spam.example",)), policy)[1] == "blocked_link"
    assert decide_by(an_input(linked_hosts=("notspam.example",)), policy)[1] == "nothing_found"


def test_blocked_words_reject_only_if_the_site_chooses_so() -> None:
    words = {"blocked_words": ("viagra",)}
    assert decide_by(an_input("viagra"), Policy(**words))[0] is Outcome.HOLD  # type: ignore[arg-type]
    assert decide_by(an_input("viagra"), Policy(**words, reject_blocked=True))[0] is Outcome.REJECT  # type: ignore[arg-type]


def test_an_unsupported_language_is_held_and_named() -> None:
    decision = decide(an_input(language="fr", abstentions={"toxicity": "language_not_supported"}), POLICY)
    assert decision.rule == "language_not_supported"
    assert "'fr'" in decision.findings[0].message


def test_all_findings_are_reasons_in_the_order_of_the_rules() -> None:
    decision = decide(an_input(scores={"toxicity": 0.9, "relevance": 0.01}, trust=Trust.SUSPENDED), POLICY)
    assert [finding.code for finding in decision.findings] == ["author_suspended", "toxicity", "relevance"]


def test_an_invalid_policy_names_the_field() -> None:
    with pytest.raises(PolicyInvalid) as error:
        Policy(thresholds={"toxisity": 0.5})
    assert error.value.field == "thresholds.toxisity"
    with pytest.raises(PolicyInvalid):
        Policy(thresholds={"toxicity": 1.5})


def test_recommended_thresholds_fill_in_missing_ones_only() -> None:
    policy = Policy(version=2, thresholds={"toxicity": None}).with_defaults({"toxicity": 0.7, "threat": 0.6})
    assert policy.thresholds == {"toxicity": None, "threat": 0.6}
    assert policy.version == 2


@given(st.dictionaries(st.sampled_from(THRESHOLD_NAMES), st.floats(0, 1)), st.floats(0, 1), st.floats(0, 1))
def test_a_lower_toxicity_threshold_never_releases_a_comment(scores: dict[str, float], low: float, high: float) -> None:
    def held(threshold: float) -> bool:
        decision: Decision = decide(an_input(scores=scores), Policy(thresholds={"toxicity": threshold}))
        return decision.outcome is Outcome.HOLD

    assert held(min(low, high)) or not held(max(low, high))


def test_held_comments_are_reviewed_and_others_by_the_audit_share() -> None:
    policy = Policy(thresholds={"toxicity": 0.8}, audit_share=0.02)
    assert sampling_probability(decide(an_input(scores={"toxicity": 0.9}), policy), policy) == 1.0
    assert sampling_probability(decide(an_input(), policy), policy) == 0.02


def test_danger_outranks_every_score_in_the_queue() -> None:
    hateful = dict.fromkeys(SCORES, 1.0) | {"threat": 0.0}
    danger, hate = an_input("I want to kill myself"), an_input(scores=hateful)
    first, second = (priority_of_scores(c.assessment.scores, urgent=decide(c, POLICY).urgent) for c in (danger, hate))
    assert first.total > second.total


@pytest.mark.parametrize("written", ["Spam.example", "www.spam.example", "https://spam.example/buy", " spam.example "])
def test_hosts_are_normalised(written: str) -> None:
    assert normalise_host(written) == "spam.example"


@pytest.mark.parametrize("written", ["", "spam", "spam.example:8080", "a b.example", "https://", "@spam.example"])
def test_an_invalid_host_is_refused(written: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        normalise_host(written)
    assert refused.value.field == "blocked_hosts"
