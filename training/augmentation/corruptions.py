"""Texts broken on purpose: what coherence learns to tell from intact ones; makes no features.

Every corruption takes a text and a `Draw` of chances and other texts, and answers about as much text as it was given,
so that length tells nothing.
"""

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Draw:
    """Chance, and intact texts to borrow from."""

    rng: np.random.Generator
    texts: Sequence[str] = ("a word",)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return bool(self.rng.random() < probability)

    def number(self, low: int, below: int) -> int:
        """A whole number from `low`, under `below`, or `low` where there is none."""
        return int(self.rng.integers(low, max(low + 1, below)))

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices."""
        return choices[self.number(0, len(choices))]

    def words(self, length: int) -> list[str]:
        """A run of at most so many words from somewhere in another text."""
        tokens = self.one_of(self.texts).split() or ["word"]
        start = self.number(0, len(tokens) - length)
        return tokens[start : start + length]

    def shuffled(self, items: Sequence[str]) -> list[str]:
        """The items in random order."""
        return [items[int(place)] for place in self.rng.permutation(len(items))]


Corruption = Callable[[str, Draw], str]

_HANDS = ("asdf", "jkl;", "qwer", "uiop", "zxcv", "asdfghjkl", "hjkl", "sdfg", "dfgh", "cvbn")
_SYLLABLES = ("ba", "lo", "tri", "ven", "sko", "mur", "qua", "ith", "dor", "pel", "nug", "zan", "fre", "ost")
_LOG_LINES = (
    "{year}-0{digit}-1{digit} 12:{two}:{two},{three} ERROR worker[{three}] {word}.{word}: connection reset ({three})",
    "at com.{word}.{word}.Main${digit}.run(Main.java:{three})",
    "INFO: [{word}] {word}={three} {word}={three} status=0x{three}f",
    "GET /{word}/{word}?id={three} HTTP/1.1 {three} {three}",
)
_CODE_LINES = (
    "def {word}(self, {word}=None): return self._{word}[{digit}]",
    "for (int i = 0; i < {word}.length; i++) {{ {word}[i] += {digit}; }}",
    "if {word} != null && {word}.{word}() > {three}: {{",
    '<div class="{word}-{word}" id="{word}{three}"><span>',
    '{{"{word}": {three}, "{word}": ["{word}", null], "id": {three}}},',
    "import {word}.{word} as {word}; var {word}_{digit} = new {word}();",
    "SELECT {word}, {word} FROM {word} WHERE {word}_id = {three};",
)
_DEBRIS = ("the of", "to the that", "{0}", "%s", "is be", "n/a", "of of", "&nbsp;", "it it", "[1]", "which the")
_NUMBERS = {"digit": (0, 10), "two": (10, 60), "three": (100, 1_000), "year": (2001, 2026)}


def mash_keys(text: str, draw: Draw) -> str:
    """Hands rolling over the keyboard."""
    pieces: list[str] = []
    while sum(len(piece) for piece in pieces) < max(len(text), 6):
        hand = draw.one_of(_HANDS)
        letters = [draw.one_of(hand) for _ in range(draw.number(3, 14))]
        pieces.append("".join(letters) + (" " if draw.happens(0.5) else ""))
    return "".join(pieces).strip()


def randomise_letters(text: str, draw: Draw) -> str:
    """Every letter another one: words of the right length that are none."""
    return re.sub("[A-Za-z]", lambda _: draw.one_of(string.ascii_lowercase), text)


def invent_words(text: str, draw: Draw) -> str:
    """Words that could be pronounced and mean nothing."""

    def invent(match: re.Match[str]) -> str:
        count = max(1, round(len(match.group()) / 3))
        return "".join(draw.one_of(_SYLLABLES) for _ in range(count))

    return re.sub("[A-Za-z']+", invent, text)


def scramble_letters(text: str, draw: Draw) -> str:
    """The letters of each longer word in another order."""
    return re.sub("[A-Za-z]{4,}", lambda match: "".join(draw.shuffled(match.group())), text)


def salad(text: str, draw: Draw) -> str:
    """As many words, each from another text."""
    return " ".join(draw.words(1)[0] for _ in text.split())


def shuffle_words(text: str, draw: Draw) -> str:
    """The words in random order."""
    return " ".join(draw.shuffled(text.split()))


def shuffle_nearby(text: str, draw: Draw) -> str:
    """Each word up to three places from where it was."""
    tokens = text.split()
    order = np.argsort(np.arange(len(tokens)) + draw.rng.uniform(0, 4, len(tokens)))
    return " ".join(tokens[place] for place in order)


def splice_fragments(text: str, draw: Draw) -> str:
    """Runs of three to eight words, cut from the middle of other texts."""
    wanted = max(len(text.split()), 4)
    pieces: list[str] = []
    while len(pieces) < wanted:
        pieces += draw.words(draw.number(3, 9))
    return " ".join(pieces[:wanted])


def break_off(text: str, draw: Draw) -> str:
    """The first half of one text runs, in mid-sentence, into pieces of two others."""
    tokens = text.split()
    cut = max(1, len(tokens) // 2)
    rest = max(2, (len(tokens) - cut) // 2)
    return " ".join(tokens[:cut] + draw.words(rest) + draw.words(rest))


def repeat_block(text: str, draw: Draw) -> str:
    """A few words of the text over and over."""
    tokens = text.split()
    length = draw.number(1, min(9, len(tokens)))
    start = draw.number(0, len(tokens) - length)
    block = tokens[start : start + length] or ["again"]
    times = max(4, -(-len(tokens) // len(block)))
    return " ".join(block * times)


def repeat_within(text: str, draw: Draw) -> str:
    """An intact beginning, then one stretch of it pasted four times and more."""
    tokens = text.split()
    length = draw.number(2, min(12, len(tokens)))
    return " ".join(tokens + tokens[-length:] * draw.number(3, 7))


def paste_log(text: str, draw: Draw) -> str:
    """Log lines and stack traces."""
    return _filled(_LOG_LINES, len(text), draw)


def paste_code(text: str, draw: Draw) -> str:
    """Source code and markup."""
    return _filled(_CODE_LINES, len(text), draw)


def translate_badly(text: str, draw: Draw) -> str:
    """Debris of machine translation: words doubled, dropped, swapped and replaced by scraps."""
    tokens: list[str] = []
    for word in text.split():
        kind = draw.one_of(("scrap", "scrap", "twice", "gone", "other", "word", "word", "word"))
        kinds = {"scrap": [draw.one_of(_DEBRIS)], "twice": [word, word], "gone": [], "word": [word]}
        tokens += kinds[kind] if kind in kinds else draw.words(1)
    return shuffle_nearby(" ".join(tokens or _DEBRIS[:2]), draw)


def bury_half(text: str, draw: Draw) -> str:
    """One half intact, the other half broken in one of the ways above."""
    tokens = text.split()
    cut = len(tokens) // 2
    halves = [" ".join(tokens[:cut]), " ".join(tokens[cut:])]
    broken = draw.number(0, 2)
    breaking = draw.one_of((mash_keys, randomise_letters, salad, shuffle_words, paste_code, splice_fragments))
    halves[broken] = breaking(halves[broken], draw)
    return " ".join(halves)


def reverse_words(text: str, _: Draw) -> str:
    """The words from last to first."""
    return " ".join(reversed(text.split()))


def rotate_letters(text: str, _: Draw) -> str:
    """Each letter thirteen places on (ROT13)."""
    lower, upper = string.ascii_lowercase, string.ascii_uppercase
    table = str.maketrans(lower + upper, lower[13:] + lower[:13] + upper[13:] + upper[:13])
    return text.translate(table)


def sort_words(text: str, _: Draw) -> str:
    """The words in alphabetical order."""
    return " ".join(sorted(text.split(), key=str.lower))


def splice_topic(text: str, draw: Draw) -> str:
    """Pieces of four to seven words, in turn from the text and from those of forty others that share most words."""
    others = [draw.one_of(draw.texts) for _ in range(40)]
    near = sorted(others, key=lambda other: -len(_content(text) & _content(other)))[:3]
    sources = [piece.split() for piece in (text, *near)]
    pieces: list[str] = []
    for turn in range(max(3, len(sources[0]) // 6)):
        start = turn // len(sources) * 6
        pieces += sources[turn % len(sources)][start : start + draw.number(4, 8)]
    return " ".join(pieces)


SEEN: tuple[Corruption, ...] = (
    mash_keys,
    randomise_letters,
    invent_words,
    scramble_letters,
    salad,
    shuffle_words,
    shuffle_nearby,
    splice_fragments,
    break_off,
    repeat_block,
    repeat_within,
    paste_log,
    paste_code,
    translate_badly,
    bury_half,
)
"""What training sees."""

UNSEEN: tuple[Corruption, ...] = (reverse_words, rotate_letters, sort_words, splice_topic)
"""What only measuring sees."""

BREAKS_SHORT: frozenset[Corruption] = frozenset(
    {
        mash_keys,
        randomise_letters,
        invent_words,
        scramble_letters,
        salad,
        repeat_block,
        paste_code,
        rotate_letters,
    }
)
"""What breaks even a few words: in another order they may be somebody's plain speech."""


def _filled(templates: Sequence[str], length: int, draw: Draw) -> str:
    """Lines from templates, with words of another text for names, until long enough."""
    names = re.findall("[a-z]{3,9}", " ".join(draw.words(30)).lower()) or ["value"]
    lines: list[str] = []
    while sum(len(line) for line in lines) < max(length, 30):
        line = re.sub(r"\{word\}", lambda _: draw.one_of(names), draw.one_of(templates))
        line = re.sub(r"\{(\w+)\}", lambda match: str(draw.number(*_NUMBERS[match[1]])), line)
        lines.append(line.replace("{{", "{").replace("}}", "}"))
    return "\n".join(lines)


def _content(text: str) -> set[str]:
    return set(re.findall("[a-z]{5,}", text.lower()))
