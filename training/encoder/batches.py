"""Texts as padded word pieces in batches of similar length: what each fine-tuning reads; it trains nothing."""

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
"""Longer texts are cut for tuning: it costs half the time, and 90 % of comments are toxic where they begin."""

ROWS_AT_ONCE = 32

_MAX_CHARS = 2_000

Rows = NDArray[np.int64]


class Batches:
    """Texts read as serving reads them, by the tokenizer of one encoder, whose word piece `padding` stands for none."""

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer, *, padding: int = 0) -> None:
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        read = [describe_emoji(normalise(text[:_MAX_CHARS]).text) for text in texts]
        self._pieces = [encoding.ids for encoding in tokenizer.encode_batch(read)]
        self._padding = padding
        self.lengths = np.array([len(pieces) for pieces in self._pieces])

    def read(self, rows: Rows) -> tuple[Any, Any]:
        """Answer the word pieces of some rows and their mask, both int64 of shape (n, tokens)."""
        width = int(self.lengths[rows].max())
        pieces = [self._pieces[row] + [self._padding] * (width - self.lengths[row]) for row in rows]
        mask = torch.arange(width) < torch.from_numpy(self.lengths[rows]).unsqueeze(1)
        return torch.tensor(pieces), mask.long()

    def in_order(self) -> Iterator[Rows]:
        """Yield every row once, the shortest first, some at a time."""
        order = np.argsort(self.lengths, kind="stable")
        yield from (order[start : start + ROWS_AT_ONCE] for start in range(0, len(order), ROWS_AT_ONCE))

    def plan(self, *, epochs: float, seed: int) -> list[Rows]:
        """Answer the batches of so many passes over the rows, differently composed and ordered in each."""
        whole = [rows for epoch in range(int(np.ceil(epochs))) for rows in self._shuffled(f"{seed}:{epoch}")]
        return whole[: int(epochs * len(self.lengths) / ROWS_AT_ONCE)]

    def _shuffled(self, seed: str) -> list[Rows]:
        chance = random.Random(seed)  # noqa: S311 - a repeatable order, no secret
        order = sorted(range(len(self.lengths)), key=lambda row: self.lengths[row] * chance.uniform(0.9, 1.1))
        starts = range(0, len(order), ROWS_AT_ONCE)
        batches = [np.array(order[start : start + ROWS_AT_ONCE]) for start in starts]
        chance.shuffle(batches)
        return batches
