"""An encoder that remembers, so that training embeds each text once, and another run not at all; stores no text."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.comment import Vector
from models.encoder import DIMENSIONS, Encoder
from training.corpora.provenance import digest_code

SAVED_EVERY = 5_000
"""Texts between two writes to disk: an interrupted run loses a minute."""


class RememberingEncoder(Encoder):
    """Stands in an encoder's place; `folder`, if given, keeps vectors between runs, by hash of text, encoder
    and the code that reads for it.
    """

    def __init__(self, encoder: Encoder, *, folder: Path | None = None) -> None:
        self.inner = encoder
        self.identity = encoder.identity
        self._path = folder / f"vectors-{encoder.identity}-{digest_code(__file__)}.npz" if folder else None
        self._vectors: dict[str, Vector] = {}
        self._is_new = False
        if self._path and self._path.exists():
            with np.load(self._path) as kept:
                self._vectors = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the encoder itself, shape (n, 384)."""
        keys = [_key(text) for text in texts]
        self._learn(dict(zip(keys, texts, strict=True)))
        return np.stack([self._vectors[key] for key in keys]) if keys else np.empty((0, DIMENSIONS), np.float32)

    def remember(self, texts: Iterable[str]) -> None:
        """Embeds many texts at once, with the encoder's threads, and keeps them for the next run."""
        wanted = list({_key(text): text for text in texts}.items())
        for start in range(0, len(wanted), SAVED_EVERY):
            self._learn(dict(wanted[start : start + SAVED_EVERY]))
            self.keep()

    def keep(self) -> None:
        """Writes what has been embedded since the last time, where there is a folder for it."""
        if self._path and self._is_new:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            keys = np.array(list(self._vectors))
            np.savez(self._path, keys=keys, vectors=np.stack(list(self._vectors.values())))
            self._is_new = False

    def _learn(self, texts: dict[str, str]) -> None:
        new = {key: text for key, text in texts.items() if key not in self._vectors}
        self._vectors.update(zip(new, self.inner.embed(list(new.values())), strict=True))
        self._is_new = self._is_new or bool(new)


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
