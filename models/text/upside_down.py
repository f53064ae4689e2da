"""Turning of upside-down text (flipped letters in reverse order) upright.

A run of characters is upside down if each of its letters looks like a flipped letter, and if enough of them are rare
in all languages. Phonetic spelling, and languages with an open o, also have letters that look like no flipped letter.
"""

import re
from collections.abc import Iterator

from models.text.alignment import Edit
from models.text.lexicon import OBFUSCATED
from models.text.word_lists import read_table

_FLIPPED = read_table("flipped_letters")
_SYMMETRIC = read_table("symmetric_letters")
# Maps each character to the character that it looks like upside down.
_UPRIGHT = {**_FLIPPED, **_SYMMETRIC, **read_table("flipped_marks")}
_LETTERS = "".join(sorted({*_FLIPPED, *_SYMMETRIC}))
_FLIPPED_LETTER = re.compile(f"[{''.join(sorted(_FLIPPED))}]")
# A letter or digit that never occurs in upside-down text.
_UPRIGHT_ONLY = rf"[^\W{_LETTERS}]"
_START = rf"(?:(?<!{_UPRIGHT_ONLY})(?<![^\w\s])|(?<={_UPRIGHT_ONLY}[^\w\s]))"
"""Where a run may start: before the first of several marks, because trying each mark would take quadratic time.

If an upright letter is directly before the marks, the first mark belongs to that letter, and a run starts after it.
"""

# From a possible start: marks, one letter, then letters, marks, spaces and digits, up to an upright letter.
_RUN = re.compile(rf"{_START}[^\w\s]*[{_LETTERS}](?:[{_LETTERS}]|[^\w]|[\d_])*(?!{_UPRIGHT_ONLY})")
_WORD = re.compile(rf"[{_LETTERS}]+")
_MIN_LETTERS = 3
_MIN_FLIPPED = 2
_MIN_LETTERS_OF_UNKNOWN = 4
_MIN_FLIPPED_SHARE = 0.4
"""In English text, two of three letters change their look when they are flipped. A single word may have fewer."""


def turn_upright(text: str) -> Iterator[Edit]:
    """Yield the edits that turn upside-down text upright, for `models.text.alignment.reverse`."""
    if text.isascii() or not _FLIPPED_LETTER.search(text):
        return
    stripped_text = text.strip()
    for run in _RUN.finditer(text):
        is_whole_text = run.group().strip() == stripped_text
        # Only in a text that is one run can marks and symmetric letters at the ends be part of it.
        start, end = run.span() if is_whole_text else _trim_to_flipped(text, *run.span())
        upright = "".join(_UPRIGHT.get(character, character) for character in reversed(text[start:end]))
        if _is_upside_down(text[start:end], upright):
            yield start, end, upright


def _trim_to_flipped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span from the first to the last word with flipped letters. The rest of the run is upright text."""
    flipped = [word.span() for word in _WORD.finditer(text, start, end) if _FLIPPED_LETTER.search(word.group())]
    return (flipped[0][0], flipped[-1][1]) if flipped else (start, start)


def _is_upside_down(written: str, upright: str) -> bool:
    """Return whether `written` is upside down rather than, for example, phonetic spelling."""
    flipped = len(_FLIPPED_LETTER.findall(written))
    letters = sum(character.isalpha() or character in _FLIPPED for character in written)
    if not flipped or letters < _MIN_LETTERS:
        return False
    if any(word.lower() in OBFUSCATED for word in re.findall("[A-Za-z]+", upright)):
        return True
    return flipped >= _MIN_FLIPPED and letters >= _MIN_LETTERS_OF_UNKNOWN and flipped >= _MIN_FLIPPED_SHARE * letters
