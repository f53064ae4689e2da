"""Ordinary words that are one typing error away from profanity. They are never read as profanity."""

from models.text.word_lists import read_words

NOT_PROFANITY = frozenset(read_words("allowlist"))
