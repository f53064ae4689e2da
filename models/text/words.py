"""Words of a text as they are written, without punctuation.

Not part of `models.text.stems`, so that near-duplicates can be found without loading a stemmer.
"""

import re

MAX_WORD_CHARS = 40  # code points; longer runs are addresses and noise
# Letters with inner apostrophes, or digits with inner points and commas.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in order."""
    return [word for word in _WORD.findall(text) if len(word) <= MAX_WORD_CHARS]
