"""Text that remembers where each of its characters came from, so that spans can be mapped back to the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Edit: TypeAlias = tuple[int, int, str]
"""A replacement: start and end (exclusive) of the characters to replace, and the string to put there."""


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text after normalisation.

    `starts` and `ends` hold, for each character, the span of the original that it came from. They are None if each
    character came from the one at the same index.
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
            point = self._original_index(start)
            return point, point
        # Not simply the first start and the last end: characters of upside-down text are in reverse order.
        return min(self.starts[start:end]), max(self.ends[start:end])

    def _original_index(self, index: int) -> int:
        assert self.starts is not None
        assert self.ends is not None
        if index < len(self.starts):
            return self.starts[index]
        return self.ends[-1] if self.ends else 0


def rewrite(text: NormalisedText, edits: Iterable[Edit]) -> NormalisedText:
    """Return the text with edits applied, which must be in order and must not overlap.

    A replacement of the same length is aligned character by character. Of any other, each character comes from all that
    was replaced.
    """
    return _rewrite(text, edits, step=1)


def reverse(text: NormalisedText, edits: Iterable[Edit]) -> NormalisedText:
    """Return the text with edits applied that reverse it: aligned from the last character to the first.

    Each replacement must be as long as what it replaces.
    """
    return _rewrite(text, edits, step=-1)


def _rewrite(text: NormalisedText, edits: Iterable[Edit], *, step: int) -> NormalisedText:
    changes = [edit for edit in edits if text.text[edit[0] : edit[1]] != edit[2]]
    if not changes:
        return text
    # Most texts need no origins: each character is still at the index of the one that it came from.
    if text.starts is None and step == 1 and all(len(new) == end - start for start, end, new in changes):
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
    pieces: list[str] = []
    position = 0
    for start, end, new in changes:
        pieces += (text[position:start], new)
        position = end
    return "".join((*pieces, text[position:]))
