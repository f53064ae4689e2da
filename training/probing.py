"""A look at a tuned encoder and its teacher before anything is fitted on them: areas on rows that neither has seen.

All rows are held-out or reserved parts of training corpora, so recipes may be chosen by what it says. Needs the extra
`training`.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.toxicity import TARGETS
from training.augmentation import generate_untaught
from training.corpora import Corpora, Row, key
from training.intervals import Row as ResultRow
from training.intervals import auc_row
from training.lessons import label
from training.mixture import is_reserved
from training.teacher import NAME, Teacher, ask_about_tone
from training.tuning import CUT, judge_tone
from training.two_tops import TwoTops

Floats = NDArray[np.float64]
Judge = Callable[[Sequence[str]], Floats]

HELD_OUT = ("wikipedia_talk", "civil_balanced", "civil_spans", "hatemoji_build", "wikipedia_context")
RESERVED = ("toxigen",)
"""Corpora without a part of their own for measuring: the fifth of them that is never taught."""

MOST = 2_500


def probe(corpora: Corpora, folder: Path, *, seed: int) -> Iterator[ResultRow]:
    """Answer the areas of whichever of the two lies in the folder of a tuning, with intervals drawn by row."""
    sets = dict(read_sets(corpora, seed=seed))
    if (folder / "teacher.pt").exists():
        yield from _measure("teacher", _load_teacher(folder), sets, seed=seed)
    if (folder / "tuned.pt").exists():
        yield from _measure("ours", _load_ours(folder), sets, seed=seed)


def read_sets(corpora: Corpora, *, seed: int) -> Iterator[tuple[str, tuple[list[str], NDArray[np.int_]]]]:
    """Answer the name of each set, its texts and whether each is toxic."""
    parts: dict[str, list[Row]] = {name: corpora.held_out(name) for name in HELD_OUT}
    parts |= {name: [row for row in corpora.rows(name) if is_reserved(key(row))] for name in RESERVED}
    for name, rows in parts.items():
        labelled = [(row["text"], labels[0]) for row in rows if (labels := label(name, row)) is not None]
        chosen = np.random.default_rng(seed).permutation(len(labelled))[:MOST]
        yield name, ([labelled[place][0] for place in chosen], np.array([int(labelled[place][1]) for place in chosen]))
    untaught = generate_untaught(seed=seed)
    yield "ours, untaught", ([made.text for made in untaught], np.array([int(made.targets[0]) for made in untaught]))


def _measure(who: str, judge: Judge, sets: Any, *, seed: int) -> Iterator[ResultRow]:
    for name, (texts, labels) in sets.items():
        groups = [str(place) for place in range(len(texts))]
        yield auc_row(name, who, labels=labels, scores=judge(texts), groups=groups, seed=seed)


def _load_teacher(folder: Path) -> Judge:
    teacher = Teacher(folder / NAME)
    teacher.load_state_dict(torch.load(folder / "teacher.pt", weights_only=True))
    return lambda texts: ask_about_tone(teacher, texts)[:, 0].astype(np.float64)


def _load_ours(folder: Path) -> Judge:
    model = TwoTops(cut=CUT, targets=len(TARGETS))
    model.load_state_dict(torch.load(folder / "tuned.pt", weights_only=True))
    return lambda texts: judge_tone(model, texts)[:, 0]
