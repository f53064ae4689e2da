"""Under the new weights, the name of a group predicts nothing."""

import numpy as np
import pytest

from training.augmentation.reweighting import MAX_WEIGHT, MIN_ROWS, reweight


def make_comments(
    *, toxic_mentions: int, harmless_mentions: int, others: int, toxic_others: int
) -> tuple[list[str], np.ndarray]:
    """Make toxic and harmless comments that name a group, then comments that name none; toxic ones come first."""
    mentions = toxic_mentions + harmless_mentions
    texts = [f"Remark {number} on gay readers" for number in range(mentions)]
    texts += [f"Remark {number} on the weather" for number in range(others)]
    toxic = [number < toxic_mentions for number in range(mentions)]
    toxic += [number < toxic_others for number in range(others)]
    return texts, np.array(toxic)


def toxic_rate(toxic: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(toxic, weights=weights))


def test_mentions_of_a_group_become_toxic_at_the_rate_of_all_comments() -> None:
    texts, toxic = make_comments(toxic_mentions=60, harmless_mentions=40, others=900, toxic_others=300)
    before = np.ones(len(texts))
    after = reweight(texts, toxic, before)
    assert toxic_rate(toxic[:100], before[:100]) == pytest.approx(0.6)
    assert toxic_rate(toxic[:100], after[:100]) == pytest.approx(toxic_rate(toxic, before), abs=1e-6)
    assert after[:100].sum() == pytest.approx(100)
    assert np.array_equal(after[100:], before[100:])


def test_two_groups_in_one_comment_are_both_balanced() -> None:
    texts, toxic = make_comments(toxic_mentions=60, harmless_mentions=40, others=900, toxic_others=300)
    texts[30:80] = [text.replace("readers", "and Polish readers") for text in texts[30:80]]
    after = reweight(texts, toxic, np.ones(len(texts)))
    assert toxic_rate(toxic[:100], after[:100]) == pytest.approx(0.36, abs=0.02)
    assert toxic_rate(toxic[30:80], after[30:80]) == pytest.approx(0.36, abs=0.02)


def test_no_weight_changes_by_more_than_the_limit() -> None:
    texts, toxic = make_comments(toxic_mentions=4_000, harmless_mentions=MIN_ROWS, others=4_000, toxic_others=0)
    after = reweight(texts, toxic, np.full(len(texts), 0.5))
    assert after.max() <= 0.5 * MAX_WEIGHT
    assert after.min() >= 0.5 / MAX_WEIGHT


def test_a_rarely_named_group_is_not_balanced() -> None:
    texts, toxic = make_comments(toxic_mentions=60, harmless_mentions=MIN_ROWS - 1, others=900, toxic_others=300)
    assert np.array_equal(reweight(texts, toxic, np.ones(len(texts))), np.ones(len(texts)))
