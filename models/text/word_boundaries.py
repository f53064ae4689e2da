"""Spaces that hide a rude word: put inside it, as in `id iot`, or left out around it, as in `youareanidiot`."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from models.text.alignment import Edit
from models.text.allowlist import NOT_PROFANITY
from models.text.lexicon import ABUSE, MISSPELLABLE, OBFUSCATED, SEVERE
from models.text.word_lists import read_words

# Words without apostrophes, handles, addresses and paths around them.
_PLAIN_WORD = re.compile(r"(?<![\w'’&@#./-])[A-Za-z]+(?![\w'’&@/-]|\.\w)")
_JOINED_WORDS = re.compile(r"(?<![\w@#/.-])[A-Za-z]{7,40}(?![\w@/-]|\.\w)")
_LETTERS = re.compile(r"[a-z]+")
_JOINED_LETTERS = re.compile(r"[a-z]{7,40}")
"""Faster than the patterns above: most texts have no word that is split or joined, and are dismissed by these."""

_MIN_CHARS = 5
_MAX_PART_CHARS = 10
_MAX_WORD_CHARS = 14

_WHOLE_WORDS = frozenset(read_words("whole_words"))
_CONTEXT_WORDS = frozenset(read_words("context_words"))
_ADDRESS_WORDS = frozenset(read_words("address_words"))
_MIN_WORDS_OF_SENTENCE = 3


def join_split_words(text: str) -> Iterator[Edit]:
    """Yield the edits that close the gap in `id iot`, if one of the parts is not a word."""
    words, splittable = _LETTERS.findall(text.lower()), _splittable()
    if not any(first + second in splittable for first, second in pairwise(words)):
        return
    before = None
    for found in _PLAIN_WORD.finditer(text):
        if before and text[before.end() : found.start()] == " " and is_split_word(before.group(), found.group()):
            yield before.start(), found.end(), before.group() + found.group()
            before = None
        else:
            before = found


def is_split_word(*parts: str) -> bool:
    """Whether parts are pieces of one rude word rather than words; a short word must not have lost a single letter."""
    lower = [part.lower() for part in parts]
    whole = "".join(lower)
    if max(map(len, lower)) > _MAX_PART_CHARS or whole not in _splittable() or any(part in ABUSE for part in lower):
        return False
    if len(whole) < _MIN_CHARS and min(map(len, lower)) == 1:
        return False  # as in `it s hit`, where the letter belongs to the word before
    return not all(len(part) == 1 or part in _WHOLE_WORDS for part in lower)


@cache
def _splittable() -> frozenset[str]:
    return SEVERE | frozenset(word for word in MISSPELLABLE if len(word) >= _MIN_CHARS)


def split_joined_words(text: str) -> Iterator[Edit]:
    """Yield the edits that put spaces into `youareanidiot`."""
    if not any(map(_segment, _JOINED_LETTERS.findall(text.lower()))):
        return
    for found in _JOINED_WORDS.finditer(text):
        if parts := _segment(found.group().lower()):
            yield *found.span(), _insert_spaces(found.group(), parts)


@lru_cache(maxsize=1 << 12)
def _segment(letters: str) -> tuple[str, ...]:
    """Return the words that letters consist of, as few as possible; empty if they are one word or no insult.

    A dynamic programme over the ends of prefixes. `best[end]` is the segmentation of `letters[:end]` with the fewest
    words, or None if there is none.
    """
    if letters in NOT_PROFANITY or letters in OBFUSCATED:
        return ()
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for start in range(len(letters)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 1, min(len(letters), start + _MAX_WORD_CHARS) + 1):
            word, known = letters[start:end], best[end]
            is_word = word in _CONTEXT_WORDS or word in MISSPELLABLE
            if is_word and (known is None or len(before) + 1 < len(known)):
                best[end] = (*before, word)
    parts = best[-1] or ()
    return parts if _is_insult(parts) else ()


def _is_insult(parts: tuple[str, ...]) -> bool:
    """Whether the parts are an insult with words around it: `the rapist` is more often one word."""
    rude = [part for part in parts if part in MISSPELLABLE and part not in _CONTEXT_WORDS]
    if not parts or "a" in (parts[0], parts[-1]):
        return False
    if not rude or not any(part in _CONTEXT_WORDS for part in parts):
        return len(rude) == len(parts) > 1
    return len(parts) >= _MIN_WORDS_OF_SENTENCE or any(part in _ADDRESS_WORDS for part in parts if part != "the")


def _insert_spaces(written: str, parts: tuple[str, ...]) -> str:
    words, start = [], 0
    for part in parts:
        words.append(written[start : start + len(part)])
        start += len(part)
    return " ".join(words)
