"""What a release is compared with on the same rows: n-grams, a public package, another release; it compares nothing."""

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
from training.corpora.provenance import digest_code
from training.corpora.registry import Corpora, key
from training.evaluation.scoring import score_texts
from training.toxicity.training_set import label

Floats = NDArray[np.float64]

NGRAMS = "n-grams"
PROFANITY_CHECK = "alt-profanity-check"
PERSPECTIVE = "Perspective, recorded"
_TAUGHT = ("wikipedia_talk", "civil_balanced", "civil_spans", "hatemoji_build")
"""What the n-grams of the first measurements learned from; the same, so that their figures can be checked."""

_STRENGTH = 3.0
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Peer:
    """A name, and what answers the toxicity of texts, shape (texts,), of any scale that orders them."""

    name: str
    score: Callable[[Sequence[str]], Floats]


def gather_peers(
    corpora: Corpora, *, others: Sequence[Path], memory: Memory, lessons: int | None, jobs: int
) -> Iterator[Peer]:
    """Answer every peer that runs here: n-grams always, the package where it is installed, the releases named.

    `lessons` bounds the rows that the n-grams learn from. Raises ReleaseRefused for a release that does not open.
    """
    yield fit_ngrams(corpora, memory=memory, most=lessons)
    if find_spec("profanity_check"):
        check, installed = memory.cache(_check_profanity), version(PROFANITY_CHECK)
        yield Peer(PROFANITY_CHECK, lambda asked: check(installed, list(asked)))
    for folder in others:
        yield _open_other(folder, memory, jobs=jobs)


def fit_ngrams(corpora: Corpora, *, memory: Memory, most: int | None = None) -> Peer:
    """Fit TF-IDF of words 1-2 and characters 2-5 with a logistic regression: a minute, once for each `memory`."""
    texts, labels = read_taught(corpora)
    if most:
        step = max(1, len(texts) // most)
        texts, labels = texts[::step], labels[::step]
    code = digest_code(__file__)
    pipeline = memory.cache(_fit_ngrams)(texts, labels, code)
    name = f"{NGRAMS}, of {len(texts)} rows" if most else NGRAMS
    identity = (digest_of((texts, labels)), code)
    score = memory.cache(_score_ngrams, ignore=["pipeline"])
    return Peer(name, lambda asked: score(identity, list(asked), pipeline))


def read_taught(corpora: Corpora) -> tuple[list[str], list[int]]:
    """Answer the texts and labels that the n-grams learn: rows that a release may learn from, each once."""
    known: dict[str, tuple[str, int]] = {}
    for source in _TAUGHT:
        for row in corpora.lessons(source):
            if labels := label(source, row):
                known.setdefault(key(row), (row["text"], int(labels[0])))
    ordered = [known[name] for name in sorted(known)]
    return [text for text, _ in ordered], [toxic for _, toxic in ordered]


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
    head = LogisticRegression(C=_STRENGTH, max_iter=300)
    return Pipeline([("features", features), ("head", head)]).fit(texts, labels)


def _score_ngrams(_identity: tuple[str, str], texts: list[str], pipeline: Pipeline) -> Floats:
    parts = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    return np.concatenate([pipeline.decision_function(part) for part in parts])


def _check_profanity(_version: str, texts: list[str]) -> Floats:
    import profanity_check  # noqa: PLC0415 - an optional peer; it loads its model when it is imported

    return np.asarray(profanity_check.predict_prob(texts), dtype=np.float64)


def _open_other(folder: Path, memory: Memory, *, jobs: int) -> Peer:
    other = open_release(folder)
    score = memory.cache(_score_other, ignore=["pipeline", "jobs"])
    identity = (other.card.digest, digest_code(__file__))
    return Peer(f"release {other.version}", lambda asked: score(identity, list(asked), other.toxicity, jobs))


def _score_other(_identity: tuple[str, str], texts: list[str], pipeline: Pipeline, jobs: int) -> Floats:
    return score_texts(pipeline, texts, jobs=jobs)[:, 0]
