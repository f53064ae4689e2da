"""The three keys of a text: each decides which texts count as copies of one another.

`dedup_key` is the corpora's own key, a hash of the letters and digits. `row_key` is the same key of a row, which most
corpora have in a column. Folds and splits go by these, so that texts with the same letters always stay together.
`dedup_key_with_emoji` also tells texts apart that differ only in their emoji: praise and an insult may differ in
nothing else, so both are trained on.
"""

import hashlib
import re
import unicodedata
from typing import TypeAlias

Row: TypeAlias = dict[str, str]


def row_key(row: Row) -> str:
    """Return the row's own dedup key, or else the key computed from its text."""
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
    # Emoji are "other symbols", and skin tones "modifier symbols"; ASCII has some of the latter, such as the caret.
    return not character.isascii() and unicodedata.category(character) in {"So", "Sk"}
