"""Detection of near-duplicates: 64-bit fingerprints of texts, and index keys to find similar ones in a database.

This is SimHash (Charikar 2002) with banding. Texts with mostly the same words have fingerprints that differ in few
bits.
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
"""Shorter texts have no fingerprint: many readers write "Well said!" without copying each other."""

SHINGLE = 2
"""Words per shingle (a run of consecutive words). With three, one changed word in twenty changes too many bits."""

MAX_DISTANCE = 6
"""Bits in which the fingerprints of near-duplicates may differ."""

_MASK = (1 << BITS) - 1


def fingerprint(text: str) -> int | None:
    """Return the SimHash of the words and word pairs of a text, or None if it has fewer than five words.

    The text is normalised first. The result is a signed 64-bit integer, because databases have no unsigned ones.
    """
    text_words = [word.lower() for word in words(normalise(text).text)]
    if len(text_words) < MIN_WORDS:
        return None
    pairs = (" ".join(text_words[start : start + SHINGLE]) for start in range(len(text_words) - 1))
    # A bit of the fingerprint is 1 if it is 1 in the hashes of more than half of the distinct words and pairs.
    votes = np.sum([_bit_signs(shingle) for shingle in {*text_words, *pairs}], axis=0)
    value: int = np.packbits(votes > 0).view(">i8")[0].item()
    return value


def bands(value: int) -> tuple[int, ...]:
    """Return the four index keys of a fingerprint. A key has the number of a band and its 16 bits.

    Two fingerprints that differ in at most three bits always share a key. Of pairs that differ in six bits, more than
    half share one.
    """
    bits = value & _MASK  # Python's negative integers have no fixed width
    width = BITS // BANDS
    keys = []
    for band in range(BANDS):
        band_bits = (bits >> (band * width)) & ((1 << width) - 1)
        keys.append((band << width) | band_bits)
    return tuple(keys)


def hamming_distance(first: int, second: int) -> int:
    """Return the number of bits in which two fingerprints differ."""
    return ((first ^ second) & _MASK).bit_count()


@lru_cache(maxsize=50_000)
def _bit_signs(shingle: str) -> NDArray[np.int8]:
    """Return the hash of a shingle with +1 for each bit that is 1, and -1 for each bit that is 0, shape (64,)."""
    digest = hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest()
    bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))
    return bits.astype(np.int8) * 2 - 1
