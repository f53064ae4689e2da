"""Words that people are known to disguise: what a disguise may be read as, never a reason to score a text.

What makes a text toxic is learned from labels. These lists only tell `sh1t` from `mp3`.
"""

from models.text.word_lists import read_table, read_words

_ABUSE, _DEROGATORY, _ORDINARY = read_words("abuse"), read_words("derogatory"), read_words("ordinary")
_ENDINGS = ("", "s", "es", "ed", "er", "ers", "ing", "in", "y", "face")

_MIN_CHARS_BEFORE_ENDING = 4
"""Letters that a word needs to take any ending: shorter ones become other words too often, as `fat` does in `fates`."""

_MIN_CHARS_OF_LONG_WORDS = 6
"""Letters from which on few other words are one typing error away."""

ABUSE = frozenset(
    word + ending
    for word in _ABUSE
    for ending in _ENDINGS
    if ending in {"", "s"} or len(word) >= _MIN_CHARS_BEFORE_ENDING
)
"""Read out of digits, masks, separated and stretched letters, wherever they occur."""

INSULTS = ABUSE | frozenset(word + ending for word in _DEROGATORY for ending in ("", "s"))
"""With derogatory words: read if one word as a whole is disguised, but not out of words with spaces between them."""

OBFUSCATED = INSULTS | frozenset(_ORDINARY)
"""Read out of digits and symbols: ordinary words are written in leetspeak too, around an insult."""

SEVERE = frozenset(read_words("severe"))
"""Short profanity that few other words resemble."""

_LIKELIEST = ("fuck", "shit", "bitch", "cunt", "ass", "dick")

MASKABLE = (
    *_LIKELIEST,
    *sorted(ABUSE - set(_LIKELIEST), key=lambda word: (len(word), word)),
    *sorted(OBFUSCATED - ABUSE, key=lambda word: (len(word), word)),
)
"""What a mask such as `f***` may hide, the likeliest word first."""

MISSPELLABLE = (
    SEVERE
    | frozenset(read_words("misspellable"))
    | frozenset(word for word in (*_ABUSE, *_DEROGATORY, *_ORDINARY) if len(word) >= _MIN_CHARS_OF_LONG_WORDS)
    | frozenset(
        # Most words that end in these letters are adjectives, or form another plural.
        word + "s"
        for word in (*_ABUSE, *_DEROGATORY)
        if len(word) >= _MIN_CHARS_OF_LONG_WORDS and word[-1] not in "cgsy"
    )
)
"""Read out of one typing error, backwards, and out of pieces: long or severe enough that few other words are close."""

KNOWN_SPELLINGS = {
    spelling: word for word, spellings in read_table("known_spellings").items() for spelling in spellings.split()
}
"""Spellings by sound, and spellings without vowels, with the word that they stand for."""
