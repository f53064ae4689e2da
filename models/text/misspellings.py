"""Correction of rude words that are misspelt: by one typing error, by sound, backwards, or without vowels.

A typing error drops a letter, doubles it, swaps it with the next, or replaces it by the next key or by another vowel.
The first letter must be correct: `duck` and `witch` are words, not errors. Candidates are found by deleting one letter
from both words, as in SymSpell (Garbe 2012).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from models.text.alignment import Edit
from models.text.allowlist import NOT_PROFANITY
from models.text.keyboard import ADJACENT_KEYS
from models.text.letter_case import match_case
from models.text.lexicon import KNOWN_SPELLINGS, MISSPELLABLE, OBFUSCATED, SEVERE

# Words of 3 to 18 letters that are not part of a handle, tag, path or domain.
_WORD = re.compile(r"(?<![\w@#/.])[A-Za-z]{3,18}(?![\w@/]|\.\w)")
_LETTERS = re.compile(r"[a-z]{3,18}")
"""A faster pattern than `_WORD`, for a first check: most texts have no misspelling."""

_SENTENCE_END = '.!?:\n"“(*>'
"""Characters before the first word of a sentence."""

_MIN_CHARS = 5
"""Shorter words are not corrected, as one error makes them another word. Four letters suffice for severe words."""

_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = frozenset("aeiou")


def correct_misspellings(text: str) -> Iterator[Edit]:
    """Yield the edits that correct misspelt rude words. Names and ordinary words do not change."""
    if not any(map(_correct, _LETTERS.findall(text.lower()))):
        return
    for match in _WORD.finditer(text):
        word = match.group()
        correction = _correct(word.lower())
        is_name = word.istitle() and _is_inside_sentence(text, match.start())
        if correction and not is_name:
            yield *match.span(), match_case(word, correction)


def _is_inside_sentence(text: str, start: int) -> bool:
    """Return whether the word at `start` is not the first of its sentence. A capital letter then marks a name."""
    before = text[:start].rstrip(" ")
    return bool(before) and before[-1] not in _SENTENCE_END


@lru_cache(maxsize=1 << 14)
def _correct(word: str) -> str | None:
    """Return the rude word that a lowercase word misspells, or None."""
    if word in NOT_PROFANITY or word in OBFUSCATED:
        return None
    if correction := KNOWN_SPELLINGS.get(word) or _backwards().get(word) or _without_vowels().get(word):
        return correction
    # A z in place of the plural's s.
    if word[-1] == "z" and len(word) >= _MIN_CHARS and word[:-1] + "s" in MISSPELLABLE:
        return word[:-1] + "s"
    if len(word) < _MIN_CHARS - 1:
        return None
    if (correction := _without_doubles().get(_DOUBLE.sub(r"\1", word))) and len(correction) < len(word):
        return correction
    return _correct_typing_error(word)


def _correct_typing_error(word: str) -> str | None:
    # Words that are one error apart become equal if at most one letter is deleted from each.
    for rest in (word, *_deletions(word)):
        for known in _deletion_index().get(rest, ()):
            if _is_one_error(word, known):
                return known
    return None


@cache
def _without_vowels() -> Mapping[str, str]:
    """Map spellings without vowels to words. The first letter stays. A vowel at the end may stay or not."""
    index: dict[str, str] = {}
    for word in sorted(MISSPELLABLE, key=lambda word: (-len(word), word)):
        inside = "".join(letter for letter in word[1:-1] if letter not in _VOWELS)
        spellings = {word[0] + inside + word[-1], word[0] + inside + word[-1].strip("aeiou")}
        index |= {spelling: word for spelling in spellings if len(spelling) >= _MIN_CHARS - 1 and spelling != word}
    return index


@cache
def _deletion_index() -> Mapping[str, tuple[str, ...]]:
    """Map each word, and what remains of it without one letter, to the words that it may stand for."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(MISSPELLABLE, key=lambda word: (len(word), word)):
        for rest in {word, *_deletions(word)}:
            index[rest].append(word)
    return {rest: tuple(words) for rest, words in index.items()}


@cache
def _without_doubles() -> Mapping[str, str]:
    """Map words without repeated letters to the words, as for `iddiiott`, where any letter may be repeated."""
    return {_DOUBLE.sub(r"\1", word): word for word in MISSPELLABLE}


@cache
def _backwards() -> Mapping[str, str]:
    """Map words in reverse order of letters to the words."""
    return {word[::-1]: word for word in MISSPELLABLE if len(word) >= _MIN_CHARS or word in SEVERE}


def _deletions(word: str) -> list[str]:
    """Return the word without its second letter, without its third, and so on."""
    return [word[:index] + word[index + 1 :] for index in range(1, len(word))]


def _is_one_error(word: str, known: str) -> bool:
    """Return whether a word is a known word with one typing error. `word` must be a candidate of the deletion index."""
    if len(word) < len(known):
        return len(known) >= _MIN_CHARS  # a dropped letter
    if len(word) > len(known):  # a doubled letter
        return any(
            word[index] == word[index - 1] and word[:index] + word[index + 1 :] == known
            for index in range(1, len(word))
        )
    wrong = [index for index, letter in enumerate(word) if letter != known[index]]
    match wrong:
        case [index]:  # a letter replaced by the next key or by another vowel
            pair = word[index], known[index]
            return pair in ADJACENT_KEYS or (len(word) > _MIN_CHARS and _VOWELS.issuperset(pair))
        case [first, second] if second == first + 1:  # two letters swapped
            return (word[first], word[second]) == (known[second], known[first])
    return False
