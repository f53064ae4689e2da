"""Baselines that a release is compared with on the same rows: n-grams, a public package, and other releases.

Training and scoring take minutes, so `joblib.Memory` stores both on disk. A cached function here has a first argument
that it does not use, such as `_code`. It is only part of the cache's key: the function runs again for other code or
for another model.
"""

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
from training.corpora.licensed_corpora import Corpora
from training.corpora.provenance import digest_code
from training.evaluation.scoring import score_texts

Floats = NDArray[np.float64]

NGRAMS = "n-grams"
PROFANITY_CHECK = "alt-profanity-check"
PERSPECTIVE = "Perspective, recorded"
"""The name of a baseline that `toxicity_metrics` adds: scores of Perspective that a corpus has recorded."""

_SOURCES = ("wikipedia_talk", "civil_balanced", "civil_spans", "hatemoji_build")
"""The corpora that the n-grams are trained on. They never change, so that every release meets the same baseline."""

_C = 3.0
"""The inverse of the regularisation strength."""

_TEXTS_PER_CALL = 2_000
"""The n-grams score so many texts at once. All texts in one call would need much memory."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A named model. `score` takes texts and returns their toxicity, shape (texts,).

    Any scale will do, such as log-odds, because comparisons use only the order of the texts.
    """

    name: str
    score: Callable[[Sequence[str]], Floats]


def load_baselines(
    corpora: Corpora, *, releases: Sequence[Path], memory: Memory, sample_size: int | None, jobs: int
) -> Iterator[Baseline]:
    """Yield the n-grams, the public package if it is installed, and the fitted models in the folders `releases`.

    `sample_size` is as in `fit_ngrams`. Raises ReleaseRefused for a release that does not open.
    """
    yield fit_ngrams(corpora, memory=memory, sample_size=sample_size)
    if find_spec("profanity_check"):
        yield _load_profanity_check(memory)
    for folder in releases:
        yield _load_release(folder, memory, jobs=jobs)


def fit_ngrams(corpora: Corpora, *, memory: Memory, sample_size: int | None = None) -> Baseline:
    """Fit a logistic regression on TF-IDF of 1-2 words and 2-5 characters. This takes a minute without a cache.

    `sample_size` is rough: the sample has at least so many training rows, and fewer than twice as many. None trains
    on all rows.
    """
    texts, labels = read_ngram_training_rows(corpora)
    if sample_size:
        # Every n-th text. They are sorted by a hash, so this is a random sample that stays the same.
        step = max(1, len(texts) // sample_size)
        texts, labels = texts[::step], labels[::step]
    # The code of `models` and of this module: together they decide how a text is read.
    code = digest_code(__file__)
    pipeline = memory.cache(_fit_ngrams)(texts, labels, code)
    name = f"{NGRAMS}, of {len(texts)} rows" if sample_size else NGRAMS
    cache_key = (digest_of((texts, labels)), code)
    # The key identifies the pipeline already, and to hash the pipeline itself would be slow.
    score = memory.cache(_score_ngrams, ignore=["pipeline"])
    return Baseline(name, lambda texts: score(cache_key, list(texts), pipeline))


def read_ngram_training_rows(corpora: Corpora) -> tuple[list[str], list[int]]:
    """Return the texts and labels that the n-grams are trained on, each text once."""
    labelled: dict[str, tuple[str, int]] = {}
    for source in _SOURCES:
        for row in corpora.train_rows(source):
            if labels := label(source, row):
                is_toxic = int(labels[0])  # the labels after it are those of attributes, such as insult
                # The first source decides about a text that is in several.
                labelled.setdefault(row_key(row), (row["text"], is_toxic))
    ordered = [labelled[key] for key in sorted(labelled)]
    return [text for text, _ in ordered], [is_toxic for _, is_toxic in ordered]


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


def _score_ngrams(_cache_key: tuple[str, str], texts: list[str], pipeline: Pipeline) -> Floats:
    chunks = [texts[start : start + _TEXTS_PER_CALL] for start in range(0, len(texts), _TEXTS_PER_CALL)]
    return np.concatenate([pipeline.decision_function(chunk) for chunk in chunks])


def _load_profanity_check(memory: Memory) -> Baseline:
    score = memory.cache(_score_with_profanity_check)
    package_version = version(PROFANITY_CHECK)
    return Baseline(PROFANITY_CHECK, lambda texts: score(package_version, list(texts)))


def _score_with_profanity_check(_package_version: str, texts: list[str]) -> Floats:
    import profanity_check  # an optional package that loads its model when it is imported

    return np.asarray(profanity_check.predict_prob(texts), dtype=np.float64)


def _load_release(folder: Path, memory: Memory, *, jobs: int) -> Baseline:
    release = open_release(folder)
    score = memory.cache(_score_with_release, ignore=["pipeline", "jobs"])
    cache_key = (release.card.digest, digest_code(__file__))
    return Baseline(f"release {release.version}", lambda texts: score(cache_key, list(texts), release.toxicity, jobs))


def _score_with_release(_cache_key: tuple[str, str], texts: list[str], pipeline: Pipeline, jobs: int) -> Floats:
    # Column 0 is toxicity, the others are its attributes.
    return score_texts(pipeline, texts, jobs=jobs)[:, 0]
