"""Language identification. It decides whether a text can be scored."""

import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from models.text.word_lists import read_words

SUPPORTED = frozenset(("en",))
"""The languages that the models can score, as ISO 639-1 codes. Other texts have no scores but a reason."""

CANDIDATE_LANGUAGES = read_words("candidate_languages")
"""The languages of most comment sections, and `zxx` for no language. With all languages, `lol ok` gets a rare one."""

MIN_CHARS = 20
MIN_CONFIDENCE = 0.6
"""A less certain result is not used. With this minimum, 3 of 11,000 English news comments of 20 characters or more were
identified as another language."""

_MAX_CHARS = 2_000
_NO_LANGUAGE = "zxx"
_MIN_WORDS_OF_REPETITION, _MAX_DISTINCT_WORDS = 4, 2


class LanguageDetector:
    """Identifies languages. Builds its tables once, in 0.5 s; safe to share between threads."""

    def __init__(self) -> None:
        full = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        full.set_languages(CANDIDATE_LANGUAGES)
        # `full` still has the tables of all languages. A new identifier from its restricted parts saves 30 MB.
        self._identifier = LanguageIdentifier(
            full.nb_ptc,
            full.nb_pc,
            full.nb_classes,
            full.tk_nextmove,
            full.tk_output,
            norm_probs=True,
            tk_row=full.tk_row,
        )

    def identify(self, text: str, *, site_language: str) -> str:
        """Return the language (ISO 639-1) of a normalised text.

        The result is `site_language` if the text is short, repeats one or two words, or could be in several languages.
        It is English, and the text is scored, if the text is in no language, such as numbers and mashed keys.
        """
        if not any(letter.isalpha() for letter in text):
            return "en"
        if len(text.strip()) < MIN_CHARS or _is_repetition(text[:_MAX_CHARS]):
            return site_language
        language, confidence = self._identifier.rank(text[:_MAX_CHARS])[0]
        if language == _NO_LANGUAGE:
            return "en"
        return str(language) if confidence >= MIN_CONFIDENCE else site_language


def _is_repetition(text: str) -> bool:
    """Return whether a text only repeats one or two words, such as `blah blah blah`. It could be in any language."""
    words = re.findall(r"\w+", text.lower())
    return len(words) >= _MIN_WORDS_OF_REPETITION and len(set(words)) <= _MAX_DISTINCT_WORDS
