"""Baselines that a release is compared with on the same rows: n-grams, a public package, and other releases."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from joblib import Memory
from joblib import hash as digest_of
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from models.release import open_release
from training.corpora.keys import row_key
from training.corpora.labels import label
from training.corpora.provenance import digest_code
from training.corpora.registry import Corpora
from training.evaluation.scoring import score_texts

Floats = NDArray[np.float64]

NGRAMS = "n-grams"
PROFANITY_CHECK = "alt-profanity-check"
PERSPECTIVE = "Perspective, recorded"
_SOURCES = ("wikipedia_talk", "civil_balanced", "civil_spans", "hatemoji_build")
"""What the n-grams are trained on. It stays the same for all releases, so that their comparisons can be compared."""

_C = 3.0
"""The inverse of the regularisation strength."""

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Baseline:
    """A name, and a function from texts to toxicity, (texts,), on any scale that orders them."""

    name: str
    score: Callable[[Sequence[str]], Floats]


def load_baselines(
    corpora: Corpora, *, others: Sequence[Path], memory: Memory, max_rows: int | None, jobs: int
) -> Iterator[Baseline]:
    """Yield the n-grams, the public package if it is installed, and the releases in the folders `others`.

    `max_rows` bounds the rows that the n-grams are trained on. Raises ReleaseRefused for a release that does not open.
    """
    yield fit_ngrams(corpora, memory=memory, max_rows=max_rows)
    if find_spec("profanity_check"):
        score, installed = memory.cache(_score_with_profanity_check), version(PROFANITY_CHECK)
        yield Baseline(PROFANITY_CHECK, lambda texts: score(installed, list(texts)))
    for folder in others:
        yield _load_release(folder, memory, jobs=jobs)


def fit_ngrams(corpora: Corpora, *, memory: Memory, max_rows: int | None = None) -> Baseline:
    """Fit a logistic regression on TF-IDF of words 1-2 and characters 2-5: a minute, once for each `memory`."""
    texts, labels = read_ngram_training_rows(corpora)
    if max_rows:
        # Every n-th text. They are sorted by a hash, so this is a random sample that stays the same.
        step = max(1, len(texts) // max_rows)
        texts, labels = texts[::step], labels[::step]
    code = digest_code(__file__)
    pipeline = memory.cache(_fit_ngrams)(texts, labels, code)
    name = f"{NGRAMS}, of {len(texts)} rows" if max_rows else NGRAMS
    identity = (digest_of((texts, labels)), code)
    score = memory.cache(_score_ngrams, ignore=["pipeline"])
    return Baseline(name, lambda texts: score(identity, list(texts), pipeline))


def read_ngram_training_rows(corpora: Corpora) -> tuple[list[str], list[int]]:
    """Return the texts and labels that the n-grams are trained on, each text once."""
    labelled: dict[str, tuple[str, int]] = {}
    for source in _SOURCES:
        for row in corpora.train_rows(source):
            if labels := label(source, row):
                # The first source decides about a text that is in several.
                labelled.setdefault(row_key(row), (row["text"], int(labels[0])))
    ordered = [labelled[name] for name in sorted(labelled)]
    return [text for text, _ in ordered], [toxic for _, toxic in ordered]


# The first arguments of the cached functions below, `_code`, `_identity` and `_version`, are part of the cache's key
# and nothing else: what was cached by other code, or for another model, is not found again.


def _fit_ngrams(texts: list[str], labels: list[int], _code: str) -> Pipeline:
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32)),
            (
                "characters",
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, sublinear_tf=True, dtype=np.float32),
            ),
        ]
    )
    head = LogisticRegression(C=_C, max_iter=300)
    return Pipeline([("features", features), ("head", head)]).fit(texts, labels)


def _score_ngrams(_identity: tuple[str, str], texts: list[str], pipeline: Pipeline) -> Floats:
    parts = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    return np.concatenate([pipeline.decision_function(part) for part in parts])


def _score_with_profanity_check(_version: str, texts: list[str]) -> Floats:
    import profanity_check  # an optional package that loads its model when it is imported

    return np.asarray(profanity_check.predict_prob(texts), dtype=np.float64)


def _load_release(folder: Path, memory: Memory, *, jobs: int) -> Baseline:
    other = open_release(folder)
    score = memory.cache(_score_with_release, ignore=["pipeline", "jobs"])
    identity = (other.card.digest, digest_code(__file__))
    return Baseline(f"release {other.version}", lambda texts: score(identity, list(texts), other.toxicity, jobs))


def _score_with_release(_identity: tuple[str, str], texts: list[str], pipeline: Pipeline, jobs: int) -> Floats:
    return score_texts(pipeline, texts, jobs=jobs)[:, 0]
