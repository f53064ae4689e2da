"""Near-copies: a 64-bit fingerprint of a text's words, and how to look one up in a database; keeps no index itself."""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.text.normalise import normalise
from models.text.stems import words

BITS = 64
BANDS = 4
MIN_WORDS = 5
"""Shorter texts ("Well said!") are alike without being copies."""

SHINGLE = 2
"""Words to a shingle: with three, one changed word in twenty already moves too many bits."""

MAX_DISTANCE = 6
"""Fingerprints that differ in at most so many bits are near-copies."""

_ALL = (1 << BITS) - 1


def fingerprint(text: str) -> int | None:
    """The simhash (Charikar 2002) of a normalised text's words and pairs of words, as a signed 64-bit integer.

    Signed because that is what databases store. None for a text of fewer than five words.
    """
    found = [word.lower() for word in words(normalise(text).text)]
    if len(found) < MIN_WORDS:
        return None
    shingles = [*found, *(" ".join(found[place : place + SHINGLE]) for place in range(len(found) - 1))]
    votes = np.sum([_bit_signs(shingle) for shingle in set(shingles)], axis=0)
    mark: int = np.packbits(votes > 0).view(">i8")[0].item()
    return mark


def bands(mark: int) -> tuple[int, ...]:
    """Four keys for an index: 16 bits each, under the band's number.

    Two fingerprints that differ in at most three bits share a key for certain, and of those that differ in six, more
    than half do.
    """
    bits = mark & _ALL
    width = BITS // BANDS
    return tuple((band << width) | (bits >> (band * width)) & ((1 << width) - 1) for band in range(BANDS))


def hamming_distance(first: int, second: int) -> int:
    """In how many bits two fingerprints differ."""
    return ((first ^ second) & _ALL).bit_count()


@lru_cache(maxsize=50_000)
def _bit_signs(shingle: str) -> NDArray[np.int8]:
    digest = hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest()
    bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))
    return bits.astype(np.int8) * 2 - 1
