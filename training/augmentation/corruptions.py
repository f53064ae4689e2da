"""Corruptions: texts made incoherent on purpose, as negative examples for coherence.

Every corruption takes a text and a `Sampler`, which makes random choices and has other texts. The result is about as
long as the text, so that a model cannot recognise it by its length.
"""

import math
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Sampler:
    """A random number generator, and intact texts to take words from."""

    rng: np.random.Generator
    texts: Sequence[str] = ("a word",)

    def happens(self, probability: float) -> bool:
        """Return True with this probability."""
        return bool(self.rng.random() < probability)

    def number(self, low: int, below: int) -> int:
        """Return an integer that is at least `low` and less than `below`, or `low` if there is none."""
        return int(self.rng.integers(low, max(low + 1, below)))

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """Return a random one of the choices."""
        return choices[self.number(0, len(choices))]

    def words(self, length: int) -> list[str]:
        """Return at most `length` consecutive words of a random text."""
        tokens = self.one_of(self.texts).split() or ["word"]
        start = self.number(0, len(tokens) - length)
        return tokens[start : start + length]

    def shuffled(self, items: Sequence[str]) -> list[str]:
        """Return the items in random order."""
        return [items[int(index)] for index in self.rng.permutation(len(items))]


Corruption = Callable[[str, Sampler], str]

# Keys that are neighbours on a keyboard.
_KEY_RUNS = ("asdf", "jkl;", "qwer", "uiop", "zxcv", "asdfghjkl", "hjkl", "sdfg", "dfgh", "cvbn")
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
_FRAGMENTS = ("the of", "to the that", "{0}", "%s", "is be", "n/a", "of of", "&nbsp;", "it it", "[1]", "which the")
_NUMBERS = {"digit": (0, 10), "two": (10, 60), "three": (100, 1_000), "year": (2001, 2026)}
"""The range of each number in a template: at least the first, and less than the second."""


def mash_keys(text: str, sampler: Sampler) -> str:
    """Return runs of random neighbouring keys."""
    pieces: list[str] = []
    while sum(len(piece) for piece in pieces) < max(len(text), 6):
        keys = sampler.one_of(_KEY_RUNS)
        letters = [sampler.one_of(keys) for _ in range(sampler.number(3, 14))]
        pieces.append("".join(letters) + (" " if sampler.happens(0.5) else ""))
    return "".join(pieces).strip()


def randomise_letters(text: str, sampler: Sampler) -> str:
    """Replace every letter by a random one."""
    return re.sub("[A-Za-z]", lambda _: sampler.one_of(string.ascii_lowercase), text)


def invent_words(text: str, sampler: Sampler) -> str:
    """Replace every word by random syllables: pronounceable, but without meaning."""

    def invent(match: re.Match[str]) -> str:
        count = max(1, round(len(match.group()) / 3))
        return "".join(sampler.one_of(_SYLLABLES) for _ in range(count))

    return re.sub("[A-Za-z']+", invent, text)


def scramble_letters(text: str, sampler: Sampler) -> str:
    """Shuffle the letters of each word of at least four letters."""
    return re.sub("[A-Za-z]{4,}", lambda match: "".join(sampler.shuffled(match.group())), text)


def salad(text: str, sampler: Sampler) -> str:
    """Return as many words, each from a random other text."""
    return " ".join(sampler.words(1)[0] for _ in text.split())


def shuffle_words(text: str, sampler: Sampler) -> str:
    """Shuffle the words."""
    return " ".join(sampler.shuffled(text.split()))


def shuffle_nearby(text: str, sampler: Sampler) -> str:
    """Move each word by up to three positions."""
    tokens = text.split()
    # Sorted by position plus a random number below 4, a word passes at most its three neighbours.
    order = np.argsort(np.arange(len(tokens)) + sampler.rng.uniform(0, 4, len(tokens)))
    return " ".join(tokens[index] for index in order)


def splice_fragments(text: str, sampler: Sampler) -> str:
    """Return runs of three to eight words, each from a random other text."""
    wanted = max(len(text.split()), 4)
    pieces: list[str] = []
    while len(pieces) < wanted:
        pieces += sampler.words(sampler.number(3, 9))
    return " ".join(pieces[:wanted])


