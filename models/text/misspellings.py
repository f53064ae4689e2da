"""Correction of rude words that are misspelt: by one typing error, by sound, backwards, or without vowels.

A typing error drops a letter, doubles it, swaps it with the next, or replaces it by the next key or by another vowel.
The first letter is always right: `duck` and `witch` are words, not errors. Looking words up by what is left when a
letter is deleted is the idea of SymSpell (Garbe 2012).
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

# No handles, tags, paths or domains: words of letters only, 3 to 18 of them.
_WORD = re.compile(r"(?<![\w@#/.])[A-Za-z]{3,18}(?![\w@/]|\.\w)")
_LETTERS = re.compile(r"[a-z]{3,18}")
"""Faster than `_WORD`: most texts have no misspelling in them, and are dismissed by this pattern alone."""

_SENTENCE_END = '.!?:\n"“(*>'
_MIN_CHARS = 5
"""Letters of a word below which one error makes another word too often; four are enough for the most severe."""

_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = frozenset("aeiou")


def correct_misspellings(text: str) -> Iterator[Edit]:
    """Yield the edits that correct rude words; names and known words stay as they are."""
    if not any(map(_correction, _LETTERS.findall(text.lower()))):
        return
    for found in _WORD.finditer(text):
        word = found.group()
        correction = _correction(word.lower())
        if correction and not (word.istitle() and _is_inside_sentence(text, found.start())):
            yield *found.span(), match_case(word, correction)


def _is_inside_sentence(text: str, start: int) -> bool:
    """Whether a word is not the first of its sentence, so that a capital letter marks a name."""
    before = text[:start].rstrip(" ")
    return bool(before) and before[-1] not in _SENTENCE_END


@lru_cache(maxsize=1 << 14)
def _correction(word: str) -> str | None:
    """Return the rude word that a lowercase word is a misspelling of, or None."""
    if word in NOT_PROFANITY or word in OBFUSCATED:
        return None
    if correction := KNOWN_SPELLINGS.get(word) or _backwards().get(word) or _without_vowels().get(word):
        return correction
    if word[-1] == "z" and len(word) >= _MIN_CHARS and word[:-1] + "s" in MISSPELLABLE:
        return word[:-1] + "s"
    if len(word) < _MIN_CHARS - 1:
        return None
    if (correction := _without_doubles().get(_DOUBLE.sub(r"\1", word))) and len(correction) < len(word):
        return correction
    # Two words that are one error apart have a common rest when at most one letter is deleted from each.
    candidates = (known for rest in (word, *_deletions(word)) for known in _deletion_index().get(rest, ()))
    return next((known for known in candidates if _is_one_error(word, known)), None)


@cache
def _without_vowels() -> Mapping[str, str]:
    """Index words by what is left without vowels: the first letter stays, and the last may or may not."""
    index: dict[str, str] = {}
    for word in sorted(MISSPELLABLE, key=lambda word: (-len(word), word)):
        inside = "".join(letter for letter in word[1:-1] if letter not in _VOWELS)
        spellings = {word[0] + inside + word[-1], word[0] + inside + word[-1].strip("aeiou")}
        index |= {spelling: word for spelling in spellings if len(spelling) >= _MIN_CHARS - 1 and spelling != word}
    return index


@cache
def _deletion_index() -> Mapping[str, tuple[str, ...]]:
    """Index words by themselves and by what is left when one letter is deleted."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(MISSPELLABLE, key=lambda word: (len(word), word)):
        for rest in {word, *_deletions(word)}:
            index[rest].append(word)
    return {rest: tuple(words) for rest, words in index.items()}


@cache
def _without_doubles() -> Mapping[str, str]:
    """Index words by their letters without doubles: in `iddiiott`, any letter may have been doubled."""
    return {_DOUBLE.sub(r"\1", word): word for word in MISSPELLABLE}


@cache
def _backwards() -> Mapping[str, str]:
    return {word[::-1]: word for word in MISSPELLABLE if len(word) >= _MIN_CHARS or word in SEVERE}


def _deletions(word: str) -> list[str]:
    """Return the word without one of its letters, for each but the first."""
    return [word[:index] + word[index + 1 :] for index in range(1, len(word))]


def _is_one_error(word: str, known: str) -> bool:
    """Whether a word, which has a rest in common with a known word, is that word with one typing error."""
    if len(word) < len(known):
        return len(known) >= _MIN_CHARS  # a dropped letter
    if len(word) > len(known):
        return any(
            word[index] == word[index - 1] and word[:index] + word[index + 1 :] == known
            for index in range(1, len(word))
        )
    wrong = [index for index, letter in enumerate(word) if letter != known[index]]
    match wrong:
        case [index]:
            pair = word[index], known[index]
            return pair in ADJACENT_KEYS or (len(word) > _MIN_CHARS and _VOWELS.issuperset(pair))
        case [first, second] if second == first + 1:
            return (word[first], word[second]) == (known[second], known[first])
    return False
