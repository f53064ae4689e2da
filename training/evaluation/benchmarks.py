"""The benchmarks of toxicity, also called sets: rows with labels and groups. No release is trained on any of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.comment import ATTRIBUTES
from training.augmentation.generate import generate_held_out
from training.corpora.keys import Row, dedup_key, dedup_key_with_emoji
from training.corpora.labels import label
from training.corpora.licensed_corpora import Corpora
from training.toxicity.training_set import TRAINING_SOURCES

Floats = NDArray[np.float64]

_SEED = 7
"""The seed of the generated examples, so that they are the same in every evaluation."""

_MIN_HOSTILE_LEVEL = 2.0
"""A comment of c3 counts as toxic from this mean of its raters' levels on. Levels are 1 to 4."""

_UNKNOWN_ATTRIBUTES = (float("nan"),) * len(ATTRIBUTES)

IMPLICIT_HATE = "implicit hate, hand-written (held-out patterns)"
"""The name of the generated benchmark. `report.targets` has a target for it."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Texts with labels of shape (rows, targets): toxicity, then its attributes. An unknown label is NaN.

    Rows with the same value in `groups` are resampled together. `slices` names each row's kind, such as the group that
    a row is about; results are shown for each kind. `duplicates` is the number of rows that were left out, because a
    release trains on the same text with the same emoji. `natural` means that toxic rows are as frequent as on a real
    site. `baseline_auc` is the AUC of earlier n-grams. `perspective_scores` are the scores of Perspective that the
    corpus has recorded, shape (rows,).
    """

    name: str
    texts: Sequence[str]
    labels: Floats
    groups: Sequence[str]
    slices: Sequence[str]
    duplicates: int
    natural: bool
    baseline_auc: float | None
    perspective_scores: Floats | None = None

    @property
    def is_toxic(self) -> Floats:
        """The labels of toxicity alone, (rows,)."""
        toxic: Floats = self.labels[:, 0]
        return toxic


ScoredBenchmark = tuple[Benchmark, Floats]
"""A benchmark, and the toxicity that a release predicts for its rows, shape (rows,)."""


@dataclass(frozen=True, kw_only=True)
class _BenchmarkSpec:
    """How a benchmark is read from the corpus `source`.

    `labels` returns a row's labels, or None to leave the row out. `held_out` reads only the corpus's held-out split.
    `group` and `slices` name columns. `only` selects rows.
    """

    name: str
    source: str
    labels: Callable[[Row], Sequence[float] | None]
    held_out: bool = False
    group: str = "text"
    slices: str = ""
    natural: bool = False
    only: Callable[[Row], bool] = lambda _: True
    baseline_auc: float | None = None


def _training_labels(source: str) -> Callable[[Row], Sequence[float] | None]:
    return lambda row: label(source, row)


def _toxicity_label(row: Row) -> Sequence[float]:
    return (float(row["toxic"]), *_UNKNOWN_ATTRIBUTES)


def _c3_label(row: Row) -> Sequence[float]:
    return (float(float(row["toxicity_level"]) >= _MIN_HOSTILE_LEVEL), *_UNKNOWN_ATTRIBUTES)


_BENCHMARK_SPECS = (
    _BenchmarkSpec(
        name="wikipedia_talk (held out)",
        source="wikipedia_talk",
        labels=_training_labels("wikipedia_talk"),
        held_out=True,
        baseline_auc=0.977,
    ),
    _BenchmarkSpec(
        name="wikipedia_talk (held out, natural rate)",
        source="wikipedia_talk",
        labels=_training_labels("wikipedia_talk"),
        held_out=True,
        natural=True,
        # The corpus marks the rows in which toxic ones are as frequent as on the site.
        only=lambda row: row["natural_rate_block"] == "1",
    ),
    _BenchmarkSpec(
        name="civil_balanced (held out)",
        source="civil_balanced",
        labels=_toxicity_label,
        held_out=True,
        baseline_auc=0.912,
    ),
    _BenchmarkSpec(
        name="civil_spans (held out)", source="civil_spans", labels=_training_labels("civil_spans"), held_out=True
    ),
    _BenchmarkSpec(name="hatemoji_build (held out)", source="hatemoji_build", labels=_toxicity_label, held_out=True),
    _BenchmarkSpec(
        name="wikipedia_context (held out)",
        source="wikipedia_context",
        labels=_toxicity_label,
        held_out=True,
        natural=True,
    ),
    _BenchmarkSpec(name="ucc", source="ucc", labels=_toxicity_label, natural=True, baseline_auc=0.743),
    _BenchmarkSpec(name="c3", source="c3", labels=_c3_label, group="article_id", natural=True, baseline_auc=0.725),
    _BenchmarkSpec(
        name="hatemoji_check",
        source="hatemoji_check",
        labels=_toxicity_label,
        slices="functionality",
        baseline_auc=0.635,
    ),
    _BenchmarkSpec(
        name="bias_madlibs",
        source="bias_madlibs",
        labels=_toxicity_label,
        group="identity_term",
        slices="identity_term",
        baseline_auc=0.937,
    ),
)


def read_benchmarks(corpora: Corpora) -> Iterator[Benchmark]:
    """Yield every benchmark, without the rows whose text a release trains on. The generated one comes last."""
    trained_on = {
        dedup_key_with_emoji(row["text"]) for source in TRAINING_SOURCES for row in corpora.train_rows(source)
    }
    yield from (_read(corpora, spec, trained_on) for spec in _BENCHMARK_SPECS)
    yield _generate_held_out(max_rows=corpora.max_rows)


def _generate_held_out(*, max_rows: int | None) -> Benchmark:
    """Generate implicit hate with benign counterparts, from templates held out of training.

    Examples from one template are resampled together.
    """
    # Sorted by a hash, so that the first `max_rows` are a random sample that stays the same.
    examples = sorted(generate_held_out(seed=_SEED), key=lambda example: dedup_key(example.text))[:max_rows]
    return Benchmark(
        name=IMPLICIT_HATE,
        texts=[example.text for example in examples],
        labels=np.array([example.targets for example in examples], dtype=np.float64),
        groups=[example.key for example in examples],
        slices=[""] * len(examples),
        duplicates=0,
        natural=False,
        baseline_auc=None,
    )


def _read(corpora: Corpora, spec: _BenchmarkSpec, trained_on: set[str]) -> Benchmark:
    corpus_rows = corpora.held_out(spec.source) if spec.held_out else corpora.rows(spec.source)
    rows = [row for row in corpus_rows if spec.only(row)]
    unseen = [row for row in rows if dedup_key_with_emoji(row["text"]) not in trained_on]
    labelled = [(row, labels) for row in unseen if (labels := spec.labels(row)) is not None]
    return Benchmark(
        name=spec.name,
        texts=[row["text"] for row, _ in labelled],
        labels=np.array([labels for _, labels in labelled], dtype=np.float64),
        groups=[row[spec.group] for row, _ in labelled],
        slices=[row.get(spec.slices, "") for row, _ in labelled],
        duplicates=len(rows) - len(unseen),
        natural=spec.natural,
        baseline_auc=spec.baseline_auc,
        perspective_scores=_perspective_scores([row for row, _ in labelled]),
    )


def _perspective_scores(rows: Sequence[Row]) -> Floats | None:
    # Only if every row has one: a comparison needs both scores of the same rows.
    scores = [row["perspective_score"] for row in rows if row.get("perspective_score")]
    return np.array(scores, dtype=np.float64) if scores and len(scores) == len(rows) else None
