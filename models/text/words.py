"""Words of a text as written, without punctuation. Apart from stems, so that near-duplicates need no stemmer."""

import re

MAX_WORD_CHARS = 40  # code points; longer runs are addresses and noise
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in order."""
    return [word for word in _WORD.findall(text) if len(word) <= MAX_WORD_CHARS]
