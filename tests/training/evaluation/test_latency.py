"""Latency is timed on different texts of one length, and a missing package is reported."""

from importlib.util import find_spec

import pytest

from models.release import Release
from training.evaluation.latency import WORDS_PER_TEXT, time_transformer, write_texts


def test_texts_have_fifty_words_and_are_all_different() -> None:
    texts = write_texts(20, seed=1)
    assert {len(text.split()) for text in texts} == {WORDS_PER_TEXT}
    assert len(set(texts)) == 20
    assert texts == write_texts(20, seed=1) != write_texts(20, seed=2)


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_there_is_no_figure(release: Release) -> None:
    assert [timing.value for timing in time_transformer(release, seed=1)] == [None, None]
