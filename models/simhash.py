"""Near-duplicates: 64-bit fingerprints of texts, and the keys by which a database finds close ones.

SimHash (Charikar 2002) with banding: texts of mostly the same words have fingerprints that differ in few bits.
"""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.text.normalise import normalise
from models.text.words import words

BITS = 64
BANDS = 4
MIN_WORDS = 5
"""Shorter texts ("Well said!") are alike without being copies."""

SHINGLE = 2
"""Words per shingle: with three, one changed word in twenty already changes too many bits."""

MAX_DISTANCE = 6
"""Bits in which the fingerprints of near-duplicates may differ."""

_MASK = (1 << BITS) - 1


def fingerprint(text: str) -> int | None:
    """Return the SimHash of a normalised text's words and pairs of words, as a signed 64-bit integer.

    Signed because that is what databases store. None for a text of fewer than five words.
    """
    text_words = [word.lower() for word in words(normalise(text).text)]
    if len(text_words) < MIN_WORDS:
        return None
    pairs = (" ".join(text_words[start : start + SHINGLE]) for start in range(len(text_words) - 1))
    # Each shingle votes on each bit of the fingerprint by the same bit of its own hash.
    votes = np.sum([_bit_signs(shingle) for shingle in {*text_words, *pairs}], axis=0)
    value: int = np.packbits(votes > 0).view(">i8")[0].item()
    return value


def bands(value: int) -> tuple[int, ...]:
    """Return the four index keys of a fingerprint: 16 of its bits each, together with the band's number.

    Two fingerprints that differ in at most three bits are sure to share a key. Of those that differ in six, more than
    half do.
    """
    bits = value & _MASK
    width = BITS // BANDS
    return tuple((band << width) | (bits >> (band * width)) & ((1 << width) - 1) for band in range(BANDS))


def hamming_distance(first: int, second: int) -> int:
    """Return the number of bits in which two fingerprints differ."""
    return ((first ^ second) & _MASK).bit_count()


@lru_cache(maxsize=50_000)
def _bit_signs(shingle: str) -> NDArray[np.int8]:
    """Return a shingle's hash as +1 for each set bit and -1 for each other, shape (64,)."""
    digest = hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest()
    bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))
    return bits.astype(np.int8) * 2 - 1
