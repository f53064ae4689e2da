"""Hidden states of a frozen trunk, kept on disk so that each epoch pays for the tuned layers only; trains nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.emoji import spell_emoji
from models.text import normalise
from training.two_tops import WIDTH, TwoTops

MOST_TOKENS = 96
"""Longer texts are cut for tuning: it costs half the time, and 90 % of comments are toxic where they begin."""

_LONGEST_TEXT = 2_000
_ROWS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded states (n, tokens, 384), their mask (n, tokens), packaged embeddings (n, 384), and which rows."""

    states: Any
    mask: Any
    plain: Any
    rows: NDArray[np.int64]


class CachedStates:
    """States at the cut of many texts, in half precision, shape (all tokens, 384), with each text's place in it.

    Rows are written in order of length, a group at a time, and a stopped run goes on where it was.
    """

    def __init__(self, folder: Path, texts: Sequence[str], tokenizer: Tokenizer) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.no_padding()
        tokenizer.enable_truncation(MOST_TOKENS)
        read = [spell_emoji(normalise(text[:_LONGEST_TEXT]).text) for text in texts]
        self._ids = [encoding.ids for encoding in tokenizer.encode_batch(read)]
        self.lengths = np.array([len(ids) for ids in self._ids])
        self.ends = np.cumsum(self.lengths)
        self._folder = folder
        self._states = self._open("states", int(self.ends[-1]))
        self._plain = self._open("plain", len(texts))

    def fill(self, model: TwoTops, *, part: int = 0, parts: int = 1) -> None:
        """Computes what is missing of this part (of `parts` that processes share between them)."""
        groups = list(self.groups())[part::parts]
        marker = self._folder / f"done-{part}-{parts}"
        done = int(marker.read_text()) if marker.exists() else 0
        for number, rows in enumerate(groups[done:], start=done + 1):
            self._write(model, rows)
            marker.write_text(str(number))

    def groups(self) -> Iterator[NDArray[np.int64]]:
        """Yields rows of similar length, up to 32 at once."""
        order = np.argsort(self.lengths, kind="stable")
        yield from (order[start : start + _ROWS_AT_ONCE] for start in range(0, len(order), _ROWS_AT_ONCE))

    def batch(self, rows: NDArray[np.int64]) -> Batch:
        """Reads the states of some rows, padded to the longest."""
        width = int(self.lengths[rows].max())
        states = np.zeros((len(rows), width, WIDTH), dtype=np.float32)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            length, end = self.lengths[row], self.ends[row]
            states[place, :length] = self._states[end - length : end]
            mask[place, :length] = 1
        plain = torch.from_numpy(self._plain[rows].astype(np.float32))
        return Batch(torch.from_numpy(states), torch.from_numpy(mask), plain, rows)

    def _write(self, model: TwoTops, rows: NDArray[np.int64]) -> None:
        width = int(self.lengths[rows].max())
        ids = torch.tensor([self._ids[row] + [0] * (width - self.lengths[row]) for row in rows])
        mask = (torch.arange(width) < torch.tensor(self.lengths[rows]).unsqueeze(1)).long()
        with torch.no_grad():
            states = model.trunk(ids, mask)
            plain = torch.nn.functional.normalize(model.plain(states, mask), dim=1)
        self._plain[rows] = plain.numpy()
        for place, row in enumerate(rows):
            length, end = self.lengths[row], self.ends[row]
            self._states[end - length : end] = states[place, :length].numpy()

    def _open(self, name: str, rows: int) -> NDArray[np.float16]:
        path = self._folder / f"{name}-{rows}.f16"
        mode: Any = "r+" if path.exists() else "w+"
        return np.memmap(path, dtype=np.float16, mode=mode, shape=(rows, WIDTH))
