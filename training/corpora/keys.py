"""The three keys of a text: each decides which texts count as copies of one another.

`dedup_key` is a hash of a text's letters and digits. `row_key` is the same key of a row; most corpora have a column for
it. Folds and splits follow these keys, so texts with the same letters always stay together.
`dedup_key_with_emoji` also distinguishes texts that differ only in their emoji. Praise and an insult may differ in
nothing else, so a model is trained on both.
"""

import hashlib
import re
import unicodedata
from typing import TypeAlias

Row: TypeAlias = dict[str, str]


def row_key(row: Row) -> str:
    """Return the dedup key in the row's column, or compute it from the row's text."""
    return row.get("dedup_key") or dedup_key(row["text"])


def dedup_key(text: str) -> str:
    """Return 16 hexadecimal digits of the SHA-1 of the text's letters and digits, in lowercase."""
    # NFKC turns full-width and other compatibility forms into plain letters first.
    letters = re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKC", text).lower())
    return hashlib.sha1(letters.encode(), usedforsecurity=False).hexdigest()[:16]


def dedup_key_with_emoji(text: str) -> str:
    """Return the dedup key followed by the text's emoji."""
    return dedup_key(text) + "".join(character for character in text if _is_emoji(character))


def _is_emoji(character: str) -> bool:
    # Emoji are "other symbols" (So), and skin tones "modifier symbols" (Sk), as the ASCII caret is.
    return not character.isascii() and unicodedata.category(character) in {"So", "Sk"}
