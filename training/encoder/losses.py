"""What a fine-tuning aims at: soft targets of which some are unknown, weighed row by row; it tunes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.encoder.batches import Rows
from training.encoder.dataset import Example

ATTRIBUTE_WEIGHT = 0.3
"""What each attribute counts beside toxicity."""


@dataclass(frozen=True, slots=True)
class Aims:
    """Wanted probabilities (rows, targets), NaN where unknown, and the rows' weights (rows,)."""

    wanted: Any
    weights: Any

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Aims":
        """Read them off the examples."""
        targets = [example.targets for example in examples]
        return cls(torch.tensor(targets), torch.tensor([example.weight for example in examples]))

    def read(self, rows: Rows) -> tuple[Any, Any]:
        """Answer those of a batch."""
        return self.wanted[rows], self.weights[rows]


def heed(examples: Sequence[Example], opinions: NDArray[np.float32], *, trust: NDArray[np.float64]) -> list[Example]:
    """Draw each target towards a teacher's opinion of it (rows, targets); where nobody was asked, take the opinion.

    `trust`, (rows,), is how much the opinion counts beside what is known.
    """
    known = np.array([example.targets for example in examples])
    share = trust[:, None]
    drawn = np.where(np.isnan(known), opinions, (1 - share) * known + share * opinions)
    return [replace(example, targets=tuple(map(float, row))) for example, row in zip(examples, drawn, strict=True)]


def masked_loss(log_odds: Any, wanted: Any, weights: Any) -> Any:
    """Answer the cross-entropy with soft targets (n, targets), where unknown ones (NaN) count nothing.

    `weights`, shape (n,), are the rows'; toxicity counts 1 and each attribute ATTRIBUTE_WEIGHT.
    """
    known = ~torch.isnan(wanted)
    each = functional.binary_cross_entropy_with_logits(log_odds, wanted.nan_to_num(0.0), reduction="none")
    share = torch.full((wanted.shape[1],), ATTRIBUTE_WEIGHT)
    share[0] = 1.0
    return (each * known * share * weights.unsqueeze(1)).sum() / weights.sum()
