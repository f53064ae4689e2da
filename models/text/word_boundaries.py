"""Correction of spaces that hide a rude word: a space inside it (`id iot`) or no spaces around it (`youareanidiot`)."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from models.text.alignment import Edit
from models.text.allowlist import NOT_PROFANITY
from models.text.lexicon import ABUSE, MISSPELLABLE, OBFUSCATED, SEVERE
from models.text.word_lists import read_words

# Words that are not part of a contraction, handle, address or path.
_PLAIN_WORD = re.compile(r"(?<![\w'’&@#./-])[A-Za-z]+(?![\w'’&@/-]|\.\w)")
_JOINED_WORDS = re.compile(r"(?<![\w@#/.-])[A-Za-z]{7,40}(?![\w@/-]|\.\w)")
_LETTERS = re.compile(r"[a-z]+")
_JOINED_LETTERS = re.compile(r"[a-z]{7,40}")
"""Faster patterns than those above, for a first check: most texts have no split or joined words."""

_MIN_CHARS = 5
"""Shorter words are joined only if they are severe."""

_MAX_PART_CHARS = 10
_MAX_WORD_CHARS = 14

_WHOLE_WORDS = frozenset(read_words("whole_words"))  # ordinary words that are also pieces of rude ones
_CONTEXT_WORDS = frozenset(read_words("context_words"))  # words that occur next to an insult, such as `you`
_ADDRESS_WORDS = frozenset(read_words("address_words"))  # words that direct an insult at someone
_MIN_WORDS_OF_SENTENCE = 3


def join_split_words(text: str) -> Iterator[Edit]:
    """Yield the edits that join `id iot`, if one of the parts is not a word."""
    words, splittable = _LETTERS.findall(text.lower()), _splittable()
    if not any(first + second in splittable for first, second in pairwise(words)):
        return
    previous = None
    for match in _PLAIN_WORD.finditer(text):
        follows_space = previous is not None and text[previous.end() : match.start()] == " "
        if previous and follows_space and is_split_word(previous.group(), match.group()):
            yield previous.start(), match.end(), previous.group() + match.group()
            previous = None  # a word is part of one edit only
        else:
            previous = match


def is_split_word(*parts: str) -> bool:
    """Return whether parts are pieces of one rude word rather than words by themselves."""
    lower = [part.lower() for part in parts]
    whole = "".join(lower)
    if max(map(len, lower)) > _MAX_PART_CHARS or whole not in _splittable() or any(part in ABUSE for part in lower):
        return False
    # In `it s hit`, the single letter belongs to the word before.
    if len(whole) < _MIN_CHARS and min(map(len, lower)) == 1:
        return False
    return not all(len(part) == 1 or part in _WHOLE_WORDS for part in lower)


@cache
def _splittable() -> frozenset[str]:
    return SEVERE | frozenset(word for word in MISSPELLABLE if len(word) >= _MIN_CHARS)


def split_joined_words(text: str) -> Iterator[Edit]:
    """Yield the edits that put spaces into `youareanidiot`."""
    if not any(map(_segment, _JOINED_LETTERS.findall(text.lower()))):
        return
    for match in _JOINED_WORDS.finditer(text):
        if parts := _segment(match.group().lower()):
            yield *match.span(), _insert_spaces(match.group(), parts)


@lru_cache(maxsize=1 << 12)
def _segment(letters: str) -> tuple[str, ...]:
    """Split joined letters into as few words as possible. Return nothing if they are one word or not an insult.

    This is dynamic programming over prefixes. `best[end]` is the segmentation of `letters[:end]` with the fewest words,
    or None if it has none.
    """
    if letters in NOT_PROFANITY or letters in OBFUSCATED:
        return ()
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for start in range(len(letters)):
        prefix_words = best[start]
        if prefix_words is None:
            continue
        for end in range(start + 1, min(len(letters), start + _MAX_WORD_CHARS) + 1):
            word, best_so_far = letters[start:end], best[end]
            is_word = word in _CONTEXT_WORDS or word in MISSPELLABLE
            if is_word and (best_so_far is None or len(prefix_words) + 1 < len(best_so_far)):
                best[end] = (*prefix_words, word)
    parts = best[-1] or ()
    return parts if _is_insult(parts) else ()


def _is_insult(parts: tuple[str, ...]) -> bool:
    """Return whether the parts are an insult with ordinary words around it."""
    rude = [part for part in parts if part in MISSPELLABLE and part not in _CONTEXT_WORDS]
    if not parts or "a" in (parts[0], parts[-1]):
        return False
    if not rude or not any(part in _CONTEXT_WORDS for part in parts):
        return len(rude) == len(parts) > 1
    # `the` alone does not count, because `therapist` is a word.
    return len(parts) >= _MIN_WORDS_OF_SENTENCE or any(part in _ADDRESS_WORDS for part in parts if part != "the")


def _insert_spaces(written: str, parts: tuple[str, ...]) -> str:
    """Split `written` where `parts`, its lowercase segmentation, end. The case does not change."""
    words, start = [], 0
    for part in parts:
        words.append(written[start : start + len(part)])
        start += len(part)
    return " ".join(words)
