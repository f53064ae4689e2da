"""The released encoder gives each text its own vector, alone or in company."""

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


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.embed(TEXTS)

    assert all((encoder.embed([text])[0] == vector).all() for text, vector in zip(TEXTS, together, strict=True))


def test_threads_change_nothing(encoder: Encoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: encoder.embed([text])[0], TEXTS * 5))

    assert (np.stack(rows) == np.tile(encoder.embed(TEXTS), (5, 1))).all()


def test_rows_spread_over_threads_keep_their_order() -> None:
    folder = max(RELEASED.iterdir())
    alone = Encoder(folder / ENCODER_FILE, folder / TOKENIZER_FILE)
    spread = Encoder(folder / ENCODER_FILE, folder / TOKENIZER_FILE, threads=3)

    assert (alone.embed(TEXTS) == spread.embed(TEXTS)).all()
    assert alone.identity == spread.identity


def test_no_texts_make_no_rows(encoder: Encoder) -> None:
    assert encoder.embed([]).shape == encoder.embed_toxicity([]).shape == (0, DIMENSIONS)


def test_a_text_sounds_as_its_pieces_do_on_average(encoder: Encoder) -> None:
    encoded = encoder.encode(TEXTS[0])

    assert (encoder.embed_toxicity(TEXTS)[0] == encoded.toxicity_states.mean(axis=0)).all()
    assert encoded.toxicity_states.shape == (len(encoded.spans), DIMENSIONS)


def test_pieces_know_where_they_stand(encoder: Encoder) -> None:
    text = "Such a 🐖, he said"
    spans = encoder.encode(text).spans

    assert [text[start:end] for start, end in spans[1:-1]] == ["Such", "a", "🐖", ",", "he", "said"]
    assert spans[0] == spans[-1] == (0, 0)


def test_emoji_are_read_as_what_they_show(encoder: Encoder) -> None:
    pig, heart, word = encoder.embed(["you are a 🐖", "you are a ❤", "you are a pig"])

    assert (pig == word).all()
    assert pig @ heart < 0.9


def test_a_megabyte_is_read_as_its_beginning(encoder: Encoder) -> None:
    assert (encoder.embed(["late " * 200_000]) == encoder.embed(["late " * 500])).all()


def test_meaning_is_nearer_than_words(encoder: Encoder) -> None:
    asked, near, far = encoder.embed(["The boat is delayed", "The ferry is late", "My rent has doubled"])

    assert asked @ near > asked @ far + 0.2


def test_copies_share_the_encoder(encoder: Encoder) -> None:
    assert deepcopy(encoder) is encoder


def test_an_article_is_embedded_once(encoder: Encoder) -> None:
    article = embed_article(encoder, Article("Ferry sold", "It was old. " * 9))

    assert article_vectors(encoder, article) is article.vectors
    assert article.vectors.passages.shape == (len(article.vectors.spans), DIMENSIONS)
    assert article.vectors.encoder == encoder.identity


def test_an_article_without_a_title_or_text_has_no_vector_for_it(encoder: Encoder) -> None:
    assert article_vectors(encoder, Article("", "It was old.")).title is None
    assert article_vectors(encoder, Article("Ferry sold")).passages.shape == (0, DIMENSIONS)


def test_vectors_of_another_encoder_are_made_anew(encoder: Encoder) -> None:
    foreign = embed_article(encoder, Article("Ferry sold"))
    object.__setattr__(foreign.vectors, "encoder", "another")

    assert article_vectors(encoder, foreign).encoder == encoder.identity


def test_a_comment_is_embedded_as_it_is_read(encoder: Encoder) -> None:
    plain = embed_comment(encoder, Comment(text="The ferry is late"))
    hidden = embed_comment(encoder, Comment(text="The fer\u200bry is late"))

    assert (plain.vector == hidden.vector).all()
    assert embed_passage(encoder, Passage("anything", plain.vector)) is plain.vector


def test_markup_around_a_parent_is_not_embedded(encoder: Encoder) -> None:
    plain = embed_passage(encoder, Passage("The ferry & the tram are late"))
    marked = embed_passage(encoder, Passage('<i class="q">The ferry</i>&#32;&amp; the tram are late'))

    assert (plain == marked).all()
