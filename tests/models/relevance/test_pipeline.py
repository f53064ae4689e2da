"""Relevance: a comment's own article scores higher, with reasons, and too little to compare gives an abstention."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.comment import Article, Comment, Passage
from models.encoder import EmbeddedComment, bind, embed_article, embed_comment
from models.release import Release, load_pipeline, save_pipeline
from models.relevance.features import FEATURES, MAX_EARLIER_COMMENTS, MONOTONE, find_names
from models.relevance.pipeline import explain, find_reason_to_abstain

FERRY = Article(
    "Harbour board sells the old ferry",
    "The harbour board voted on Monday to sell the ferry Margrethe. Repairs would have cost four million. "
    "Islanders fear that the winter timetable will be cut. A smaller boat is to arrive in May.",
)
RENT = Article(
    "Rents rise for the tenth year",
    "Tenants in the old town pay twice what they paid ten years ago. The council has announced a cap on new leases. "
    "Landlords say that they will sell instead.",
)
ABOUT_FERRY = "Without the ferry the islanders cannot get to work in winter, and the smaller boat will not sail in ice."
ABOUT_RENT = "My landlord raised my lease by a third, so a cap by the council cannot come soon enough for tenants."


@pytest.fixture(scope="module")
def pipeline(release: Release) -> Pipeline:
    return release.relevance


def score(pipeline: Pipeline, *comments: Comment | EmbeddedComment) -> list[float]:
    return list(pipeline.predict_proba(comments)[:, 1])


def test_comment_is_relevant_to_its_own_article(pipeline: Pipeline) -> None:
    own, other = score(pipeline, Comment(text=ABOUT_FERRY, article=FERRY), Comment(text=ABOUT_FERRY, article=RENT))

    assert own > 0.8
    assert other < 0.3


def test_title_alone_is_enough(pipeline: Pipeline) -> None:
    ferry, rent = Article(FERRY.title), Article(RENT.title)
    own, other = score(pipeline, Comment(text=ABOUT_RENT, article=rent), Comment(text=ABOUT_RENT, article=ferry))

    assert own > other + 0.3


def test_thread_on_the_same_subject_raises_relevance(pipeline: Pipeline) -> None:
    comment = Comment(text="They will never sail through the ice with that.", article=Article("Board decides"))
    thread = (Passage("The new boat is too small for winter ice."), Passage("Sailing in February? Never."))

    without, with_thread = score(pipeline, comment, replace(comment, thread=thread))
    assert with_thread > without


def test_only_the_latest_comments_of_a_thread_count(pipeline: Pipeline) -> None:
    comment = Comment(text=ABOUT_FERRY, article=FERRY)
    late = tuple(Passage(f"The boat was late {number} times.") for number in range(MAX_EARLIER_COMMENTS))
    early = tuple(Passage("My rent has doubled.") for _ in range(9))

    first, second = score(pipeline, replace(comment, thread=late), replace(comment, thread=early + late))
    assert first == second


def test_markup_changes_no_feature(pipeline: Pipeline) -> None:
    features = pipeline[0].transform
    written = ("The islanders need the ferry in winter.", "Nobody asked them & nobody will.")
    marked = (
        '<div class="c">The islanders need the <a href="/f">ferry</a>&nbsp;in winter.</div>',
        f"<b>{written[1]}</b>",
    )
    plain, html = (
        Comment(text=ABOUT_FERRY, article=FERRY, parent=Passage(parent), thread=(Passage(earlier),))
        for parent, earlier in (written, marked)
    )

    columns = [FEATURES.index(name) for name in ("tfidf_thread", "shared_thread", "covered_thread")]
    assert features([html])[0, columns].tolist() == features([plain])[0, columns].tolist()
    in_bold = replace(plain, text=f"<b>{ABOUT_FERRY}</b>")
    assert np.array_equal(features([in_bold]), features([plain]), equal_nan=True)


def test_score_depends_neither_on_others_nor_on_embedding_first(pipeline: Pipeline) -> None:
    encoder = pipeline[0].bound_encoder
    comments = [Comment(text=text, article=embed_article(encoder, FERRY)) for text in (ABOUT_FERRY, ABOUT_RENT)]
    together = score(pipeline, *comments)
    embedded = score(pipeline, *(embed_comment(encoder, comment) for comment in comments))

    assert [score(pipeline, comment)[0] for comment in comments] == pytest.approx(together, abs=1e-12)
    assert embedded == together


@pytest.mark.parametrize(
    ("text", "article", "reason"),
    [
        (ABOUT_FERRY, None, "article_unknown"),
        (ABOUT_FERRY, Article(" ", "\n"), "article_unknown"),
        ("Well said!", FERRY, "too_short"),
        ("", FERRY, "too_short"),
        (ABOUT_FERRY, FERRY, None),
        (ABOUT_FERRY, Article(FERRY.title), None),
    ],
)
def test_relevance_abstains_without_enough_to_compare(
    pipeline: Pipeline, text: str, article: Article | None, reason: str | None
) -> None:
    assert find_reason_to_abstain(pipeline, Comment(text=text, article=article)) == reason


def test_comment_that_fits_any_article_is_too_generic(pipeline: Pipeline) -> None:
    assert pipeline[0].min_specificity > 0
    assert find_reason_to_abstain(pipeline, Comment(text="It is what it is.", article=FERRY)) == "too_generic"


def test_explanation_has_words_and_the_closest_passage(pipeline: Pipeline) -> None:
    comment = Comment(text=ABOUT_FERRY + " Ask the fishermen.", article=FERRY)
    reasons = explain(pipeline, embed_comment(pipeline[0].bound_encoder, comment))

    assert {"ferry", "islanders"} <= set(reasons.matched)
    assert "fishermen" in reasons.missed
    assert reasons.passage in FERRY.text
    assert 0.3 < reasons.passage_similarity <= 1.0


def test_title_is_the_closest_passage_of_an_article_without_text(pipeline: Pipeline) -> None:
    comment = Comment(text=ABOUT_FERRY, article=Article(FERRY.title))

    assert explain(pipeline, embed_comment(pipeline[0].bound_encoder, comment)).passage == FERRY.title


def test_explanation_without_article_is_empty(pipeline: Pipeline) -> None:
    reasons = explain(pipeline, embed_comment(pipeline[0].bound_encoder, Comment(text=ABOUT_FERRY)))

    assert reasons.matched == reasons.missed == ()
    assert reasons.passage_similarity is None


def test_more_similarity_never_lowers_the_score(pipeline: Pipeline) -> None:
    row = pipeline[0].transform([Comment(text=ABOUT_RENT, article=FERRY)])
    for column in np.flatnonzero(MONOTONE):
        more = row.copy()
        more[0, column] = np.nan_to_num(row[0, column]) + 0.5
        less = row.copy()
        less[0, column] = np.nan_to_num(row[0, column])
        assert pipeline[1].predict_proba(more)[0, 1] >= pipeline[1].predict_proba(less)[0, 1], FEATURES[column]


def test_encoder_is_bound_after_loading(pipeline: Pipeline, tmp_path: Path) -> None:
    save_pipeline(pipeline, tmp_path / "relevance.skops")
    loaded = load_pipeline(tmp_path / "relevance.skops")

    with pytest.raises(RuntimeError, match="bind one"):
        score(loaded, Comment(text=ABOUT_FERRY, article=FERRY))
    bind(loaded, pipeline[0].bound_encoder)
    comment = Comment(text=ABOUT_FERRY, article=FERRY)
    assert score(loaded, comment) == score(pipeline, comment)


def test_features_can_be_cloned_and_fitted(pipeline: Pipeline) -> None:
    copy = clone(pipeline[0])

    assert copy.get_params()["min_specificity"] == pipeline[0].min_specificity
    assert copy.fit([]).transform([Comment(text="Late again", article=FERRY)]).shape == (1, len(FEATURES))


def test_names_are_capitalised_words_inside_sentences() -> None:
    assert find_names("The Margrethe sails. Nobody told Ms. Holm in 2019!") == ["Margrethe", "Ms", "Holm", "2019"]
