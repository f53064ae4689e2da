"""Upside-down text, with flipped letters in reverse order, is turned upright.

A run is upside down if all of its letters are ones that a flipped letter looks like, and enough of them are letters
that hardly any language writes. Phonetic spelling, and languages with an open o, have other letters among them.
"""

import re
from collections.abc import Iterator

from models.text.alignment import Edit
from models.text.lexicon import OBFUSCATED
from models.text.word_lists import read_table

_FLIPPED = read_table("flipped_letters")
_SYMMETRIC = read_table("symmetric_letters")
_UPRIGHT = {**_FLIPPED, **_SYMMETRIC, **read_table("flipped_marks")}
_LETTERS = "".join(sorted({*_FLIPPED, *_SYMMETRIC}))
_FLIPPED_LETTER = re.compile(f"[{''.join(sorted(_FLIPPED))}]")
_UPRIGHT_ONLY = rf"[^\W{_LETTERS}]"
_START = rf"(?:(?<!{_UPRIGHT_ONLY})(?<![^\w\s])|(?<={_UPRIGHT_ONLY}[^\w\s]))"
"""Where a run may start. Marks belong as a whole to the run after them, so a run may start at the first one only:
to start from each would take quadratic time. Right after an upright letter, the first mark belongs to that letter."""

# From a possible start: marks, one letter, then letters, marks, spaces and digits, up to an upright letter.
_RUN = re.compile(rf"{_START}[^\w\s]*[{_LETTERS}](?:[{_LETTERS}]|[^\w]|[\d_])*(?!{_UPRIGHT_ONLY})")
_WORD = re.compile(rf"[{_LETTERS}]+")
_MIN_LETTERS = 3
_MIN_FLIPPED = 2
_MIN_LETTERS_OF_UNKNOWN = 4
_MIN_FLIPPED_SHARE = 0.4
"""Two in three letters of English text look unlike themselves when they are flipped; a single word may have fewer."""


def turn_upright(text: str) -> Iterator[Edit]:
    """Yield the edits that turn upside-down text upright: each is a run, to be applied in reverse."""
    if text.isascii() or not _FLIPPED_LETTER.search(text):
        return
    whole = text.strip()
    for run in _RUN.finditer(text):
        # If all of the text is one run, its marks and ordinary letters are flipped as well.
        start, end = run.span() if run.group().strip() == whole else _trim_to_flipped(text, *run.span())
        upright = "".join(_UPRIGHT.get(character, character) for character in reversed(text[start:end]))
        if _is_upside_down(text[start:end], upright):
            yield start, end, upright


def _trim_to_flipped(text: str, start: int, end: int) -> tuple[int, int]:
    """Shorten a run to its words with flipped letters: what is before and after belongs to the upright text."""
    flipped = [word.span() for word in _WORD.finditer(text, start, end) if _FLIPPED_LETTER.search(word.group())]
    return (flipped[0][0], flipped[-1][1]) if flipped else (start, start)


def _is_upside_down(written: str, upright: str) -> bool:
    flipped = len(_FLIPPED_LETTER.findall(written))
    letters = sum(character.isalpha() or character in _FLIPPED for character in written)
    if not flipped or letters < _MIN_LETTERS:
        return False
    if any(word.lower() in OBFUSCATED for word in re.findall("[A-Za-z]+", upright)):
        return True
    return flipped >= _MIN_FLIPPED and letters >= _MIN_LETTERS_OF_UNKNOWN and flipped >= _MIN_FLIPPED_SHARE * letters
