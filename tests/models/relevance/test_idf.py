"""Inverse document frequency of stems."""

import pickle

import pytest

from models.relevance.idf import InverseDocumentFrequency

TEXTS = ["the bridge is closed", "the bridges flood", "the mayor sleeps", "the mayor's bridge"]


def test_rarer_stem_has_higher_idf() -> None:
    idf = InverseDocumentFrequency.learn(TEXTS)

    assert idf("the") < idf("bridg") < idf("zeppelin")
    assert idf("the") == pytest.approx(0.0)


def test_stem_seen_once_counts_as_unseen() -> None:
    idf = InverseDocumentFrequency.learn(TEXTS)

    assert idf("sleep") == idf("zeppelin")
    assert InverseDocumentFrequency.learn(TEXTS, min_count=1)("sleep") < idf("zeppelin")


def test_idf_is_the_same_after_saving() -> None:
    idf = InverseDocumentFrequency.learn(TEXTS)

    again = pickle.loads(pickle.dumps(idf))  # noqa: S301 - our own bytes; skops takes the same road

    assert again("bridg") == idf("bridg")


def test_without_texts_every_idf_is_zero() -> None:
    assert InverseDocumentFrequency.learn([])("bridge") == 0.0
