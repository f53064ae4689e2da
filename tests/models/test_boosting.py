"""Boosted trees predict the same whether they are descended together or one by one."""

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier

from models.boosting import MAX_PACKED_ROWS, SingleThreadBoosting
from models.release import TRUSTED_TYPES


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(600, 5))
    values[rng.random(values.shape) < 0.2] = np.nan
    return values


@pytest.fixture(scope="module")
def fitted(rows: np.ndarray) -> SingleThreadBoosting:
    labels = np.nan_to_num(rows[:, 0] * rows[:, 1] + rows[:, 2]) > 0
    return SingleThreadBoosting(max_iter=30, max_leaf_nodes=9, random_state=1).fit(rows, labels)


def test_few_rows_get_the_predictions_of_scikit_learn(fitted: SingleThreadBoosting, rows: np.ndarray) -> None:
    by_tree = HistGradientBoostingClassifier.predict_proba(fitted, rows)
    assert len(rows) > MAX_PACKED_ROWS
    for start in (0, 1, 100):
        few = rows[start : start + 7]
        assert np.allclose(fitted.predict_proba(few), by_tree[start : start + 7], rtol=0, atol=1e-12)


def test_prediction_does_not_depend_on_other_rows(fitted: SingleThreadBoosting, rows: np.ndarray) -> None:
    together = fitted.predict_proba(rows[:20])
    alone = np.concatenate([fitted.predict_proba(rows[[index]]) for index in range(20)])
    assert np.array_equal(together, alone)


def test_row_of_wrong_width_is_refused(fitted: SingleThreadBoosting) -> None:
    with pytest.raises(ValueError, match="features"):
        fitted.predict_proba(np.zeros((1, 4)))


def test_packed_trees_are_not_saved(fitted: SingleThreadBoosting, rows: np.ndarray) -> None:
    before = fitted.predict_proba(rows[:3])
    saved = skops.io.dumps(fitted)
    assert "_packed_trees" not in fitted.__getstate__()
    opened = skops.io.loads(saved, trusted=sorted(TRUSTED_TYPES))
    assert np.array_equal(opened.predict_proba(rows[:3]), before)


def test_refit_discards_the_earlier_trees(rows: np.ndarray) -> None:
    model = SingleThreadBoosting(max_iter=5, random_state=1).fit(rows, np.nan_to_num(rows[:, 0]) > 0)
    before = model.predict_proba(rows[:3])
    model.fit(rows, np.nan_to_num(rows[:, 0]) <= 0)
    assert np.allclose(model.predict_proba(rows[:3]), model.predict_proba(rows)[:3], rtol=0, atol=1e-12)
    assert not np.allclose(model.predict_proba(rows[:3]), before, atol=0.1)
