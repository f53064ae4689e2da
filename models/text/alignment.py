"""Text with the origin of each character, so that spans can be mapped back to the original text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Edit: TypeAlias = tuple[int, int, str]
"""A replacement: start and end (exclusive) of the characters to replace, and the string to put there."""


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text after normalisation.

    `starts` and `ends` have, for each character, the span of the original that it came from (end exclusive). Both are
    None if no character has moved: each comes from the character at the same index.
    """

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that `text[start:end]` came from, end exclusive.

        Raises ValueError unless 0 <= start <= end <= len(text).
        """
        if not 0 <= start <= end <= len(self.text):
            message = f"no such span: {start} to {end} in a text of {len(self.text)} characters"
            raise ValueError(message)
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            index = self._original_index(start)
            return index, index
        # Minimum and maximum, because characters of upside-down text are in reverse order.
        return min(self.starts[start:end]), max(self.ends[start:end])

    def _original_index(self, index: int) -> int:
        """Return where an empty span at `index` is in the original."""
        assert self.starts is not None
        assert self.ends is not None
        if index < len(self.starts):
            return self.starts[index]
        return self.ends[-1] if self.ends else 0


def rewrite(text: NormalisedText, edits: Iterable[Edit]) -> NormalisedText:
    """Return the text with the edits applied. They must be in order and must not overlap.

    A replacement of the same length is aligned character by character. In any other replacement, the origin of each
    character is everything that was replaced.
    """
    return _rewrite(text, edits, step=1)


def reverse(text: NormalisedText, edits: Iterable[Edit]) -> NormalisedText:
    """Return the text with the edits applied, each aligned in reverse: its first character comes from the last one.

    Each replacement must be as long as the text that it replaces. The same rules hold as for `rewrite`.
    """
    return _rewrite(text, edits, step=-1)


def _rewrite(text: NormalisedText, edits: Iterable[Edit], *, step: int) -> NormalisedText:
    changes = [(start, end, new) for start, end, new in edits if text.text[start:end] != new]
    if not changes:
        return text
    # Most texts need no origins, because no character moves.
    keeps_lengths = all(len(new) == end - start for start, end, new in changes)
    if text.starts is None and step == 1 and keeps_lengths:
        return NormalisedText(_splice(text.text, changes))
    starts = text.starts if text.starts is not None else tuple(range(len(text.text)))
    ends = text.ends if text.ends is not None else tuple(range(1, len(text.text) + 1))
    new_starts: list[int] = []
    new_ends: list[int] = []
    position = 0
    for start, end, new in changes:
        same_length = len(new) == end - start
        new_starts += starts[position:start]
        new_starts += starts[start:end][::step] if same_length else [min(starts[start:end], default=0)] * len(new)
        new_ends += ends[position:start]
        new_ends += ends[start:end][::step] if same_length else [max(ends[start:end], default=0)] * len(new)
        position = end
    spliced = _splice(text.text, changes)
    return NormalisedText(spliced, (*new_starts, *starts[position:]), (*new_ends, *ends[position:]))


def _splice(text: str, changes: list[Edit]) -> str:
    """Return the text with the changes applied, without origins."""
    pieces: list[str] = []
    position = 0
    for start, end, new in changes:
        pieces += (text[position:start], new)
        position = end
    return "".join((*pieces, text[position:]))
