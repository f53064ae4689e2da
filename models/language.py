"""Language identification, as far as it decides whether a text can be scored."""

import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from models.text.word_lists import read_words

SUPPORTED = frozenset(("en",))
"""The languages whose texts are scored; others are held, and the reason is returned."""

CANDIDATE_LANGUAGES = read_words("candidate_languages")
"""Languages of most comment sections, and `zxx` for none. Among all languages, `lol ok` would get an exotic one."""

MIN_CHARS = 20
MIN_CONFIDENCE = 0.6
"""At this confidence, 3 of 11,000 English news comments of 20 characters or more were taken for another language."""

_MAX_CHARS = 2_000
_NO_LANGUAGE = "zxx"
_MIN_WORDS_OF_REPETITION, _MAX_DISTINCT_WORDS = 4, 2


class LanguageDetector:
    """Identifies languages. Builds its tables once, in 0.5 s; safe to share between threads."""

    def __init__(self) -> None:
        full = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        full.set_languages(CANDIDATE_LANGUAGES)
        # A restricted identifier keeps the tables of all languages; one made of its parts is 30 MB lighter.
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

        The site's own if the text is short, repeats one or two words, or could be in several languages. English if it
        is in no language at all, such as numbers and mashed keys.
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
    """Whether a text is one or two words over and over, as `blah blah blah`: that is in no particular language."""
    words = re.findall(r"\w+", text.lower())
    return len(words) >= _MIN_WORDS_OF_REPETITION and len(set(words)) <= _MAX_DISTINCT_WORDS
