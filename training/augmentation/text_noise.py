"""Noise that real comments have: misspellings, abbreviations, dialect, English as a second language.

A text with noise is still coherent, and its label is still right.
"""

import re
from collections.abc import Callable, Mapping

from models.text.keyboard import NEXT_KEY
from models.text.segmentation import sentence_spans
from training.augmentation.corruptions import Sampler
from training.templates.loader import load_text_noise

Noise = Callable[[str, Sampler], str]

_WORD = re.compile("[A-Za-z]{3,}")


def misspell(text: str, sampler: Sampler) -> str:
    """Misspell about one word in five."""
    return _misspell_share(text, 0.2, sampler)


def misspell_badly(text: str, sampler: Sampler) -> str:
    """Misspell about every second word."""
    return _misspell_share(text, 0.45, sampler)


def strip_punctuation(text: str) -> str:
    """Remove capitals and punctuation, except for apostrophes."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower()).split())


def lowercase_unpunctuated(text: str, _: Sampler) -> str:
    """Remove capitals and punctuation."""
    return strip_punctuation(text)


def shout(text: str, _: Sampler) -> str:
    """Write everything in capitals."""
    return text.upper()


def abbreviate(text: str, sampler: Sampler) -> str:
    """Use the abbreviations of text messages."""
    return _replace_share(text, load_text_noise().phone, 0.7, sampler)


def drop_articles(text: str, sampler: Sampler) -> str:
    """Imitate a second language: drop most articles, and some auxiliaries and endings."""
    text = _drop_share(text, r"\b(?:the|a|an)\s+", 0.8, sampler)
    text = _drop_share(text, r"\b(?:is|are|has|have|do|does)\s+", 0.25, sampler)
    # Endings, as in "friends" and "talked".
    return _drop_share(text, r"(?<=[a-z]{3})(?:s|ed)\b", 0.4, sampler)


def use_dialect(text: str, sampler: Sampler) -> str:
    """Use non-standard grammar: "we was", double negation, "them" for "those"."""
    return _replace_share(text, load_text_noise().dialect, 0.8, sampler)


def use_second_language(text: str, sampler: Sampler) -> str:
    """Imitate a second language: other verb forms and prepositions, and articles dropped or added."""
    text = _replace_share(drop_articles(text, sampler), load_text_noise().second_language, 0.5, sampler)
    # The pattern matches the empty string before one of these nouns, where an article is inserted.
    return re.sub(r"\b(?=(?:people|life|nature|money)\b)", lambda _: "the " if sampler.happens(0.4) else "", text)


def take_one_sentence(text: str, sampler: Sampler) -> str:
    """Return one sentence of the text. Half of the time it ends at its first comma."""
    spans = sentence_spans(text)
    if not spans:
        return text
    start, end = sampler.one_of(spans)
    sentence = text[start:end]
    return sentence.split(",")[0] if sampler.happens(0.5) else sentence


def decorate(text: str, sampler: Sampler) -> str:
    """Add a laugh, an emoji or dots after the text, and half of the time an interjection before it."""
    head = sampler.one_of(load_text_noise().heads) + " " if sampler.happens(0.5) else ""
    return f"{head}{text} {sampler.one_of(load_text_noise().tails)}"


NOISES: tuple[Noise, ...] = (
    misspell,
    misspell_badly,
    lowercase_unpunctuated,
    shout,
    abbreviate,
    drop_articles,
    decorate,
    use_dialect,
    # Three times, because it is the most similar to a corruption, and calling it incoherent would be the most unfair.
    use_second_language,
    use_second_language,
    use_second_language,
)
"""The kinds of noise. Each entry is sampled equally often."""


def _drop_share(text: str, pattern: str, share: float, sampler: Sampler) -> str:
    """Remove about this share of the pattern's matches."""
    return re.sub(pattern, lambda match: "" if sampler.happens(share) else match.group(), text)


def _misspell_share(text: str, share: float, sampler: Sampler) -> str:
    return _WORD.sub(
        lambda match: _misspell_word(match.group(), sampler) if sampler.happens(share) else match.group(), text
    )


def _misspell_word(word: str, sampler: Sampler) -> str:
    """Drop, double or swap one letter, or replace it by the next key. The first letter stays."""
    index = sampler.number(1, len(word))
    before, letter, after = word[:index], word[index], word[index + 1 :]
    misspellings = (
        before + after,
        before + letter + letter + after,
        before[:-1] + letter + before[-1] + after,
        before + NEXT_KEY.get(letter, letter) + after,
    )
    return sampler.one_of(misspellings)


def _replace_share(text: str, replacements: Mapping[str, str], share: float, sampler: Sampler) -> str:
    """Apply about this share of the replacements, each to the whole text."""
    for usual, replacement in replacements.items():
        if sampler.happens(share):
            text = re.sub(rf"\b{re.escape(usual)}\b", replacement, text, flags=re.IGNORECASE)
    return text
