"""The scorer of the released models: scores with reasons, the same alone and in a batch, and abstentions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from models.comment import ATTRIBUTES, SCORES, Article, Assessment, Comment, Passage
from models.release import Release
from models.scorer import INCOHERENT_BELOW, Scorer

TRAM = Article(
    "City council approves new tram line to the harbour",
    "The city council voted on Tuesday to build a tram line from the station to the harbour. It will cost 90 million "
    "and take four years. Shop owners along the route fear for their trade during the works.",
)
ON_TOPIC = "The tram to the harbour is overdue, but who pays if the works take longer than four years again?"
OFF_TOPIC = "My grandmother's recipe for apple cake needs far less sugar, and a pinch of cinnamon in the dough."
RUDE = "What a bunch of pathetic idiots this council is, you can all go to hell with your stupid tram."


def same(one: Assessment, other: Assessment) -> bool:
    return one.scores == other.scores and np.array_equal(one.vector, other.vector)


def test_every_score_is_a_probability(scorer: Scorer) -> None:
    assessment = scorer.assess(Comment(text=ON_TOPIC, article=TRAM))
    assert tuple(assessment.scores) == SCORES
    assert all(value is not None and 0 <= value <= 1 for value in assessment.scores.values())
    assert assessment.model == scorer.version
    assert assessment.language == "en"
    assert not assessment.abstentions


def test_insult_is_toxic_and_its_words_are_explained(scorer: Scorer) -> None:
    rude, civil = scorer.assess(Comment(text=RUDE)), scorer.assess(Comment(text=ON_TOPIC))
    assert rude.scores["toxicity"] > 0.8
    assert civil.scores["toxicity"] < 0.3
    assert rude.scores["insult"] > civil.scores["insult"]
    worst = max(rude.explanation.toxicity, key=lambda span: span.weight)
    assert RUDE[worst.start : worst.end] in {"idiots", "stupid", "pathetic"}


def test_comment_on_topic_is_more_relevant_than_one_off_topic(scorer: Scorer) -> None:
    on_topic, off_topic = (scorer.assess(Comment(text=text, article=TRAM)) for text in (ON_TOPIC, OFF_TOPIC))
    assert on_topic.scores["relevance"] > 0.6
    assert off_topic.scores["relevance"] < 0.4
    assert on_topic.explanation.relevance is not None
    assert {word.lower() for word in on_topic.explanation.relevance.matched} >= {"tram", "harbour"}
    assert on_topic.explanation.relevance.passage in TRAM.text


def test_word_salad_is_incoherent_and_bluntness_is_not(scorer: Scorer) -> None:
    salad = "harbour the of again pays longer if to but tram years four is the works who overdue take than"
    assert scorer.assess(Comment(text=salad)).scores["coherence"] < 0.5
    assert scorer.assess(Comment(text="No. Waste of money, and u know it")).scores["coherence"] > 0.5


def test_coherence_is_explained_up_to_the_release_threshold(release: Release) -> None:
    uneven = Comment(text="Shop owners fear for trade. Tram good for trade in long run.")
    coherence = Scorer(release).assess(uneven).scores["coherence"]
    assert coherence > INCOHERENT_BELOW
    for threshold, is_explained in ((coherence, True), (coherence - 0.001, False)):
        held_at = replace(release, card=replace(release.card, thresholds={"coherence": threshold}))
        assert bool(Scorer(held_at).assess(uneven).explanation.coherence) == is_explained


@pytest.mark.parametrize(
    "disguised", ["you are an i d i o t", "you are an 1d10t", "you are an id\u200biot", "you \u0430re an idi\u043et"]
)
def test_disguise_changes_no_score_and_is_decoded(scorer: Scorer, disguised: str) -> None:
    plain, hidden = scorer.assess(Comment(text="you are an idiot")), scorer.assess(Comment(text=disguised))
    assert same(plain, hidden)
    assert hidden.decoded == "you are an idiot"
    assert all(0 <= span.start < span.end <= len(disguised) for span in hidden.explanation.toxicity)


@pytest.mark.parametrize("group", ["gay", "Muslim", "Jewish", "black", "deaf", "trans"])
def test_naming_an_identity_is_not_toxic(scorer: Scorer, group: str) -> None:
    toxicity = scorer.assess(Comment(text=f"I am a {group} man and I liked this article.")).scores["toxicity"]
    assert toxicity < scorer.recommended_thresholds["toxicity"]


def test_unsupported_language_has_no_scores(scorer: Scorer) -> None:
    assessment = scorer.assess(Comment(text="Ce gouvernement ne sait plus quoi faire pour nous ruiner.", article=TRAM))
    assert assessment.language == "fr"
    for name in ("toxicity", *ATTRIBUTES, "relevance", "coherence"):
        assert assessment.scores[name] is None
        assert assessment.abstentions[name] == "language_not_supported"
    assert assessment.explanation.toxicity == ()


def test_relevance_is_unknown_without_article_or_enough_words(scorer: Scorer) -> None:
    assert scorer.assess(Comment(text=ON_TOPIC)).abstentions == {"relevance": "article_unknown"}
    assert scorer.assess(Comment(text=ON_TOPIC, article=Article())).abstentions == {"relevance": "article_unknown"}
    short = scorer.assess(Comment(text="Exactly!", article=TRAM))
    assert short.scores["relevance"] is None
    assert short.abstentions["relevance"] == "too_short"


def test_title_alone_is_enough_for_relevance(scorer: Scorer) -> None:
    assert scorer.assess(Comment(text=ON_TOPIC, article=Article(TRAM.title))).scores["relevance"] is not None


def test_batch_changes_no_score(scorer: Scorer) -> None:
    texts = [ON_TOPIC, RUDE, "", "Exactly!", OFF_TOPIC * 20, "12 345", "you 1d10t"] * 3
    comments = [Comment(text=text, article=scorer.embed_article(TRAM)) for text in texts]
    together = list(scorer.assess_many(comments))
    assert all(same(scorer.assess(one), other) for one, other in zip(comments, together, strict=True))


def test_threads_get_the_same_scores(scorer: Scorer) -> None:
    comments = [Comment(text=text, article=TRAM) for text in (ON_TOPIC, RUDE, OFF_TOPIC)] * 8
    alone = [scorer.assess(comment) for comment in comments]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(scorer.assess, comments))
    assert all(same(one, other) for one, other in zip(alone, together, strict=True))


def test_embedded_article_changes_no_score(scorer: Scorer) -> None:
    fresh = scorer.assess(Comment(text=ON_TOPIC, article=TRAM, parent=Passage(RUDE)))
    known = scorer.assess(Comment(text=ON_TOPIC, article=scorer.embed_article(TRAM), parent=Passage(RUDE)))
    assert same(fresh, known)


def test_scorer_returns_what_the_pipelines_predict(scorer: Scorer, release: Release) -> None:
    for text in (ON_TOPIC, RUDE, "you 1d10t", "<b>Exactly</b>!", "write &lt;b&gt;loud&lt;/b&gt; for bold"):
        expected = release.toxicity.predict_proba([text])[0]
        scores = scorer.assess(Comment(text=text)).scores
        assert [scores[name] for name in ("toxicity", *ATTRIBUTES)] == pytest.approx(list(expected), abs=1e-6)
        assert scores["coherence"] == release.coherence.predict_proba([text])[0, 1]


def test_known_failures_of_the_card_are_reproduced(scorer: Scorer, release: Release) -> None:
    failures = release.card.known_failures
    assert failures
    for failure in failures:
        scores = scorer.assess(Comment(text=failure.text)).scores
        assert scores[failure.score] == pytest.approx(failure.predicted, abs=2e-3)


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\ud800", "😀" * 50, "a" * 100_000, "?!" * 500, "<p></p>"])
def test_unusual_texts_are_scored(scorer: Scorer, text: str) -> None:
    assessment = scorer.assess(Comment(text=text, article=TRAM))
    assert assessment.vector is not None
    spans = (*assessment.explanation.toxicity, *assessment.explanation.coherence)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
