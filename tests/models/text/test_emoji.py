"""Emoji as words."""

from models.text.emoji import spell_emoji


def test_each_emoji_becomes_its_own_words() -> None:
    assert spell_emoji("Such 🐖") == "Such  pig "
    assert spell_emoji("🔫").strip() == "pistol"


def test_a_filled_shape_names_no_people() -> None:
    assert spell_emoji("❤").strip() == "heart"


def test_a_skin_tone_is_kept() -> None:
    assert spell_emoji("👨🏿").split() == ["man", "dark", "skin"]


def test_text_without_emoji_is_left_alone() -> None:
    for text in ("A plain remark.", "Café, naïve, €5, 東京"):
        assert spell_emoji(text) == text
