"""A look at a tuned encoder and its teacher before anything is fitted on them: areas on rows that neither has seen.

All rows are held-out or reserved parts of training corpora, so recipes may be chosen by what it says; patterns that
nobody is taught are not among them, because a release has an aim for those. Needs the extra `training`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.toxicity.pipeline import TARGETS
from training.corpora.registry import Corpora, Row, key
from training.encoder.dataset import is_reserved
from training.encoder.finetune import CUT, judge_tone
from training.encoder.model import TwoTops
from training.encoder.teacher import NAME, Teacher, ask_about_tone
from training.evaluation.bootstrap import Row as ResultRow
from training.evaluation.bootstrap import auc_row
from training.toxicity.training_set import label

Floats = NDArray[np.float64]
Judge = Callable[[Sequence[str]], Floats]

HELD_OUT = ("wikipedia_talk", "civil_balanced", "civil_spans", "hatemoji_build", "wikipedia_context")
RESERVED = ("toxigen",)
"""Corpora without a part of their own for measuring: the fifth of them that is never taught."""

MAX_ROWS = 2_500


@dataclass(frozen=True, slots=True)
class Look:
    """Texts of one corpus and whether each is toxic, (texts,); those of one of the `groups` are nearly the same."""

    texts: Sequence[str]
    labels: NDArray[np.int_]
    groups: Sequence[str]


def probe(corpora: Corpora, folder: Path, *, seed: int) -> Iterator[ResultRow]:
    """Answer the areas of whichever of the two lies in the folder of a tuning, with intervals drawn by key."""
    sets = dict(read_sets(corpora, seed=seed))
    if (folder / "teacher.pt").exists():
        yield from _measure("teacher", _load_teacher(folder), sets, seed=seed)
    if (folder / "tuned.pt").exists():
        yield from _measure("ours", _load_ours(folder), sets, seed=seed)


def read_sets(corpora: Corpora, *, seed: int) -> Iterator[tuple[str, Look]]:
    """Answer each corpus's name and what is looked at of it."""
    parts: dict[str, list[Row]] = {name: corpora.held_out(name) for name in HELD_OUT}
    parts |= {name: [row for row in corpora.rows(name) if is_reserved(key(row))] for name in RESERVED}
    for name, rows in parts.items():
        labelled = [(row, int(labels[0])) for row in rows if (labels := label(name, row)) is not None]
        chosen = [labelled[place] for place in np.random.default_rng(seed).permutation(len(labelled))[:MAX_ROWS]]
        yield (
            name,
            Look(
                texts=[row["text"] for row, _ in chosen],
                labels=np.array([toxic for _, toxic in chosen]),
                groups=[key(row) for row, _ in chosen],
            ),
        )


def _measure(who: str, judge: Judge, sets: Mapping[str, Look], *, seed: int) -> Iterator[ResultRow]:
    for name, look in sets.items():
        yield auc_row(name, who, labels=look.labels, scores=judge(look.texts), groups=look.groups, seed=seed)


def _load_teacher(folder: Path) -> Judge:
    teacher = Teacher(folder / NAME)
    teacher.load_state_dict(torch.load(folder / "teacher.pt", weights_only=True))
    return lambda texts: ask_about_tone(teacher, texts)[:, 0].astype(np.float64)


def _load_ours(folder: Path) -> Judge:
    model = TwoTops(cut=CUT, targets=len(TARGETS))
    model.load_state_dict(torch.load(folder / "tuned.pt", weights_only=True))
    return lambda texts: judge_tone(model, texts)[:, 0]
