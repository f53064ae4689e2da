"""A group's name tells nothing of the label once the comments that name it are reweighed."""

import numpy as np
import pytest

from training.augmentation.reweighting import MAX_WEIGHT, MIN_ROWS, reweigh

ANGRY, CALM = "Remark {} on gay readers", "Remark {} on the weather"


def write(angry: int, kind: int, calm: int, cross: int) -> tuple[list[str], np.ndarray]:
    """Toxic and harmless comments that name a group, then harmless and toxic ones that name nobody."""
    texts = [ANGRY.format(place) for place in range(angry + kind)] + [CALM.format(place) for place in range(calm)]
    toxic = [place < angry for place in range(angry + kind)] + [place < cross for place in range(calm)]
    return texts, np.array(toxic)


def rate(toxic: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(toxic, weights=weights))


def test_a_group_that_is_named_in_anger_is_as_often_toxic_as_any_comment() -> None:
    texts, toxic = write(angry=60, kind=40, calm=900, cross=300)
    before = np.ones(len(texts))
    after = reweigh(texts, toxic, before)
    assert rate(toxic[:100], before[:100]) == pytest.approx(0.6)
    assert rate(toxic[:100], after[:100]) == pytest.approx(rate(toxic, before), abs=1e-6)
    assert after[:100].sum() == pytest.approx(100)
    assert np.array_equal(after[100:], before[100:])


def test_two_names_in_one_comment_are_both_balanced() -> None:
    texts, toxic = write(angry=60, kind=40, calm=900, cross=300)
    texts[30:80] = [text.replace("readers", "and Polish readers") for text in texts[30:80]]
    after = reweigh(texts, toxic, np.ones(len(texts)))
    assert rate(toxic[:100], after[:100]) == pytest.approx(0.36, abs=0.02)
    assert rate(toxic[30:80], after[30:80]) == pytest.approx(0.36, abs=0.02)


def test_no_row_is_multiplied_without_bounds() -> None:
    texts, toxic = write(angry=4_000, kind=MIN_ROWS, calm=4_000, cross=0)
    after = reweigh(texts, toxic, np.full(len(texts), 0.5))
    assert after.max() <= 0.5 * MAX_WEIGHT
    assert after.min() >= 0.5 / MAX_WEIGHT


def test_of_a_name_that_hardly_occurs_nothing_is_said() -> None:
    texts, toxic = write(angry=60, kind=MIN_ROWS - 1, calm=900, cross=300)
    assert np.array_equal(reweigh(texts, toxic, np.ones(len(texts))), np.ones(len(texts)))
