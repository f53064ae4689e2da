"""Language models: probabilities sum to one, and sequences that were seen are more probable."""

import numpy as np
import pytest

from models.coherence.ngram_model import ALPHABET_SIZE, CharacterModel, WordModel, symbols

SENTENCES = [np.array(ids) for ids in ([1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 3, 4], [2, 3, 4])]


@pytest.fixture(scope="module")
def word_model() -> WordModel:
    return WordModel.learn(SENTENCES, size=8)


@pytest.mark.parametrize("context", [[], [1], [1, 2], [2, 3], [7, 7], [5, 1]])
def test_probabilities_after_a_context_sum_to_one(word_model: WordModel, context: list[int]) -> None:
    logs = [word_model.score(np.array([*context, word]))[0][-1] for word in range(1, 8)]
    start = word_model.unigrams[WordModel.START]

    assert np.exp(logs).sum() == pytest.approx(1.0, abs=float(np.exp(start)) + 1e-4)


def test_known_sequence_is_more_probable_than_its_reverse(word_model: WordModel) -> None:
    in_order, order = word_model.score(np.array([1, 2, 3, 4]))
    reversed_, reversed_order = word_model.score(np.array([4, 3, 2, 1]))

    assert in_order.mean() > reversed_.mean() + 0.5
    assert order[-1] == 3
    assert reversed_order[-1] == 1


def test_rare_ngrams_count_as_unseen() -> None:
    model = WordModel.learn(SENTENCES, size=8, min_count=2)

    assert model.score(np.array([1, 2, 3, 5]))[1][-1] == 1
    assert np.isfinite(model.score(np.array([7, 6, 5]))[0]).all()


def test_character_probabilities_sum_to_one() -> None:
    model = CharacterModel.learn(["the ferry is late", "the ferry left"])

    assert np.exp(model.table.astype(float)).sum(axis=-1) == pytest.approx(1.0, abs=0.01)
    assert model.table.shape == (ALPHABET_SIZE,) * 4


def test_known_letters_are_more_probable() -> None:
    model = CharacterModel.learn(["the ferry is late", "the ferry left"] * 5)

    assert model.score("the ferry").mean() > model.score("hte yrref").mean()
    assert len(model.score("é€😀")) == 3


def test_symbols_ignore_case_and_cover_all_code_points() -> None:
    assert (symbols("Ferry") == symbols("fERRY")).all()
    assert symbols("\ud800\U0010ffff\x00").max() < ALPHABET_SIZE
