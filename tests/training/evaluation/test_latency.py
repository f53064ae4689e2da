"""Speed is timed on texts of one length that are all different, and what is missing is said."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from models.release import newest_release
from training.evaluation.latency import WORDS, time_transformer, write_texts


def test_texts_are_of_fifty_words_and_all_different() -> None:
    texts = write_texts(20, seed=1)
    assert {len(text.split()) for text in texts} == {WORDS}
    assert len(set(texts)) == 20
    assert texts == write_texts(20, seed=1) != write_texts(20, seed=2)


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_the_row_is_there_and_empty() -> None:
    release = newest_release(Path(__file__).parents[2] / "models" / "released")
    assert [timing.value for timing in time_transformer(release, seed=1)] == [None, None]
