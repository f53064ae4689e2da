"""On which side of its threshold a score holds a comment."""

import numpy as np
import pytest

from service.domain.policy.thresholds import is_held


@pytest.mark.parametrize(("name", "score", "held"), [("toxicity", 0.8, True), ("toxicity", 0.79, False)])
def test_a_high_score_is_held_from_its_threshold(name: str, score: float, *, held: bool) -> None:
    assert is_held(name, score, 0.8) is held


@pytest.mark.parametrize(("score", "held"), [(0.2, True), (0.21, False)])
def test_a_low_relevance_is_held_up_to_its_threshold(score: float, *, held: bool) -> None:
    assert is_held("relevance", score, 0.2) is held


def test_an_array_is_compared_element_by_element_and_nan_is_never_held() -> None:
    scores = np.array([0.1, 0.5, np.nan])
    assert is_held("toxicity", scores, 0.5).tolist() == [False, True, False]
    assert is_held("coherence", scores, 0.5).tolist() == [True, True, False]
