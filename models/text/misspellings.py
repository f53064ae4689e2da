"""Rude words with one slip in them, or as they sound: what is read as the word, and what is a word of its own.

A slip is a letter dropped, doubled, swapped with the next, taken from the next key or from another vowel, never the
first one: `duck` and `witch` are no slips. The idea of looking words up by what is left when a letter is deleted is
SymSpell's (Garbe 2012).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise

from models.text.alignment import Edit
from models.text.allowlist import NOT_PROFANITY
from models.text.lexicon import KNOWN_SPELLINGS, MISSPELLABLE, OBFUSCATED, SEVERE

_WORD = re.compile(r"(?<![\w@#/.])[A-Za-z]{3,18}(?![\w@/]|\.\w)")
_LETTERS = re.compile(r"[a-z]{3,18}")
"""Sooner found than words: what has no slip in it is most of what is read."""

_SENTENCE_END = '.!?:\n"“(*>'
_MIN_CHARS = 5
"""Letters of a word below which one slip makes another word too often; four are enough for the rudest."""

_DOUBLE = re.compile(r"(.)\1+")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT_KEYS = frozenset(pair for row in _ROWS for way in (row, row[::-1]) for pair in pairwise(way))
_VOWELS = frozenset("aeiou")


def correct_misspellings(text: str) -> Iterator[Edit]:
    """Yield the edits that put right one slip in a word that is rude without it; names and known words stay."""
    if not any(map(_correction, _LETTERS.findall(text.lower()))):
        return
    for found in _WORD.finditer(text):
        word = found.group()
        if (correction := _correction(word.lower())) and not (word.istitle() and _is_inside(text, found.start())):
            yield *found.span(), match_case(word, correction)


def match_case(written: str, word: str) -> str:
    """Answer the word in capitals where what is written is, and with a capital where that begins with one."""
    letters = [letter for letter in written if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return word.upper()
    return word.capitalize() if written[0].isupper() else word


def _is_inside(text: str, start: int) -> bool:
    """Whether a word stands inside a sentence, where a capital is a name's."""
    before = text[:start].rstrip(" ")
    return bool(before) and before[-1] not in _SENTENCE_END


@lru_cache(maxsize=1 << 14)
def _correction(word: str) -> str | None:
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
    near = [correction for left in (word, *_without_one(word)) for correction in _deletion_index().get(left, ())]
    return next((correction for correction in near if _is_slip(word, correction)), None)


@cache
def _without_vowels() -> Mapping[str, str]:
    """Words by what is left of them without vowels, but for the first letter and, either way, the last."""
    left: dict[str, str] = {}
    for word in sorted(MISSPELLABLE, key=lambda word: (-len(word), word)):
        inside = "".join(letter for letter in word[1:-1] if letter not in _VOWELS)
        spellings = {word[0] + inside + word[-1], word[0] + inside + word[-1].strip("aeiou")}
        left |= {spelling: word for spelling in spellings if len(spelling) >= _MIN_CHARS - 1 and spelling != word}
    return left


@cache
def _deletion_index() -> Mapping[str, tuple[str, ...]]:
    """Words by what is left of them when a letter is deleted, and by themselves."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(MISSPELLABLE, key=lambda word: (len(word), word)):
        for left in {word, *_without_one(word)}:
            found[left].append(word)
    return {left: tuple(words) for left, words in found.items()}


@cache
def _without_doubles() -> Mapping[str, str]:
    """Words without their double letters: any of `iddiiott` may have been doubled."""
    return {_DOUBLE.sub(r"\1", word): word for word in MISSPELLABLE}


@cache
def _backwards() -> Mapping[str, str]:
    return {word[::-1]: word for word in MISSPELLABLE if len(word) >= _MIN_CHARS or word in SEVERE}


def _without_one(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(1, len(word))]


def _is_slip(word: str, correction: str) -> bool:
    if len(word) < len(correction):
        return len(correction) >= _MIN_CHARS
    if len(word) > len(correction):
        return any(
            word[place] == word[place - 1] and word[:place] + word[place + 1 :] == correction
            for place in range(1, len(word))
        )
    places = [place for place, letter in enumerate(word) if letter != correction[place]]
    if len(places) == 1:
        pair = word[places[0]], correction[places[0]]
        return pair in _NEXT_KEYS or (len(word) > _MIN_CHARS and _VOWELS.issuperset(pair))
    if len(places) != len("ab") or places[1] != places[0] + 1:
        return False
    first, second = places
    return (word[first], word[second]) == (correction[second], correction[first])
