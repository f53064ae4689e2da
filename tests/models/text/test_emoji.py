"""Emoji as words."""

from models.text.emoji import describe_emoji


def test_each_emoji_becomes_its_own_words() -> None:
    assert describe_emoji("Such 🐖") == "Such  pig "
    assert describe_emoji("🔫").strip() == "pistol"


def test_a_filled_shape_names_no_people() -> None:
    assert describe_emoji("❤").strip() == "heart"


def test_a_skin_tone_is_kept() -> None:
    assert describe_emoji("👨🏿").split() == ["man", "dark", "skin"]


def test_text_without_emoji_is_left_alone() -> None:
    for text in ("A plain remark.", "Café, naïve, €5, 東京"):
        assert describe_emoji(text) == text
