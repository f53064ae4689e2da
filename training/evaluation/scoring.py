"""Many texts scored by one pipeline, each as if it were alone; it knows neither labels nor releases."""

from collections.abc import Sequence

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

_CHUNK = 64


def score_texts(pipeline: Pipeline, texts: Sequence[str], *, jobs: int = 1) -> NDArray[np.float64]:
    """Answer probabilities, shape (texts, targets), as the pipeline gives them for each text alone."""
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    # Threads, because the encoder is bound and not copied; most of the time is spent in it.
    scored = Parallel(n_jobs=jobs, prefer="threads")(delayed(pipeline.predict_proba)(chunk) for chunk in chunks)
    return np.concatenate(scored)
