"""Gradient boosting that answers on one thread; fitting is scikit-learn's own."""

from typing import Any

from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier


class OneThreadBoosting(HistGradientBoostingClassifier):
    """Boosted trees that score a row without starting threads.

    Scikit-learn opens a parallel region for each tree. For one row the threads cost more than the tree, and where
    other threads are busy (a service under load) they wait for each other: 80 ms a row instead of 2.
    """

    def _raw_predict(self, X: Any, n_threads: int | None = None) -> NDArray[Any]:  # noqa: N803, ARG002  scikit-learn's
        answer: NDArray[Any] = super()._raw_predict(X, n_threads=1)
        return answer
