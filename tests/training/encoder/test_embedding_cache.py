"""A remembering encoder answers what the encoder answers, and asks it once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.encoder import DIMENSIONS, Encoder
from training.encoder.embedding_cache import RememberingEncoder


class CountingEncoder(Encoder):
    """Answers a vector made from the text's letters, and counts what it is asked."""

    def __init__(self) -> None:
        self.identity = "counting"
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text)] * DIMENSIONS for text in texts], np.float32).reshape(-1, DIMENSIONS)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


def test_a_text_is_embedded_once(encoder: CountingEncoder) -> None:
    remembering = RememberingEncoder(encoder)

    assert remembering.embed(["late", "a ferry", "late"])[:, 0].tolist() == [4, 7, 4]
    assert remembering.embed(["late"])[0, 0] == 4
    assert encoder.asked == ["late", "a ferry"]


def test_no_text_makes_no_row(encoder: CountingEncoder) -> None:
    assert RememberingEncoder(encoder).embed([]).shape == (0, DIMENSIONS)


def test_another_run_asks_nothing(encoder: CountingEncoder, tmp_path: Path) -> None:
    RememberingEncoder(encoder, folder=tmp_path).remember(["late", "a ferry"])
    again = RememberingEncoder(encoder, folder=tmp_path)

    assert again.embed(["a ferry"])[0, 0] == 7
    assert encoder.asked == ["late", "a ferry"]


def test_what_is_kept_belongs_to_one_encoder_and_holds_no_text(encoder: CountingEncoder, tmp_path: Path) -> None:
    RememberingEncoder(encoder, folder=tmp_path).remember(["a secret opinion"])
    (kept,) = tmp_path.iterdir()

    assert "counting" in kept.name
    assert b"secret" not in kept.read_bytes()
