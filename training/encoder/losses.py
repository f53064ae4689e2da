"""The losses of fine-tuning: cross-entropy with soft targets, and distillation of similarities from a teacher."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.corpora.examples import Example
from training.encoder.batches import Rows

ATTRIBUTE_WEIGHT = 0.3
"""The weight of each attribute in the loss. Toxicity has the weight 1."""

TEMPERATURE = 0.05
"""Similarities are divided by this before softmax, those of the teacher and those of the student."""

_EXCLUDED = -1e4
"""Replaces a text's similarity to itself, so that its share after softmax is zero."""


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """Wanted probabilities (rows, targets), NaN where unknown, and the weight of each row (rows,)."""

    targets: Any
    weights: Any

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "SoftTargets":
        """Collect the targets and weights of the examples."""
        targets = [example.targets for example in examples]
        return cls(torch.tensor(targets), torch.tensor([example.weight for example in examples]))

    def read(self, rows: Rows) -> tuple[Any, Any]:
        """Return the targets (n, targets) and weights (n,) of a batch."""
        return self.targets[rows], self.weights[rows]


def blend_with_teacher(
    examples: Sequence[Example], soft_labels: NDArray[np.float32], *, teacher_weight: NDArray[np.float64]
) -> list[Example]:
    """Return the examples with their targets moved towards a teacher's (Hinton, Vinyals and Dean 2015).

    `soft_labels` (rows, targets) are the teacher's probabilities. `teacher_weight` (rows,) is their share in the new
    target. Where a target is unknown, the teacher's probability is the new target.
    """
    known = np.array([example.targets for example in examples])
    share = teacher_weight[:, None]
    # The blend of an unknown target is NaN as well, so `where` takes the soft label instead.
    blended = np.where(np.isnan(known), soft_labels, (1 - share) * known + share * soft_labels)
    return [replace(example, targets=tuple(map(float, row))) for example, row in zip(examples, blended, strict=True)]


def masked_bce(log_odds: Any, targets: Any, weights: Any) -> Any:
    """Return the binary cross-entropy of log-odds and soft targets (n, targets), without unknown targets (NaN).

    `weights` (n,) has a weight for each row. Toxicity has the weight 1 and each attribute ATTRIBUTE_WEIGHT.
    """
    # Unknown targets are computed as 0, and their losses are multiplied by `known`, which is 0 for them.
    known = ~torch.isnan(targets)
    losses = functional.binary_cross_entropy_with_logits(log_odds, targets.nan_to_num(0.0), reduction="none")
    target_weights = torch.full((targets.shape[1],), ATTRIBUTE_WEIGHT)
    target_weights[0] = 1.0
    return (losses * known * target_weights * weights.unsqueeze(1)).sum() / weights.sum()


def similarity_distillation_loss(student: Any, teacher: Any) -> Any:
    """Return how far the student's similarities within a batch are from the teacher's.

    Both are unit embeddings (n, width), of any width: only similarities are compared. A softmax turns each text's
    similarities to the others into a distribution, and the loss is the Kullback-Leibler divergence from the teacher's
    (Tung and Mori 2019; Fang et al. 2021).
    """
    # A text's similarity to itself is always 1 and would outweigh all others in the softmax.
    itself = torch.eye(len(student), dtype=torch.bool)
    teacher_similarities = (teacher @ teacher.T / TEMPERATURE).masked_fill(itself, _EXCLUDED)
    student_similarities = (student @ student.T / TEMPERATURE).masked_fill(itself, _EXCLUDED)
    divergence = functional.kl_div(
        functional.log_softmax(student_similarities, dim=1),
        functional.log_softmax(teacher_similarities, dim=1),
        log_target=True,
        reduction="none",
    )
    return divergence.masked_fill(itself, 0.0).sum() / len(student)
