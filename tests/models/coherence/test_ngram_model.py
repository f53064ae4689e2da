"""The language models answer probabilities that sum to one and prefer what they have seen."""

import numpy as np
import pytest

from models.coherence.ngram_model import ALPHABET_SIZE, CharacterModel, WordModel, symbols

SENTENCES = [np.array(ids) for ids in ([1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 3, 4], [2, 3, 4])]


@pytest.fixture(scope="module")
def words() -> WordModel:
    return WordModel.learn(SENTENCES, size=8)


@pytest.mark.parametrize("context", [[], [1], [1, 2], [2, 3], [7, 7], [5, 1]])
def test_what_may_follow_sums_to_one(words: WordModel, context: list[int]) -> None:
    logs = [words.score(np.array([*context, word]))[0][-1] for word in range(1, 8)]
    never = words.unigrams[WordModel.START]

    assert np.exp(logs).sum() == pytest.approx(1.0, abs=float(np.exp(never)) + 1e-4)


def test_a_word_in_its_place_is_more_expected_than_out_of_it(words: WordModel) -> None:
    in_place, depth = words.score(np.array([1, 2, 3, 4]))
    out_of_place, shallow = words.score(np.array([4, 3, 2, 1]))

    assert in_place.mean() > out_of_place.mean() + 0.5
    assert depth[-1] == 3
    assert shallow[-1] == 1


def test_rare_sequences_give_their_share_to_the_unseen() -> None:
    model = WordModel.learn(SENTENCES, size=8, min_count=2)

    assert model.score(np.array([1, 2, 3, 5]))[1][-1] == 1
    assert np.isfinite(model.score(np.array([7, 6, 5]))[0]).all()


def test_characters_sum_to_one_after_any_three() -> None:
    model = CharacterModel.learn(["the ferry is late", "the ferry left"])

    assert np.exp(model.table.astype(float)).sum(axis=-1) == pytest.approx(1.0, abs=0.01)
    assert model.table.shape == (ALPHABET_SIZE,) * 4


def test_familiar_letters_are_more_expected() -> None:
    model = CharacterModel.learn(["the ferry is late", "the ferry left"] * 5)

    assert model.score("the ferry").mean() > model.score("hte yrref").mean()
    assert len(model.score("é€😀")) == 3


def test_case_is_no_difference_and_any_code_point_has_a_symbol() -> None:
    assert (symbols("Ferry") == symbols("fERRY")).all()
    assert symbols("\ud800\U0010ffff\x00").max() < ALPHABET_SIZE
