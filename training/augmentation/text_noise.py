"""Intact texts made rough the way people write them: misspelt, short, plain, second-language; still coherent."""

import re
from collections.abc import Callable, Mapping

from models.text.segmentation import sentence_spans
from training.augmentation.corruptions import Draw

Roughening = Callable[[str, Draw], str]

_NEIGHBOURS = {
    **dict(zip("qwertyuiop", "wertyuiopo", strict=True)),
    **dict(zip("asdfghjkl", "sdfghjklk", strict=True)),
    **dict(zip("zxcvbnm", "xcvbnmn", strict=True)),
}
_PHONE = {
    "you": "u", "your": "ur", "are": "r", "to": "2", "for": "4", "because": "cuz", "people": "ppl", "please": "plz",
    "really": "rly", "going to": "gonna", "want to": "wanna", "though": "tho", "through": "thru", "don't": "dont",
    "what": "wat", "the": "da", "that": "dat", "with": "wit", "isn't": "aint", "nothing": "nuthin", "okay": "k",
    "be right back": "brb", "I don't know": "idk", "to be honest": "tbh", "and": "n", "about": "bout",
}  # fmt: skip
_DIALECT = {
    "isn't": "ain't",
    "aren't": "ain't",
    "haven't": "ain't",
    "doesn't": "don't",
    "were": "was",
    "anything": "nothing",
    "anybody": "nobody",
    "any": "no",
    "those": "them",
    "has": "have",
    "saw": "seen",
    "did": "done",
    "my": "me",
    "is": "be",
    "you": "y'all",
    "going": "gonna",
    "should have": "should of",
    "could have": "could of",
}
_SECOND_LANGUAGE = {
    "has": "have",
    "was": "is",
    "were": "was",
    "doesn't": "not",
    "don't": "not",
    "didn't": "not",
    "says": "say",
    "goes": "go",
    "much": "many",
    "because": "for that",
    "in": "on",
    "on": "in",
    "for": "to",
    "at": "in",
    "will": "going to",
    "would": "will",
    "these": "this",
    "those": "that",
    "are": "is",
    "I have": "I am have",
    "I think": "I am thinking",
    "there is": "is",
    "it is": "is",
}
_TAILS = (
    "lol",
    "lmao",
    "smh",
    "!!!",
    "...",
    "\U0001f602",
    "\U0001f44d",
    "just saying",
    "haha",
    "imo",
    "period",
    "\U0001f644",
)
_HEADS = ("yeah", "lol", "wow", "um", "so", "ok", "well", "no", "nope,", "exactly.", "wait,")


def misspell(text: str, draw: Draw) -> str:
    """A slip in about one word of five: a letter dropped, doubled, swapped or hit beside."""
    return re.sub(
        "[A-Za-z]{3,}", lambda match: _slip(match.group(), draw) if draw.happens(0.2) else match.group(), text
    )


def misspell_badly(text: str, draw: Draw) -> str:
    """A slip in about every second word."""
    return re.sub(
        "[A-Za-z]{3,}", lambda match: _slip(match.group(), draw) if draw.happens(0.45) else match.group(), text
    )


def flatten(text: str, _: Draw) -> str:
    """No capitals, no punctuation."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower()).split())


def shout(text: str, _: Draw) -> str:
    """All capitals."""
    return text.upper()


def abbreviate(text: str, draw: Draw) -> str:
    """As on a phone."""
    return _replaced(text, _PHONE, 0.7, draw)


def drop_articles(text: str, draw: Draw) -> str:
    """English as a second language: without articles, some endings and some auxiliaries."""
    text = re.sub(r"\b(?:the|a|an)\s+", lambda match: "" if draw.happens(0.8) else match.group(), text)
    text = re.sub(r"\b(?:is|are|has|have|do|does)\s+", lambda match: "" if draw.happens(0.25) else match.group(), text)
    return re.sub(r"(?<=[a-z]{3})(?:s|ed)\b", lambda match: "" if draw.happens(0.4) else match.group(), text)


def speak_dialect(text: str, draw: Draw) -> str:
    """Grammar that is not the school's: levelled verbs, double negation, them for those."""
    return _replaced(text, _DIALECT, 0.8, draw)


def speak_second_language(text: str, draw: Draw) -> str:
    """English as a second language: other verbs' forms, other prepositions, articles gone or too many."""
    text = _replaced(drop_articles(text, draw), _SECOND_LANGUAGE, 0.5, draw)
    return re.sub(r"\b(?=(?:people|life|nature|money)\b)", lambda _: "the " if draw.happens(0.4) else "", text)


def shorten(text: str, draw: Draw) -> str:
    """One sentence of the text, or its first words up to a comma."""
    spans = sentence_spans(text)
    if not spans:
        return text
    start, end = draw.one_of(spans)
    sentence = text[start:end]
    return sentence.split(",")[0] if draw.happens(0.5) else sentence


def decorate(text: str, draw: Draw) -> str:
    """An interjection before, or a laugh, emoji or dots behind."""
    head = draw.one_of(_HEADS) + " " if draw.happens(0.5) else ""
    return f"{head}{text} {draw.one_of(_TAILS)}"


ROUGHENINGS: tuple[Roughening, ...] = (
    misspell,
    misspell_badly,
    flatten,
    shout,
    abbreviate,
    drop_articles,
    decorate,
    speak_dialect,
    # Three times: nearest to a corruption, and the writers whom a mistake would wrong most.
    speak_second_language,
    speak_second_language,
    speak_second_language,
)
"""What is drawn from, evenly."""


def _replaced(text: str, replacements: Mapping[str, str], share: float, draw: Draw) -> str:
    """About so large a share of the replacements made, each wherever it can be."""
    for usual, other in replacements.items():
        if draw.happens(share):
            text = re.sub(rf"\b{re.escape(usual)}\b", other, text, flags=re.IGNORECASE)
    return text


def _slip(word: str, draw: Draw) -> str:
    place = draw.number(1, len(word))
    before, here, after = word[:place], word[place], word[place + 1 :]
    slips = (
        before + after,
        before + here + here + after,
        before[:-1] + here + before[-1] + after,
        before + _NEIGHBOURS.get(here, here) + after,
    )
    return draw.one_of(slips)
