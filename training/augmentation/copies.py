"""Changed copies of corpus rows: other groups, more groups, a second comment, misspellings, emoji.

A copy has the same label as its row, so a model learns that the change does not matter.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from models.text.letter_case import match_case
from training.augmentation.corruptions import Sampler
from training.augmentation.text_noise import misspell_badly
from training.corpora.examples import Example
from training.templates.loader import load_identity_terms

SWAPPED, JOINED, MISSPELT, WITH_EMOJI = "swapped", "joined", "misspelt", "with emoji"
"""The sources of the copies."""

_MAX_CHARS = 220
"""Characters of a short comment. Two of them fit into the tokens that fine-tuning reads."""

_MAX_HARMLESS = 0.3
"""The highest target of toxicity at which a comment counts as certainly harmless."""

_NEUTRAL_EMOJI = "🚗🍕🐟⚽🎈📎🎸🦆🥕🧦☕🚲🍀📦🪁🐌🧀🎩🌵🍞🚀🪑🎹🐢🌊🍇🧩🚦🛟🌈✨❄"
"""Pictures of things, which are neither friendly nor hostile."""

# Words for people in the middle of a sentence, as in "the people here".
_PEOPLE = re.compile(
    r"(?<=[a-z,] )(?:people|persons?|man|men|woman|women|folks?|guys?|kids?|friends?|neighbou?rs?|voters?|couples?)\b"
)
_NOT_SWAPPED_FIRST = frozenset(("age", "sex", "sexes", "gender"))
"""Kinds of words that are so frequent that no copy starts from them. The copies are for rarer groups."""


def swap_groups(examples: Iterable[Example], *, seed: int, max_copies: int) -> list[Example]:
    """Copy examples that name a group, with another group of the same kind in its place.

    At most one copy in twenty replaces the same word, so that frequent groups do not use up all copies.
    """
    copies: list[Example] = []
    # How many copies replace each word.
    counts: dict[str, int] = {}
    for example in examples:
        names = {name.lower() for name in _group_pattern().findall(example.text)}
        # Replace the word that the fewest copies replace so far, and of several such words the first by name.
        candidates = [name for name in names if _kind_by_word()[name] not in _NOT_SWAPPED_FIRST]
        word = min(candidates, key=lambda name: (counts.get(name, 0), name), default=None)
        if word is None or counts.get(word, 0) >= max_copies // 20 or len(copies) >= max_copies:
            continue
        counts[word] = counts.get(word, 0) + 1
        rng = random.Random(f"{seed}:{example.key}")  # repeatable, not secret
        copies.append(replace(example, source=SWAPPED, text=_swap_word(example.text, word, rng)))
    return copies


def mention_groups(examples: Iterable[Example], *, seed: int, max_copies: int) -> list[Example]:
    """Copy comments that mention people, with a group named before them: "the people here", "the gay people here".

    Every group is named equally often, and up to half of the copies are toxic.
    """
    rng = random.Random(seed)  # repeatable, not secret
    terms = load_identity_terms().terms
    candidates = [example for example in examples if _is_short(example) and _PEOPLE.search(example.text)]
    rng.shuffle(candidates)
    copies: list[Example] = []
    for is_toxic in (True, False):
        chosen = [example for example in candidates if _is_toxic(example) == is_toxic][: max_copies // 2]
        for index, example in enumerate(chosen):
            # The terms take turns. `\g<0>` is the word for people, and only the first one in a comment is changed.
            term = terms[index % len(terms)]
            text = _PEOPLE.sub(rf"{term} \g<0>", example.text, count=1)
            copies.append(replace(example, source=SWAPPED, text=text))
    return copies


def join_comments(examples: Sequence[Example], *, seed: int, max_copies: int) -> list[Example]:
    """Join each sampled short example with a harmless one of the same corpus, in random order.

    The label stays: abuse with a harmless comment is still abuse. Up to half of the copies are toxic.
    """
    rng = random.Random(seed)  # repeatable, not secret
    short = [example for example in examples if _is_short(example)]
    harmless: dict[str, list[Example]] = {}
    for example in short:
        if example.targets[0] < _MAX_HARMLESS:
            harmless.setdefault(example.source, []).append(example)
    copies = []
    for is_toxic in (True, False):
        candidates = [example for example in short if _is_toxic(example) == is_toxic and example.source in harmless]
        chosen = rng.sample(candidates, min(max_copies // 2, len(candidates)))
        copies += [_join(example, harmless, rng) for example in chosen]
    return copies


def misspell_copies(examples: Sequence[Example], *, seed: int, max_copies: int) -> list[Example]:
    """Copy short examples with misspellings; up to half of the copies are toxic."""
    rng = random.Random(seed)  # repeatable, not secret
    sampler = Sampler(np.random.default_rng(seed))
    return [
        replace(example, source=MISSPELT, text=misspell_badly(example.text, sampler))
        for example in _sample_both_classes(examples, rng, max_copies=max_copies)
    ]


def insert_emoji(examples: Sequence[Example], *, seed: int, max_copies: int) -> list[Example]:
    """Copy short examples with neutral emoji between the words; up to half of the copies are toxic."""
    rng = random.Random(seed)  # repeatable, not secret
    copies = []
    for example in _sample_both_classes(examples, rng, max_copies=max_copies):
        share = rng.uniform(0.1, 0.6)
        pieces = []
        for word in example.text.split():
            pieces.append(word)
            if rng.random() < share:
                pieces.append(rng.choice(_NEUTRAL_EMOJI))
        copies.append(replace(example, source=WITH_EMOJI, text=" ".join(pieces)))
    return copies


def _sample_both_classes(examples: Sequence[Example], rng: random.Random, *, max_copies: int) -> Iterator[Example]:
    """Yield at most `max_copies` short examples, half of them toxic if there are enough of both."""
    for is_toxic in (True, False):
        candidates = [example for example in examples if _is_short(example) and _is_toxic(example) == is_toxic]
        yield from rng.sample(candidates, min(max_copies // 2, len(candidates)))


def _is_short(example: Example) -> bool:
    return len(example.text) <= _MAX_CHARS


def _is_toxic(example: Example) -> bool:
    # The first target is toxicity.
    return example.targets[0] > 1 / 2


def _swap_word(text: str, word: str, rng: random.Random) -> str:
    """Replace a word throughout a text by a random other word of its kind, in the same case."""
    kind = _kind_by_word()[word]
    candidates = [candidate for candidate in load_identity_terms().swappable[kind] if candidate != word]
    replacement = rng.choice(candidates or [word])
    return re.sub(rf"\b{word}\b", lambda match: match_case(match.group(), replacement), text, flags=re.IGNORECASE)


def _join(example: Example, harmless: Mapping[str, Sequence[Example]], rng: random.Random) -> Example:
    harmless_example = rng.choice(harmless[example.source])
    texts = [example.text.strip(), harmless_example.text.strip()]
    rng.shuffle(texts)
    return replace(example, source=JOINED, text=rng.choice((" ", "\n")).join(texts))


@cache
def _kind_by_word() -> Mapping[str, str]:
    return {word: kind for kind, words in load_identity_terms().swappable.items() for word in words}


@cache
def _group_pattern() -> re.Pattern[str]:
    # An alternation takes its first match, so a longer name comes before a shorter one that it begins with.
    longest_first = sorted(_kind_by_word(), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(longest_first) + r")\b", re.IGNORECASE)
