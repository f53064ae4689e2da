"""Differences between two wordings, word by word, for a template to mark what went and what came."""

import re
from difflib import SequenceMatcher

MAX_WORDS = 2_000
"""Longer texts are shown as they are: comparing takes the product of their lengths."""

_PARTS = re.compile(r"\s+|\w+|[^\w\s]")


def find_differences(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces with "same", "gone" or "new": all but the new ones make the first text, all but the gone the second."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        return [(before, "gone"), (after, "new")]
    pieces: list[tuple[str, str]] = []
    for kind, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("".join(old[i:j]), "same"))
            continue
        pieces += [(text, name) for text, name in (("".join(old[i:j]), "gone"), ("".join(new[k:n]), "new")) if text]
    return pieces
