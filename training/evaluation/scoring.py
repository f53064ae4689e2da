"""Scoring many texts with one pipeline, each as if it were alone."""

from collections.abc import Callable, Sequence

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

Floats = NDArray[np.float64]
ToxicityScorer = Callable[[Sequence[str]], Floats]
"""Returns the toxicity of each text, (texts,)."""

DEFAULT_THRESHOLD = 0.5
"""The threshold of a score for which the release's card recommends none."""

HELD_WHEN_BELOW = frozenset(("relevance", "coherence"))
"""Scores where a low value is bad. The policy holds a comment at the threshold or below it."""

_TEXTS_PER_CALL = 64


def score_texts(pipeline: Pipeline, texts: Sequence[str], *, jobs: int = 1) -> Floats:
    """Return the probabilities, (texts, targets), that the pipeline predicts for each text alone."""
    chunks = [texts[start : start + _TEXTS_PER_CALL] for start in range(0, len(texts), _TEXTS_PER_CALL)]
    # Threads share the pipeline's encoder, which a process could not. Most of the time is spent in it.
    scored = Parallel(n_jobs=jobs, prefer="threads")(delayed(pipeline.predict_proba)(chunk) for chunk in chunks)
    return np.concatenate(scored)


def is_held(score: str, value: float, *, threshold: float) -> bool:
    """Return whether a value of the named score is beyond its threshold."""
    return value <= threshold if score in HELD_WHEN_BELOW else value >= threshold
