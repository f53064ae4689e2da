"""Keys: which texts count as copies of one another."""

from training.corpora.keys import dedup_key, dedup_key_with_emoji, row_key


def test_case_and_punctuation_make_no_difference() -> None:
    assert dedup_key("Same, TEXT!") == dedup_key("same text") != dedup_key("other text")
    assert dedup_key_with_emoji("Same, TEXT!") == dedup_key_with_emoji("same text")


def test_emoji_make_a_difference_only_to_the_key_with_emoji() -> None:
    texts = ("My neighbours 🐀", "My neighbours 💐", "My neighbours")
    assert len({dedup_key_with_emoji(text) for text in texts}) == 3
    assert len({dedup_key(text) for text in texts}) == 1


def test_the_variant_of_an_emoji_makes_no_difference() -> None:
    assert dedup_key_with_emoji("My neighbours ❤\ufe0f!") == dedup_key_with_emoji("my neighbours ❤")


def test_a_row_has_the_key_of_its_corpus_or_else_that_of_its_text() -> None:
    assert row_key({"text": "Same!", "dedup_key": "0123456789abcdef"}) == "0123456789abcdef"
    assert row_key({"text": "Same!", "dedup_key": ""}) == row_key({"text": "Same!"}) == dedup_key("same")
