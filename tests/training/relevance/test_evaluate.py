"""Measuring relevance caches embeddings, and binds the pipeline to its own encoder again whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.encoder import Encoder
from models.release import Release
from tests.support.synthetic_corpora import write_corpus
from training.corpora.licensed_corpora import Corpora
from training.relevance.evaluate import evaluate_relevance

LENGTHS = (8, 15, 30, 60, 100)
"""Words of a comment, one in each stratum."""

TOPICS = ("the ferry to the island", "the new school roof", "the price of night buses")


def write_comments(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        topic = TOPICS[number % 3]
        yield {
            "comment_id": f"comment_{number}",
            "article_id": topic,
            "article_title": f"Council argues about {topic}",
            "article_text": f"On Monday the council spoke about {topic}. It will speak again.",
            "text": " ".join((f"I asked about {topic} and nobody answers me. " * 12).split()[: LENGTHS[number % 5]]),
        }


def test_embeddings_are_cached_for_the_next_run(release: Release, tmp_path: Path) -> None:
    for name in ("c3", "cocolofa"):
        write_corpus(tmp_path, name, write_comments(15))
    cache = tmp_path / "cache"
    rows = evaluate_relevance(release.relevance, release.encoder, Corpora(tmp_path), seed=1, vectors=cache)
    (path,) = cache.iterdir()
    written = path.stat().st_mtime_ns
    assert evaluate_relevance(release.relevance, release.encoder, Corpora(tmp_path), seed=1, vectors=cache) == rows
    assert path.stat().st_mtime_ns == written


def test_failed_measurement_restores_the_encoder(release: Release, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="c3"):
        evaluate_relevance(release.relevance, release.encoder, Corpora(tmp_path), seed=1)
    assert type(release.relevance[0].encoder) is Encoder
