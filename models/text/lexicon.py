"""Words that people often disguise. Normalisation changes a spelling only if it may stand for one of these words.

The lists do not raise any score: toxicity is learned from labels. They only distinguish `sh1t` from `mp3`.
"""

from models.text.word_lists import read_table, read_words

_ABUSE, _DEROGATORY, _ORDINARY = read_words("abuse"), read_words("derogatory"), read_words("ordinary")
_ENDINGS = ("", "s", "es", "ed", "er", "ers", "ing", "in", "y", "face")

_MIN_CHARS_BEFORE_ENDING = 4
"""Only words of at least so many letters take every ending. Shorter ones often become other words: `fat`, `fates`."""

_MIN_CHARS_OF_LONG_WORDS = 6
"""Words of at least so many letters have few other words one typing error away."""

ABUSE = frozenset(
    word + ending
    for word in _ABUSE
    for ending in _ENDINGS
    if ending in {"", "s"} or len(word) >= _MIN_CHARS_BEFORE_ENDING
)
"""Insults and profanity. They are decoded from digits, masks, separated letters and repeated letters everywhere."""

INSULTS = ABUSE | frozenset(word + ending for word in _DEROGATORY for ending in ("", "s"))
"""ABUSE and derogatory words. They are decoded if a single word is disguised, but not across spaces."""

OBFUSCATED = INSULTS | frozenset(_ORDINARY)
"""INSULTS and ordinary words that are written in leetspeak next to an insult. Decoded from digits and symbols."""

SEVERE = frozenset(read_words("severe"))
"""Short profanity that few other words resemble."""

_LIKELIEST = ("fuck", "shit", "bitch", "cunt", "ass", "dick")

MASKABLE = (
    *_LIKELIEST,
    *sorted(ABUSE - set(_LIKELIEST), key=lambda word: (len(word), word)),
    *sorted(OBFUSCATED - ABUSE, key=lambda word: (len(word), word)),
)
"""Words that a mask such as `f***` may hide, the most probable first. Abuse precedes other words, short before long."""

MISSPELLABLE = (
    SEVERE
    | frozenset(read_words("misspellable"))
    | frozenset(word for word in (*_ABUSE, *_DEROGATORY, *_ORDINARY) if len(word) >= _MIN_CHARS_OF_LONG_WORDS)
    | frozenset(
        # No plural for words that end in c, g, s or y: most are adjectives, or have another plural.
        word + "s"
        for word in (*_ABUSE, *_DEROGATORY)
        if len(word) >= _MIN_CHARS_OF_LONG_WORDS and word[-1] not in "cgsy"
    )
)
"""Words that are corrected after one typing error, decoded backwards, and joined from pieces.

They are long or severe: few ordinary words are similar to a long word.
"""

KNOWN_SPELLINGS = {
    spelling: word for word, spellings in read_table("known_spellings").items() for spelling in spellings.split()
}
"""Map spellings by sound, and spellings without vowels, to the word. The file has the spellings of a word per row."""
