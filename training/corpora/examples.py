"""What fine-tuning is trained on: texts with soft targets, and the fold of them that is held out."""

from dataclasses import dataclass

from models.comment import ATTRIBUTES

NON_TOXIC = (0.0,) * (1 + len(ATTRIBUTES))
"""The targets of a text that is not toxic, and so has no attribute either."""

FOLDS = 5
HELD_OUT_FOLD = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the wanted probability of toxicity and of each attribute, NaN where it is unknown.

    `weight` is the example's weight in the loss. Examples of the same `key` are in the same fold.
    """

    source: str
    text: str
    targets: tuple[float, ...]
    key: str
    weight: float = 1.0


def in_held_out_fold(key: str) -> bool:
    """Return whether rows of this key are held out of fine-tuning.

    One fifth of every corpus is, so that the heads on top of the encoder can be fitted on rows that are new to it.
    """
    return int(key, 16) % FOLDS == HELD_OUT_FOLD
