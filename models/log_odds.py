"""Log-odds of probabilities. Scores are added, compared and explained in this unit."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_odds(probabilities: ArrayLike, *, clip: float) -> NDArray[np.float64]:
    """Return log(p / (1 - p)) of each probability, as an array of the same shape.

    Probabilities are first clipped to the range from `clip` to 1 - `clip`, so that the result is finite.
    """
    clipped = np.clip(np.asarray(probabilities, dtype=np.float64), clip, 1 - clip)
    # Not scipy's `logit`, which differs in the last digit: released models were fitted on this formula.
    odds: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return odds
