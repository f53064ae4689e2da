"""Emoji described by their names."""

from models.text.emoji import describe_emoji


def test_emoji_is_described_by_its_name() -> None:
    assert describe_emoji("Such 🐖") == "Such  pig "
    assert describe_emoji("🔫").strip() == "pistol"


def test_filled_shape_is_not_called_black() -> None:
    assert describe_emoji("❤").strip() == "heart"


def test_skin_tone_is_described() -> None:
    assert describe_emoji("👨🏿").split() == ["man", "dark", "skin"]


def test_text_without_emoji_stays() -> None:
    for text in ("A plain remark.", "Café, naïve, €5, 東京"):
        assert describe_emoji(text) == text
