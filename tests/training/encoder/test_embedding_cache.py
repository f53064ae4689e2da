"""A caching encoder returns what the encoder returns, and embeds each text once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.encoder import DIMENSIONS, Encoder
from training.encoder.embedding_cache import CachingEncoder


class CountingEncoder(Encoder):
    """Embeds a text as its length, and records the texts that it is given."""

    def __init__(self) -> None:
        self.files_hash = "counting"
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return np.array([[len(text)] * DIMENSIONS for text in texts], np.float32).reshape(-1, DIMENSIONS)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


def test_a_text_is_embedded_once(encoder: CountingEncoder) -> None:
    caching = CachingEncoder(encoder)

    assert caching.embed(["late", "a ferry", "late"])[:, 0].tolist() == [4, 7, 4]
    assert caching.embed(["late"])[0, 0] == 4
    assert encoder.embedded == ["late", "a ferry"]


def test_no_text_has_no_row(encoder: CountingEncoder) -> None:
    assert CachingEncoder(encoder).embed([]).shape == (0, DIMENSIONS)


def test_the_next_run_embeds_nothing_again(encoder: CountingEncoder, tmp_path: Path) -> None:
    CachingEncoder(encoder, folder=tmp_path).prefetch(["late", "a ferry"])
    next_run = CachingEncoder(encoder, folder=tmp_path)

    assert next_run.embed(["a ferry"])[0, 0] == 7
    assert encoder.embedded == ["late", "a ferry"]


def test_the_cache_belongs_to_one_encoder_and_contains_no_text(encoder: CountingEncoder, tmp_path: Path) -> None:
    CachingEncoder(encoder, folder=tmp_path).prefetch(["a secret opinion"])
    (cache,) = tmp_path.iterdir()

    assert "counting" in cache.name
    assert b"secret" not in cache.read_bytes()
