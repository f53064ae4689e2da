"""Log-odds of probabilities, the unit in which scores are added, compared and explained."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_odds(probabilities: ArrayLike, *, clip: float) -> NDArray[np.float64]:
    """Return log(p / (1 - p)) of each probability, in its shape.

    Probabilities below `clip` count as `clip` and those above 1 - `clip` as that, so that the result is finite.
    """
    clipped = np.clip(np.asarray(probabilities, dtype=np.float64), clip, 1 - clip)
    # Not scipy's `logit`, which differs in the last digit: released models were fitted on this formula.
    odds: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return odds
