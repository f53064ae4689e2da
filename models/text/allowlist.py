"""Words that are one typing error away from profanity, and never read as it."""

from models.text.word_lists import read_words

NOT_PROFANITY = frozenset(read_words("allowlist"))
