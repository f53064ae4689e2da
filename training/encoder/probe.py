"""Measure a fine-tuned encoder and its teacher, before a release is fitted on them.

The rows are held-out parts of the training corpora, so a recipe may be chosen by the results. The held-out templates
are not used here, because they decide whether a release reaches its target. Needs the extra `training`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.toxicity.pipeline import TARGETS
from training.corpora.examples import in_held_out_fold
from training.corpora.keys import Row, row_key
from training.corpora.labels import label
from training.corpora.licensed_corpora import Corpora
from training.encoder import teacher
from training.encoder.finetune import SHARED_LAYERS, WEIGHTS_FILE, predict_toxicity
from training.encoder.model import TwoBranchEncoder
from training.encoder.teacher import Teacher, predict_soft_labels
from training.statistics.bootstrap import Measurement, auc_row

Floats = NDArray[np.float64]
Predict = Callable[[Sequence[str]], Floats]
"""Returns the toxicity of each text, (texts,)."""

CORPORA_WITH_SPLIT = ("wikipedia_talk", "civil_balanced", "civil_spans", "hatemoji_build", "wikipedia_context")
"""Corpora with a held-out split."""

CORPORA_WITHOUT_SPLIT = ("toxigen",)
"""Corpora without one. Their rows in the fold that fine-tuning leaves out are used instead."""

MAX_ROWS = 2_500
"""Rows of each corpus that are scored at most."""


@dataclass(frozen=True, slots=True)
class ProbeSet:
    """Texts of one corpus, and whether each is toxic.

    All three have the shape (texts,). Texts with the same entry in `groups` are near-duplicates.
    """

    texts: Sequence[str]
    labels: NDArray[np.int_]
    groups: Sequence[str]


def probe(corpora: Corpora, folder: Path, *, seed: int) -> Iterator[Measurement]:
    """Yield the AUC of the teacher and of the encoder on each corpus, if `folder` has them.

    Fine-tuning wrote `folder`. The bootstrap intervals resample texts with the same key together.
    """
    sets = dict(read_probe_sets(corpora, seed=seed))
    if (folder / teacher.WEIGHTS_FILE).exists():
        yield from _measure("teacher", _load_teacher(folder), sets, seed=seed)
    if (folder / WEIGHTS_FILE).exists():
        yield from _measure("encoder", _load_encoder(folder), sets, seed=seed)


def read_probe_sets(corpora: Corpora, *, seed: int) -> Iterator[tuple[str, ProbeSet]]:
    """Yield each corpus's name and a sample of its rows that the encoder was not fine-tuned on."""
    unused: dict[str, list[Row]] = {name: corpora.held_out(name) for name in CORPORA_WITH_SPLIT}
    unused |= {
        name: [row for row in corpora.rows(name) if in_held_out_fold(row_key(row))] for name in CORPORA_WITHOUT_SPLIT
    }
    for name, rows in unused.items():
        rows_and_labels = [(row, label(name, row)) for row in rows]
        # Without the rows whose raters disagree. The first label is toxicity.
        labelled = [(row, int(labels[0])) for row, labels in rows_and_labels if labels is not None]
        order = np.random.default_rng(seed).permutation(len(labelled))
        sample = [labelled[index] for index in order[:MAX_ROWS]]
        texts, groups = [row["text"] for row, _ in sample], [row_key(row) for row, _ in sample]
        yield name, ProbeSet(texts=texts, labels=np.array([toxic for _, toxic in sample]), groups=groups)


def _measure(name: str, predict: Predict, sets: Mapping[str, ProbeSet], *, seed: int) -> Iterator[Measurement]:
    for corpus, rows in sets.items():
        yield auc_row(corpus, name, labels=rows.labels, scores=predict(rows.texts), groups=rows.groups, seed=seed)


def _load_teacher(folder: Path) -> Predict:
    model = Teacher(folder / teacher.NAME)
    model.load_state_dict(torch.load(folder / teacher.WEIGHTS_FILE, weights_only=True))
    # Column 0 is toxicity.
    return lambda texts: predict_soft_labels(model, texts)[:, 0].astype(np.float64)


def _load_encoder(folder: Path) -> Predict:
    model = TwoBranchEncoder(shared_layers=SHARED_LAYERS, targets=len(TARGETS))
    model.load_state_dict(torch.load(folder / WEIGHTS_FILE, weights_only=True))
    # Column 0 is toxicity.
    return lambda texts: predict_toxicity(model, texts)[:, 0]
