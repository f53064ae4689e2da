"""Which of the difficult comments a release scores wrongly: its card names them."""

from collections.abc import Iterator

from sklearn.pipeline import Pipeline

from models.card import KnownFailure
from training.templates.loader import load_known_failures

_COHERENCE_THRESHOLD = 0.5


def find_failures(toxicity: Pipeline, coherence: Pipeline, *, toxicity_threshold: float) -> Iterator[KnownFailure]:
    """Yield the difficult comments whose score is on the wrong side of its threshold, with the score.

    The threshold of toxicity is `toxicity_threshold`, that of coherence is one half.
    """
    for comment in load_known_failures():
        if comment.score == "toxicity":
            score, threshold = float(toxicity.predict_proba([comment.text])[0, 0]), toxicity_threshold
        else:
            score, threshold = float(coherence.predict_proba([comment.text])[0, 1]), _COHERENCE_THRESHOLD
        if (score >= threshold) != comment.is_high:
            yield KnownFailure(comment.score, comment.text, round(score, 3), comment.difficulty)
