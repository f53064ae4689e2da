"""Words, their stems, and how rare they are."""

import pickle

import pytest

from models.relevance.idf import InverseDocumentFrequency
from models.text.stems import stem, stems
from models.text.words import words

TEXTS = ["the bridge is closed", "the bridges flood", "the mayor sleeps", "the mayor's bridge"]


def test_words_are_letters_and_numbers_without_punctuation() -> None:
    assert words("It's 3.5 km -- the *old* ferry!") == ["It's", "3.5", "km", "the", "old", "ferry"]


def test_an_endless_word_is_no_word() -> None:
    assert words("see " + "x" * 500) == ["see"]


def test_forms_of_a_word_share_a_stem_whatever_their_case() -> None:
    assert stem("Flooding") == stem("floods") == "flood"
    assert stems("Bridges, a bridge")[stem("bridge")] == 2


def test_a_rarer_word_is_more_telling() -> None:
    idf = InverseDocumentFrequency.learn(TEXTS)

    assert idf("the") < idf("bridg") < idf("zeppelin")
    assert idf("the") == pytest.approx(0.0)


def test_a_word_seen_once_counts_as_never_seen() -> None:
    idf = InverseDocumentFrequency.learn(TEXTS)

    assert idf("sleep") == idf("zeppelin")
    assert InverseDocumentFrequency.learn(TEXTS, min_count=1)("sleep") < idf("zeppelin")


def test_rarities_survive_being_saved() -> None:
    idf = InverseDocumentFrequency.learn(TEXTS)

    again = pickle.loads(pickle.dumps(idf))  # noqa: S301 - our own bytes; skops takes the same road

    assert again("bridg") == idf("bridg")


def test_no_texts_make_everything_equally_rare() -> None:
    assert InverseDocumentFrequency.learn([])("bridge") == 0.0
