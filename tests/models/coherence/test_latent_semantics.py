"""Topical cohesion: high for a text on one subject, lower for a mixture, unknown for few words."""

import numpy as np
import pytest

from models.coherence.latent_semantics import COHESION_MEASURES, LatentSemanticVectors

FERRY, RENT = range(3, 11), range(11, 19)
"""Word ids of two subjects."""


@pytest.fixture(scope="module")
def vectors() -> LatentSemanticVectors:
    rng = np.random.default_rng(1)
    filler = [np.array([1, 2]) for _ in range(1_200)]
    texts = [rng.choice(subject, size=6) for subject in (FERRY, RENT) for _ in range(100)]
    return LatentSemanticVectors.learn([*filler, *texts], size=20, dimensions=4, seed=1)


def test_change_of_subject_lowers_cohesion(vectors: LatentSemanticVectors) -> None:
    one = vectors.measure(np.array([*FERRY, *FERRY]))
    two = vectors.measure(np.array([*FERRY, *RENT]))

    assert tuple(one) == COHESION_MEASURES
    for name in ("cohesion", "cohesion_halves", "cohesion_lowest"):
        assert one[name] > two[name] + 0.2


def test_mixed_subjects_lower_the_cohesion_of_neighbours(vectors: LatentSemanticVectors) -> None:
    one = vectors.measure(np.array([*FERRY, *RENT]))
    mixed = vectors.measure(np.array([word for pair in zip(FERRY, RENT, strict=True) for word in pair]))

    assert one["cohesion_neighbours"] > mixed["cohesion_neighbours"] + 0.2


def test_cohesion_of_few_words_is_unknown(vectors: LatentSemanticVectors) -> None:
    assert np.isnan(list(vectors.measure(np.array([3, 4, 5])).values())).all()


def test_common_words_do_not_count(vectors: LatentSemanticVectors) -> None:
    with_common = vectors.measure(np.array([1, *FERRY, 2, *FERRY, 1]))

    assert with_common == vectors.measure(np.array([*FERRY, *FERRY]))
