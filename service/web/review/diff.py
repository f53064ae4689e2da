"""Compare two texts word by word, so that a page can mark the removed and the added words."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MAX_WORDS = 2_000
"""Longer texts are not compared, because the time grows with the product of their lengths."""

# White space, a word, or a single other character.
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Difference(NamedTuple):
    """A piece of both texts ("same"), of the first only ("removed"), or of the second only ("added")."""

    text: str
    kind: Literal["same", "removed", "added"]


def diff_words(before: str, after: str) -> list[Difference]:
    """Return the pieces in order. All but the added pieces make up `before`, all but the removed pieces `after`."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        return [Difference(before, "removed"), Difference(after, "added")]
    pieces: list[Difference] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        removed, added = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if operation == "equal":
            pieces.append(Difference(removed, "same"))
            continue
        if removed:
            pieces.append(Difference(removed, "removed"))
        if added:
            pieces.append(Difference(added, "added"))
    return pieces
