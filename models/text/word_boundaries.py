"""Spaces that hide a rude word: put inside it, or left out around it; nothing about signs, digits or slips."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from models.text.alignment import Edit
from models.text.allowlist import NOT_PROFANITY
from models.text.lexicon import ABUSE, MISSPELLABLE, OBFUSCATED, SEVERE

_PLAIN = re.compile(r"(?<![\w'’&@#./-])[A-Za-z]+(?![\w'’&@/-]|\.\w)")
_MIN_CHARS = 5
_MAX_PART = 10
_MAX_WORD_CHARS = 14
_JOINED = re.compile(r"(?<![\w@#/.-])[A-Za-z]{7,40}(?![\w@/-]|\.\w)")
_LETTERS = re.compile(r"[a-z]+")
_JOINED_LETTERS = re.compile(r"[a-z]{7,40}")
"""Sooner found than words: most texts have none that is pieced or glued."""

_WHOLE = """
able ad ads age ages al an as ass at ate back bag best big bit black bone brain bug bull but butt can co cock crap
damn dead dim dip do drive dumb en es exist exists fail failure fool gas gender generate go god got grace grant ha
half hat hate he head heads hi hide hit hits ho hole holes horse human humans ice id in is it its itch ken kill king
la lack lake laugh le led lo lock los lose ma man me men mental mi monster mother ms my na neck nine no non nonsense
on or own pa pat path pen people per pro race races ranged rape rash rat rate rates re red rep rick rid roll rolls
ron rot sa screw se sense sex sexual shame shit sick sis site sites snow so st stupid sub suck ted ten terrible
terror test the trait trans try us va we weird wet white who wish
ash competence competent dis flake garb graceful hypo less mag miser nit noxious numb omen omit para psych puss rap
sane sic sill skull slim swipe tally use ward weir whit wit wits worth
"""
_WHOLE_WORDS = frozenset(_WHOLE.split())
"""What a rude word falls into and is a word itself: two of them side by side are two words."""

_GLUE = """
you your youre ur are is a an the this that what such so all of off up to go get he she they we im it and
my yourself die hell man dude people just shut bunch piece absolute total complete big fat little old white black
"""
_CONTEXT_WORDS = frozenset(_GLUE.split())
_ADDRESS_WORDS = frozenset(
    ("you", "your", "youre", "off", "this", "that", "the", "yourself", "all", "them", "him", "her", "up")
)
_MIN_PIECES = 3


def join_split_words(text: str) -> Iterator[Edit]:
    """Yield the edits that close the gap in `id iot`, where a piece is no word of its own."""
    words, hidden = _LETTERS.findall(text.lower()), _splittable()
    if not any(one + other in hidden for one, other in pairwise(words)):
        return
    before = None
    for found in _PLAIN.finditer(text):
        if before and text[before.end() : found.start()] == " " and is_split_word(before.group(), found.group()):
            yield before.start(), found.end(), before.group() + found.group()
            before = None
        else:
            before = found


def is_split_word(*parts: str) -> bool:
    """Whether parts are pieces of one rude word rather than words; a short word must not have lost a single letter."""
    lower = [part.lower() for part in parts]
    whole = "".join(lower)
    if max(map(len, lower)) > _MAX_PART or whole not in _splittable() or any(part in ABUSE for part in lower):
        return False
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
    for found in _JOINED.finditer(text):
        if parts := _segment(found.group().lower()):
            yield *found.span(), _spaced(found.group(), parts)


@lru_cache(maxsize=1 << 12)
def _segment(word: str) -> tuple[str, ...]:
    """Answer the words that a word consists of, or none where it is one."""
    if word in NOT_PROFANITY or word in OBFUSCATED:
        return ()
    ways: dict[int, tuple[str, ...]] = {0: ()}
    for start in range(len(word)):
        if start in ways:
            for end in range(start + 1, min(len(word), start + _MAX_WORD_CHARS) + 1):
                part = word[start:end]
                if (part in _CONTEXT_WORDS or part in MISSPELLABLE) and len(ways.get(end, word)) > len(ways[start]) + 1:
                    ways[end] = (*ways[start], part)
    parts = ways.get(len(word), ())
    return parts if _is_sentence(parts) else ()


def _is_sentence(parts: tuple[str, ...]) -> bool:
    """Whether the parts are an insult with what goes around one: `the rapist` is more often one word."""
    rude = [part for part in parts if part in MISSPELLABLE and part not in _CONTEXT_WORDS]
    if not parts or "a" in (parts[0], parts[-1]):
        return False
    if not rude or not any(part in _CONTEXT_WORDS for part in parts):
        return len(rude) == len(parts) > 1
    return len(parts) >= _MIN_PIECES or any(part in _ADDRESS_WORDS for part in parts if part != "the")


def _spaced(written: str, parts: tuple[str, ...]) -> str:
    pieces, start = [], 0
    for part in parts:
        pieces.append(written[start : start + len(part)])
        start += len(part)
    return " ".join(pieces)
