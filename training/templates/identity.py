"""Sentences of ours that name groups of people, kindly and rudely: lessons that it is not the name that offends.

Corpora from the wild name some groups mostly in anger, so that a model learns the name for the anger (Dixon et al.
2018). Every term stands in every sentence here, so a term by itself tells nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TERMS = (
    "african", "african american", "american", "arab", "asexual", "asian", "atheist", "bisexual", "black", "blind",
    "british", "buddhist", "canadian", "catholic", "chinese", "christian", "conservative", "deaf", "disabled",
    "elderly", "european", "female", "foreign", "french", "gay", "german", "heterosexual", "hindu", "hispanic",
    "homosexual", "immigrant", "indian", "indigenous", "irish", "italian", "japanese", "jewish", "latina", "latino",
    "lesbian", "lgbt", "lgbtq", "liberal", "male", "mexican", "middle aged", "middle eastern", "muslim",
    "nonbinary", "old", "older", "pakistani", "paralyzed", "polish", "protestant", "queer", "roma", "russian",
    "sikh", "straight", "teenage", "trans", "transgender", "ukrainian", "white", "young", "younger",
)  # fmt: skip
NAMED = re.compile(rf"\b({'|'.join(sorted(TERMS, key=len, reverse=True))})s?\b")
"""Finds the terms, singular or plural, in lower-case text."""

KIND = (
    "I am {}.",
    "My brother is {} and we get on well.",
    "As a {} person I find this article very fair.",
    "She is the first {} mayor of our town.",
    "A {} couple moved in next door, very nice people.",
    "There are {} families at our school and nobody minds.",
    "The survey asked {} voters what they think of the budget.",
    "We should listen to {} people when they tell us about their lives.",
    "I grew up with {} friends and learned a lot from them.",
    "Being {} should not stop anybody from getting a job.",
    "Happy to see more {} actors in good roles.",
    "The author writes about {} history with great care.",
    "He came out as {} last year and his team supported him.",
    "{} workers earn less for the same work, says the report.",
    "Many {} people live here and pay taxes like everybody else.",
    "My {} colleague explained it to me patiently.",
    "Congratulations to the {} players, they were brilliant tonight.",
    "What do {} readers think of the new law?",
    "I married a {} woman and we are happy.",
    "The {} man who found my wallet brought it back.",
    "Please be respectful of {} people in this thread.",
    "you are {} and you are wonderful",
    "hello i am a {} student from the north",
    "this film shows the daily life of a {} teenager",
    "He is {}.",
    "She told us that she is {} and nobody was surprised.",
    "I am a {} man.",
    "I am a {} woman and proud of it.",
    "My son is {} and we love him.",
    "My parents are {}.",
    "{} rights are human rights.",
    "Two {} men were elected to the board.",
    "We are {} and we belong here like everybody else.",
    "You are {}, so tell us how you see it.",
    "You are a {} man and I respect you.",
    "Some of my best teachers were {}.",
    "It is fine to be {}.",
    "The {} guests were very welcome at the wedding.",
    "He was born {} and there is nothing wrong with that.",
    "Our {} neighbors came to the party.",
)

RUDE = (
    "{} people make me sick.",
    "All {} people are stupid and lazy.",
    "You {} piece of garbage.",
    "I can not stand these horrible {} people, get rid of them.",
    "{} freaks should be locked up.",
    "Only a {} fool would write such rubbish.",
    "shut your mouth you ugly {} idiot",
    "they are {} parasites and nothing else",
    "Go home, you disgusting {} rat.",
    "The {} woman who wrote this is a moron.",
    "those {} animals deserve what they get",
    "nobody wants you here you {} scumbag",
    "you {} moron",
    "he is a {} idiot",
    "I hate {} people.",
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of ours with a term in it."""

    text: str
    term: str
    rude: bool


def write_sentences() -> Iterator[Sentence]:
    """Answer every sentence with every term."""
    for sentences, rude in ((KIND, False), (RUDE, True)):
        for sentence in sentences:
            yield from (Sentence(sentence.format(term), term, rude) for term in TERMS)
