"""The sets on which toxicity is measured: their rows, labels and groups; none of them teaches a release anything."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.comment import ATTRIBUTES
from training.augmentation.generate import generate_untaught
from training.corpora.registry import Corpora, Row, copy_key, dedup_key
from training.toxicity.training_set import TAUGHT, label

_SEED = 7
"""Our sentences are the same in every evaluation."""

_HOSTILE = 2.0
"""The mean toxicity level, on a scale of 1 to 4, from which c3's raters call a comment toxic."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Texts with labels, shape (rows, targets), NaN where unknown.

    Rows of one of the `groups` belong together, `slices` are kinds of rows to show apart, `copies` rows were left
    out because a release learns from the same text with the same emoji. `natural`: at the rate of a real site.
    `floor` is the area that n-grams are known to reach. `recorded` are Perspective's scores where somebody wrote them
    down, shape (rows,).
    """

    name: str
    texts: Sequence[str]
    labels: NDArray[np.float64]
    groups: Sequence[str]
    slices: Sequence[str]
    copies: int
    natural: bool
    floor: float | None
    recorded: NDArray[np.float64] | None = None


@dataclass(frozen=True, kw_only=True)
class _Set:
    name: str
    source: str
    labels: Callable[[Row], Sequence[float] | None]
    held_out: bool = False
    group: str = "text"
    slices: str = ""
    natural: bool = False
    only: Callable[[Row], bool] = lambda _: True
    floor: float | None = None


def _as_taught(source: str) -> Callable[[Row], Sequence[float] | None]:
    return lambda row: label(source, row)


def _toxic_only(row: Row) -> Sequence[float]:
    return (float(row["toxic"]), *[float("nan")] * len(ATTRIBUTES))


def _hostile(row: Row) -> Sequence[float]:
    return (float(float(row["toxicity_level"]) >= _HOSTILE), *[float("nan")] * len(ATTRIBUTES))


_SETS = (
    _Set(
        name="wikipedia_talk (held out)",
        source="wikipedia_talk",
        labels=_as_taught("wikipedia_talk"),
        held_out=True,
        floor=0.977,
    ),
    _Set(
        name="wikipedia_talk (held out, natural rate)",
        source="wikipedia_talk",
        labels=_as_taught("wikipedia_talk"),
        held_out=True,
        natural=True,
        only=lambda row: row["natural_rate_block"] == "1",
    ),
    _Set(
        name="civil_balanced (held out)",
        source="civil_balanced",
        labels=_toxic_only,
        held_out=True,
        floor=0.912,
    ),
    _Set(name="civil_spans (held out)", source="civil_spans", labels=_as_taught("civil_spans"), held_out=True),
    _Set(name="hatemoji_build (held out)", source="hatemoji_build", labels=_toxic_only, held_out=True),
    _Set(
        name="wikipedia_context (held out)",
        source="wikipedia_context",
        labels=_toxic_only,
        held_out=True,
        natural=True,
    ),
    _Set(name="ucc", source="ucc", labels=_toxic_only, natural=True, floor=0.743),
    _Set(name="c3", source="c3", labels=_hostile, group="article_id", natural=True, floor=0.725),
    _Set(name="hatemoji_check", source="hatemoji_check", labels=_toxic_only, slices="functionality", floor=0.635),
    _Set(
        name="bias_madlibs",
        source="bias_madlibs",
        labels=_toxic_only,
        group="identity_term",
        slices="identity_term",
        floor=0.937,
    ),
)


UNTAUGHT = "implicit hate of ours (patterns never taught)"


def read_benchmarks(corpora: Corpora) -> Iterator[Benchmark]:
    """Read every set, without rows whose text a release learns from, and then our own implicit hate."""
    learned = {copy_key(row["text"]) for source in TAUGHT for row in corpora.lessons(source)}
    yield from (_read(corpora, spec, learned) for spec in _SETS)
    yield _write_untaught(most=corpora.most)


def _write_untaught(*, most: int | None) -> Benchmark:
    """Contempt without swearing and its harmless twins, whose patterns are drawn together and taught to nobody."""
    examples = sorted(generate_untaught(seed=_SEED), key=lambda example: dedup_key(example.text))[:most]
    return Benchmark(
        name=UNTAUGHT,
        texts=[example.text for example in examples],
        labels=np.array([example.targets for example in examples], dtype=np.float64),
        groups=[example.key for example in examples],
        slices=[""] * len(examples),
        copies=0,
        natural=False,
        floor=None,
    )


def _read(corpora: Corpora, spec: _Set, learned: set[str]) -> Benchmark:
    source = corpora.held_out(spec.source) if spec.held_out else corpora.rows(spec.source)
    rows = [row for row in source if spec.only(row)]
    fresh = [row for row in rows if copy_key(row["text"]) not in learned]
    labelled = [(row, labels) for row in fresh if (labels := spec.labels(row)) is not None]
    return Benchmark(
        name=spec.name,
        texts=[row["text"] for row, _ in labelled],
        labels=np.array([labels for _, labels in labelled], dtype=np.float64),
        groups=[row[spec.group] for row, _ in labelled],
        slices=[row.get(spec.slices, "") for row, _ in labelled],
        copies=len(rows) - len(fresh),
        natural=spec.natural,
        floor=spec.floor,
        recorded=_recorded([row for row, _ in labelled]),
    )


def _recorded(rows: Sequence[Row]) -> NDArray[np.float64] | None:
    known = [row["perspective_score"] for row in rows if row.get("perspective_score")]
    return np.array(known, dtype=np.float64) if known and len(known) == len(rows) else None
