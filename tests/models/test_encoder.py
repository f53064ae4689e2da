"""The released encoder: vectors that do not depend on other texts, and the spans of tokens."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pytest

from models.comment import Article, Comment, Passage
from models.encoder import DIMENSIONS, Encoder, article_vectors, embed_article, embed_comment, embed_passage
from models.release import ENCODER_FILE, TOKENIZER_FILE
from tests.support.paths import RELEASED

TEXTS = ("The ferry is late again.", "No.", "Rents have doubled in ten years, and wages have not. " * 20, "", "👍")


def test_vectors_have_unit_length(encoder: Encoder) -> None:
    vectors = encoder.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_vector_does_not_depend_on_other_texts(encoder: Encoder) -> None:
    together = encoder.embed(TEXTS)

    assert all((encoder.embed([text])[0] == vector).all() for text, vector in zip(TEXTS, together, strict=True))


def test_threads_get_the_same_vectors(encoder: Encoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: encoder.embed([text])[0], TEXTS * 5))

    assert (np.stack(rows) == np.tile(encoder.embed(TEXTS), (5, 1))).all()


def test_rows_from_threads_keep_their_order() -> None:
    folder = max(RELEASED.iterdir())
    alone = Encoder(folder / ENCODER_FILE, folder / TOKENIZER_FILE)
    spread = Encoder(folder / ENCODER_FILE, folder / TOKENIZER_FILE, threads=3)

    assert (alone.embed(TEXTS) == spread.embed(TEXTS)).all()
    assert alone.files_hash == spread.files_hash


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.embed([]).shape == encoder.embed_toxicity([]).shape == (0, DIMENSIONS)


def test_toxicity_embedding_is_the_mean_of_the_token_states(encoder: Encoder) -> None:
    encoded = encoder.encode(TEXTS[0])

    assert (encoder.embed_toxicity(TEXTS)[0] == encoded.toxicity_states.mean(axis=0)).all()
    assert encoded.toxicity_states.shape == (len(encoded.spans), DIMENSIONS)


def test_tokens_have_spans(encoder: Encoder) -> None:
    text = "Such a 🐖, he said"
    spans = encoder.encode(text).spans

    assert [text[start:end] for start, end in spans[1:-1]] == ["Such", "a", "🐖", ",", "he", "said"]
    assert spans[0] == spans[-1] == (0, 0)


def test_emoji_has_the_vector_of_its_name(encoder: Encoder) -> None:
    pig, heart, described = encoder.embed(["you are a 🐖", "you are a ❤", "you are a pig"])

    assert (pig == described).all()
    assert pig @ heart < 0.9


def test_only_the_beginning_of_a_long_text_counts(encoder: Encoder) -> None:
    assert (encoder.embed(["late " * 200_000]) == encoder.embed(["late " * 500])).all()


def test_similar_meaning_is_closer_than_shared_words(encoder: Encoder) -> None:
    query, similar, different = encoder.embed(["The boat is delayed", "The ferry is late", "My rent has doubled"])

    assert query @ similar > query @ different + 0.2


def test_deepcopy_shares_the_encoder(encoder: Encoder) -> None:
    assert deepcopy(encoder) is encoder


def test_article_is_embedded_once(encoder: Encoder) -> None:
    article = embed_article(encoder, Article("Ferry sold", "It was old. " * 9))

    assert article_vectors(encoder, article) is article.vectors
    assert article.vectors.passages.shape == (len(article.vectors.spans), DIMENSIONS)
    assert article.vectors.encoder == encoder.files_hash


def test_missing_title_or_text_has_no_vector(encoder: Encoder) -> None:
    assert article_vectors(encoder, Article("", "It was old.")).title is None
    assert article_vectors(encoder, Article("Ferry sold")).passages.shape == (0, DIMENSIONS)


def test_vectors_of_another_encoder_are_replaced(encoder: Encoder) -> None:
    foreign = embed_article(encoder, Article("Ferry sold"))
    object.__setattr__(foreign.vectors, "encoder", "another")

    assert article_vectors(encoder, foreign).encoder == encoder.files_hash


def test_comment_is_normalised_before_it_is_embedded(encoder: Encoder) -> None:
    plain = embed_comment(encoder, Comment(text="The ferry is late"))
    hidden = embed_comment(encoder, Comment(text="The fer\u200bry is late"))

    assert (plain.vector == hidden.vector).all()
    assert embed_passage(encoder, Passage("anything", plain.vector)) is plain.vector


def test_markup_of_a_parent_is_not_embedded(encoder: Encoder) -> None:
    plain = embed_passage(encoder, Passage("The ferry & the tram are late"))
    marked = embed_passage(encoder, Passage('<i class="q">The ferry</i>&#32;&amp; the tram are late'))

    assert (plain == marked).all()
