"""Languages: told apart where there is enough to tell, assumed where there is not."""

import pytest

from models.language import LanguageDetector


@pytest.fixture(scope="module")
def reader() -> LanguageDetector:
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
def test_a_sentence_tells_its_language(reader: LanguageDetector, text: str, language: str) -> None:
    assert reader.identify(text, site_language="pt") == language


@pytest.mark.parametrize(
    "text", ["lol ok", "Nope.", "C'est la vie", "hahahahahahahahahahahahaha", "Blah blah, blah blah blah!"]
)
def test_what_cannot_be_told_is_in_the_sites_own_language(reader: LanguageDetector, text: str) -> None:
    assert reader.identify(text, site_language="nl") == "nl"


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
def test_what_is_in_no_language_is_english(reader: LanguageDetector, text: str) -> None:
    assert reader.identify(text, site_language="nl") == "en"
