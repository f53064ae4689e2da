"""An encoder with a cache: training embeds each text once, and the next run reads its embedding from disk."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.comment import Vector
from models.encoder import DIMENSIONS, Encoder
from training.corpora.provenance import digest_code

SAVED_EVERY = 5_000
"""Texts between two writes to disk: an interrupted run loses about a minute."""


class CachingEncoder(Encoder):
    """Wraps an encoder, and embeds each text only once.

    With a `folder`, embeddings are saved for the next run. The file's name contains the encoder's hash and the digest
    of the code that reads a text, so another encoder or changed code starts with an empty cache. Texts are stored as
    hashes only.
    """

    def __init__(self, encoder: Encoder, *, folder: Path | None = None) -> None:
        self.inner = encoder
        self.files_hash = encoder.files_hash
        self._path = folder / f"vectors-{encoder.files_hash}-{digest_code(__file__)}.npz" if folder else None
        self._vectors: dict[str, Vector] = {}
        self._has_unsaved = False
        if self._path and self._path.exists():
            with np.load(self._path) as saved:
                self._vectors = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the encoder's embeddings, unit rows of shape (n, 384)."""
        keys = [_key(text) for text in texts]
        self._embed_missing(dict(zip(keys, texts, strict=True)))
        return np.stack([self._vectors[key] for key in keys]) if keys else np.empty((0, DIMENSIONS), np.float32)

    def prefetch(self, texts: Iterable[str]) -> None:
        """Embed many texts together, with all threads of the encoder, and save them."""
        # A dictionary, so that a text that occurs twice is embedded once.
        keys_and_texts = list({_key(text): text for text in texts}.items())
        for start in range(0, len(keys_and_texts), SAVED_EVERY):
            self._embed_missing(dict(keys_and_texts[start : start + SAVED_EVERY]))
            self.save()

    def save(self) -> None:
        """Write new embeddings to the folder, if there is one."""
        if self._path and self._has_unsaved:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            keys = np.array(list(self._vectors))
            np.savez(self._path, keys=keys, vectors=np.stack(list(self._vectors.values())))
            self._has_unsaved = False

    def _embed_missing(self, texts: dict[str, str]) -> None:
        """Embed the texts, given by their keys, that the cache does not have yet."""
        missing = {key: text for key, text in texts.items() if key not in self._vectors}
        self._vectors.update(zip(missing, self.inner.embed(list(missing.values())), strict=True))
        self._has_unsaved = self._has_unsaved or bool(missing)


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
