"""Training examples of the encoder: texts with soft targets. One fold of them is held out."""

from dataclasses import dataclass

from models.comment import ATTRIBUTES

NON_TOXIC = (0.0,) * (1 + len(ATTRIBUTES))
"""The targets of a text that is not toxic: zero for toxicity, and for each attribute, which are kinds of toxicity."""

FOLDS = 5
HELD_OUT_FOLD = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its `targets`: the wanted probability of toxicity, then of each attribute, NaN where unknown.

    `weight` is the example's weight in the loss. Examples with the same `key` are in the same fold.
    """

    source: str
    text: str
    targets: tuple[float, ...]
    key: str
    weight: float = 1.0


def in_held_out_fold(key: str) -> bool:
    """Return whether rows with this key, a hexadecimal number, are held out of fine-tuning.

    One fifth of every corpus is held out. The heads are fitted on it, because it is new to the encoder below them.
    """
    return int(key, 16) % FOLDS == HELD_OUT_FOLD