def break_off(text: str, sampler: Sampler) -> str:
    """Continue the first half of the text, in mid-sentence, with words of two other texts."""
    tokens = text.split()
    cut = max(1, len(tokens) // 2)
    rest = max(2, (len(tokens) - cut) // 2)
    return " ".join(tokens[:cut] + sampler.words(rest) + sampler.words(rest))


def repeat_block(text: str, sampler: Sampler) -> str:
    """Repeat a few words of the text again and again."""
    tokens = text.split()
    length = sampler.number(1, min(9, len(tokens)))
    start = sampler.number(0, len(tokens) - length)
    block = tokens[start : start + length] or ["again"]
    times = max(4, math.ceil(len(tokens) / len(block)))
    return " ".join(block * times)


def repeat_within(text: str, sampler: Sampler) -> str:
    """Return the intact text with its last words pasted behind it three to six times."""
    tokens = text.split()
    length = sampler.number(2, min(12, len(tokens)))
    return " ".join(tokens + tokens[-length:] * sampler.number(3, 7))


def paste_log(text: str, sampler: Sampler) -> str:
    """Return log lines and stack traces."""
    return _fill_lines(_LOG_LINES, len(text), sampler)


def paste_code(text: str, sampler: Sampler) -> str:
    """Return source code and markup."""
    return _fill_lines(_CODE_LINES, len(text), sampler)


def translate_badly(text: str, sampler: Sampler) -> str:
    """Imitate bad machine translation: words are doubled, dropped, swapped and replaced by fragments."""
    tokens: list[str] = []
    for word in text.split():
        # A change that is listed twice is twice as likely. Three words in eight stay as they are.
        change = sampler.one_of(("fragment", "fragment", "double", "drop", "swap", "keep", "keep", "keep"))
        # A fragment is sampled for every word, even if it is not used: later choices of the same seed depend on that.
        results = {"fragment": [sampler.one_of(_FRAGMENTS)], "double": [word, word], "drop": [], "keep": [word]}
        tokens += sampler.words(1) if change == "swap" else results[change]
    return shuffle_nearby(" ".join(tokens or _FRAGMENTS[:2]), sampler)


def bury_half(text: str, sampler: Sampler) -> str:
    """Leave one half intact and corrupt the other half in one of six ways."""
    tokens = text.split()
    cut = len(tokens) // 2
    halves = [" ".join(tokens[:cut]), " ".join(tokens[cut:])]
    chosen = sampler.number(0, 2)
    corrupt = sampler.one_of((mash_keys, randomise_letters, salad, shuffle_words, paste_code, splice_fragments))
    halves[chosen] = corrupt(halves[chosen], sampler)
    return " ".join(halves)


def reverse_words(text: str, _: Sampler) -> str:
    """Reverse the order of the words."""
    return " ".join(reversed(text.split()))


def rotate_letters(text: str, _: Sampler) -> str:
    """Replace each letter by the thirteenth letter after it in the alphabet (ROT13)."""
    lower, upper = string.ascii_lowercase, string.ascii_uppercase
    table = str.maketrans(lower + upper, lower[13:] + lower[:13] + upper[13:] + upper[:13])
    return text.translate(table)


def sort_words(text: str, _: Sampler) -> str:
    """Sort the words alphabetically."""
    return " ".join(sorted(text.split(), key=str.lower))


def splice_topic(text: str, sampler: Sampler) -> str:
    """Alternate between the text and the three most similar of forty others, four to seven words at a time.

    Texts are similar if they share many words of at least five letters. So the topic stays the same, but the sentences
    make no sense.
    """

    def count_shared_words(candidate: str) -> int:
        return len(_content_words(text) & _content_words(candidate))

    candidates = [sampler.one_of(sampler.texts) for _ in range(40)]
    similar = sorted(candidates, key=count_shared_words, reverse=True)[:3]
    sources = [source.split() for source in (text, *similar)]
    pieces: list[str] = []
    # A piece has about six words, so each source continues roughly where its last piece ended.
    for turn in range(max(3, len(sources[0]) // 6)):
        source = sources[turn % len(sources)]
        start = turn // len(sources) * 6
        pieces += source[start : start + sampler.number(4, 8)]
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
"""The corruptions that coherence is trained on."""

UNSEEN: tuple[Corruption, ...] = (reverse_words, rotate_letters, sort_words, splice_topic)
"""The corruptions that are held out of training, for measuring only."""

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
"""The corruptions that make even a text of a few words incoherent. The others may leave it coherent."""


def _fill_lines(templates: Sequence[str], length: int, sampler: Sampler) -> str:
    """Fill random templates until there are `length` characters. Names are words of a random text."""
    names = re.findall("[a-z]{3,9}", " ".join(sampler.words(30)).lower()) or ["value"]
    lines: list[str] = []
    # Unlike `str.format`, this samples a new value for every placeholder: first the words, then the numbers.
    while sum(len(line) for line in lines) < max(length, 30):
        template = sampler.one_of(templates)
        line = re.sub(r"\{word\}", lambda _: sampler.one_of(names), template)
        line = re.sub(r"\{(\w+)\}", lambda match: str(sampler.number(*_NUMBERS[match[1]])), line)
        lines.append(line.replace("{{", "{").replace("}}", "}"))
    return "\n".join(lines)


def _content_words(text: str) -> set[str]:
    return set(re.findall("[a-z]{5,}", text.lower()))
