"""Finds the hand-written difficult comments that a release scores wrongly. The release's card lists them."""

from collections.abc import Iterator

from sklearn.pipeline import Pipeline

from models.card import KnownFailure
from training.templates.loader import load_known_failures

_COHERENCE_THRESHOLD = 0.5


def find_failures(toxicity: Pipeline, coherence: Pipeline, *, toxicity_threshold: float) -> Iterator[KnownFailure]:
    """Yield the difficult comments whose score is on the wrong side of its threshold, with the score."""
    for comment in load_known_failures():
        # Column 0 of toxicity's pipeline is toxicity itself. Column 1 of coherence's is the class "coherent".
        if comment.score == "toxicity":
            score, threshold = float(toxicity.predict_proba([comment.text])[0, 0]), toxicity_threshold
        else:
            score, threshold = float(coherence.predict_proba([comment.text])[0, 1]), _COHERENCE_THRESHOLD
        if (score >= threshold) != comment.is_high:
            yield KnownFailure(comment.score, comment.text, round(score, 3), comment.difficulty)
