"""Language identification: identified if there is enough text, and the site's own language otherwise."""

import pytest

from models.language import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor should explain the new budget to all of us.", "en"),
        ("Ce gouvernement ne sait plus quoi faire pour nous ruiner.", "fr"),
        ("Der Bürgermeister sollte uns das endlich einmal erklären.", "de"),
        ("Мэр должен объяснить нам всем этот новый бюджет города.", "ru"),
        ("市長はこの新しい予算について私たちに説明するべきだと思います。", "ja"),
    ],
)
def test_language_of_a_sentence_is_identified(detector: LanguageDetector, text: str, language: str) -> None:
    assert detector.identify(text, site_language="pt") == language


@pytest.mark.parametrize(
    "text", ["lol ok", "Nope.", "C'est la vie", "hahahahahahahahahahahahaha", "Blah blah, blah blah blah!"]
)
def test_unclear_text_is_in_the_site_language(detector: LanguageDetector, text: str) -> None:
    assert detector.identify(text, site_language="nl") == "nl"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!",
        "12 345 678",
        "asdf jkl qwerpoiu zxcvmn asdlkfj qwopeiru",
        "sdkfjh sdkjfh skdjfh ksjdhf",
        "hgfhgf jhgjhg uytuyt nbvnbv",
        "aslkdj alskdj alskdjalskd",
        "qwerty uiop asdf ghjkl zxcv",
    ],
)
def test_text_in_no_language_is_english(detector: LanguageDetector, text: str) -> None:
    assert detector.identify(text, site_language="nl") == "en"
