"""Batches for fine-tuning: texts as padded word pieces, with texts of similar length in a batch."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.text.emoji import describe_emoji
from models.text.normalise import normalise

MAX_TOKENS = 96
"""Longer texts are truncated. This halves the time, and 90 % of toxic comments are toxic within these tokens."""

BATCH_SIZE = 32

_MAX_CHARS = 2_000
"""Characters of a text that are normalised at most. They usually have more than MAX_TOKENS tokens."""

Rows = NDArray[np.int64]
"""Indices of the texts in a batch, of shape (n,)."""


class Batches:
    """Tokenised texts that are read in batches. They are normalised as in serving.

    `padding` is the id of the tokenizer's padding token.
    """

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer, *, padding: int = 0) -> None:
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        normalised = [describe_emoji(normalise(text[:_MAX_CHARS]).text) for text in texts]
        self._token_ids = [encoding.ids for encoding in tokenizer.encode_batch(normalised)]
        self._padding = padding
        self.lengths = np.array([len(ids) for ids in self._token_ids])

    def read(self, rows: Rows) -> tuple[Any, Any]:
        """Return the token ids of some rows and their mask, both int64 of shape (n, tokens)."""
        width = int(self.lengths[rows].max())
        padded = [self._token_ids[row] + [self._padding] * (width - self.lengths[row]) for row in rows]
        # (tokens,) against (n, 1): true where a text still has a token, false for its padding.
        mask = torch.arange(width) < torch.from_numpy(self.lengths[rows]).unsqueeze(1)
        return torch.tensor(padded), mask.long()

    def by_length(self) -> Iterator[Rows]:
        """Yield batches with every row once, the shortest texts first."""
        order = np.argsort(self.lengths, kind="stable")
        yield from (order[start : start + BATCH_SIZE] for start in range(0, len(order), BATCH_SIZE))

    def plan(self, *, epochs: float, seed: int) -> list[Rows]:
        """Return the batches of all epochs, shuffled anew in each. 1.5 epochs end in the middle of the second."""
        batches: list[Rows] = []
        for epoch in range(math.ceil(epochs)):
            batches += self._shuffle(f"{seed}:{epoch}")
        return batches[: int(epochs * len(self.lengths) / BATCH_SIZE)]

    def _shuffle(self, seed: str) -> list[Rows]:
        """Return the batches of one epoch in random order."""
        rng = random.Random(seed)  # repeatable, not secret
        # Texts of similar length share a batch, which saves padding. Each length is first changed by up to a tenth, so
        # that every epoch combines other texts.
        order = sorted(range(len(self.lengths)), key=lambda row: self.lengths[row] * rng.uniform(0.9, 1.1))
        starts = range(0, len(order), BATCH_SIZE)
        batches = [np.array(order[start : start + BATCH_SIZE]) for start in starts]
        rng.shuffle(batches)
        return batches
