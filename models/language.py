"""Which language a text is in, as far as that decides whether we can score it; knows nothing of what it says."""

import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SUPPORTED = frozenset(("en",))
"""The languages whose texts are scored; others are held, and the answer says why."""

CANDIDATE_LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro", "hu", "tr", "id", "ca", "hr",
    "el", "ru", "uk", "bg", "ar", "fa", "he", "hi", "bn", "ur", "ta", "th", "vi", "zh", "ja", "ko", "zxx",
)  # fmt: skip
"""The languages of most comment sections, and `zxx` for what is none: unrestricted, `lol ok` becomes exotic."""

MIN_CHARS = 20
MIN_CONFIDENCE = 0.6
"""Over 11,000 English news comments of 20 characters or more, three were taken for another language."""

_MAX_CHARS = 2_000
_NO_LANGUAGE = "zxx"
_OFTEN, _FEW = 4, 2
"""Words of a repetition, and the different ones among them."""


class LanguageDetector:
    """Tells languages apart; makes its tables once (0.5 s) and is safe to share between threads."""

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
        """Answer the language (ISO 639-1) of a normalised text.

        The site's own where the text is short, says one word over and over, or could be several; English where it is
        in no language at all.
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
    """Whether a text is one or two words again and again, as `blah blah blah`: which no language owns."""
    said = re.findall(r"\w+", text.lower())
    return len(said) >= _OFTEN and len(set(said)) <= _FEW
