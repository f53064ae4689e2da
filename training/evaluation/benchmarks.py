"""The sets that toxicity is measured on: rows, labels and groups. No release is trained on any of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.comment import ATTRIBUTES
from training.augmentation.generate import generate_held_out
from training.corpora.keys import Row, dedup_key, dedup_key_with_emoji
from training.corpora.labels import label
from training.corpora.registry import Corpora
from training.toxicity.training_set import TRAINING_SOURCES

Floats = NDArray[np.float64]

_SEED = 7
"""The seed of the generated examples, so that they are the same in every evaluation."""

_HOSTILE = 2.0
"""The mean toxicity level, on a scale of 1 to 4, from which on c3's raters count as calling a comment toxic."""

IMPLICIT_HATE = "implicit hate, hand-written (held-out patterns)"


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Texts with labels, shape (rows, targets), NaN where a label is unknown.

    Rows of the same of the `groups` are resampled together. `slices` are kinds of rows with results of their own, such
    as the group that a row names. `duplicates` rows were left out because a release trains on the same text with the
    same emoji. `natural` means that toxic rows are as frequent as on a real site. `baseline_auc` is what n-grams are
    known to reach. `perspective_scores` are Perspective's recorded scores, (rows,), if the corpus has them.
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
"""A set, and the toxicity of each of its rows, (rows,)."""


@dataclass(frozen=True, kw_only=True)
class _Set:
    """How a benchmark is read from a corpus: `group` and `slices` name columns."""

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


# A set without labels for the attributes has NaN in their columns.
def _toxic_only(row: Row) -> Sequence[float]:
    return (float(row["toxic"]), *[float("nan")] * len(ATTRIBUTES))


def _hostile(row: Row) -> Sequence[float]:
    return (float(float(row["toxicity_level"]) >= _HOSTILE), *[float("nan")] * len(ATTRIBUTES))


_SETS = (
    _Set(
        name="wikipedia_talk (held out)",
        source="wikipedia_talk",
        labels=_training_labels("wikipedia_talk"),
        held_out=True,
        baseline_auc=0.977,
    ),
    _Set(
        name="wikipedia_talk (held out, natural rate)",
        source="wikipedia_talk",
        labels=_training_labels("wikipedia_talk"),
        held_out=True,
        natural=True,
        only=lambda row: row["natural_rate_block"] == "1",
    ),
    _Set(
        name="civil_balanced (held out)",
        source="civil_balanced",
        labels=_toxic_only,
        held_out=True,
        baseline_auc=0.912,
    ),
    _Set(name="civil_spans (held out)", source="civil_spans", labels=_training_labels("civil_spans"), held_out=True),
    _Set(name="hatemoji_build (held out)", source="hatemoji_build", labels=_toxic_only, held_out=True),
    _Set(
        name="wikipedia_context (held out)",
        source="wikipedia_context",
        labels=_toxic_only,
        held_out=True,
        natural=True,
    ),
    _Set(name="ucc", source="ucc", labels=_toxic_only, natural=True, baseline_auc=0.743),
    _Set(name="c3", source="c3", labels=_hostile, group="article_id", natural=True, baseline_auc=0.725),
    _Set(
        name="hatemoji_check", source="hatemoji_check", labels=_toxic_only, slices="functionality", baseline_auc=0.635
    ),
    _Set(
        name="bias_madlibs",
        source="bias_madlibs",
        labels=_toxic_only,
        group="identity_term",
        slices="identity_term",
        baseline_auc=0.937,
    ),
)


def read_benchmarks(corpora: Corpora) -> Iterator[Benchmark]:
    """Yield every set, without rows whose text a release trains on, and then the generated implicit hate."""
    trained_on = {
        dedup_key_with_emoji(row["text"]) for source in TRAINING_SOURCES for row in corpora.train_rows(source)
    }
    yield from (_read(corpora, spec, trained_on) for spec in _SETS)
    yield _generate_held_out(max_rows=corpora.max_rows)


def _generate_held_out(*, max_rows: int | None) -> Benchmark:
    """Generate implicit hate with benign counterparts, from templates held out of training.

    Examples from one template are resampled together.
    """
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


def _read(corpora: Corpora, spec: _Set, trained_on: set[str]) -> Benchmark:
    source = corpora.held_out(spec.source) if spec.held_out else corpora.rows(spec.source)
    rows = [row for row in source if spec.only(row)]
    fresh = [row for row in rows if dedup_key_with_emoji(row["text"]) not in trained_on]
    labelled = [(row, labels) for row in fresh if (labels := spec.labels(row)) is not None]
    return Benchmark(
        name=spec.name,
        texts=[row["text"] for row, _ in labelled],
        labels=np.array([labels for _, labels in labelled], dtype=np.float64),
        groups=[row[spec.group] for row, _ in labelled],
        slices=[row.get(spec.slices, "") for row, _ in labelled],
        duplicates=len(rows) - len(fresh),
        natural=spec.natural,
        baseline_auc=spec.baseline_auc,
        perspective_scores=_perspective_scores([row for row, _ in labelled]),
    )


def _perspective_scores(rows: Sequence[Row]) -> Floats | None:
    # Only if every row has one: a comparison needs both scores of the same rows.
    scores = [row["perspective_score"] for row in rows if row.get("perspective_score")]
    return np.array(scores, dtype=np.float64) if scores and len(scores) == len(rows) else None
