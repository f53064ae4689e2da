"""Differences between two texts, word by word, for a template to mark what was removed and what was added."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MAX_WORDS = 2_000
"""Longer texts are shown one after the other: the time to compare grows with the product of their lengths."""

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Difference(NamedTuple):
    """A piece of both texts ("same"), of the first only ("removed"), or of the second only ("added")."""

    text: str
    kind: Literal["same", "removed", "added"]


def diff_words(before: str, after: str) -> list[Difference]:
    """Return the pieces in order: without the added ones they are `before`, without the removed ones `after`."""
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
