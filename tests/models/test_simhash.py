"""Near-duplicates have close fingerprints, and texts that are merely similar do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.simhash import MAX_DISTANCE, bands, fingerprint, hamming_distance

ADVERT = (
    "I finally paid off my mortgage thanks to the trading course by Mr Hollis, who explains every step in plain "
    "words. Write to him today and ask for the free first lesson, you will not regret it."
)
OTHER = (
    "The council has promised a new bridge at every election since I moved here, and every spring the river takes "
    "the old one's railing with it. Who pays for the detour of the school bus?"
)


@pytest.mark.parametrize(
    "copy",
    [
        ADVERT.upper(),
        ADVERT.replace(",", "").replace(".", " !!!"),
        ADVERT.replace("today", "t0day"),
        ADVERT.replace("Hollis", "Hollins"),
        ADVERT + " Trust me.",
        "Hello all. " + ADVERT,
        ADVERT.replace("plain", "pla\u200bin"),
    ],
)
def test_copy_with_small_changes_is_close(copy: str) -> None:
    assert hamming_distance(fingerprint(ADVERT), fingerprint(copy)) <= MAX_DISTANCE


def test_unrelated_texts_are_far_apart() -> None:
    assert hamming_distance(fingerprint(ADVERT), fingerprint(OTHER)) > 2 * MAX_DISTANCE


def test_retold_story_is_not_a_near_duplicate() -> None:
    retold = "Mr Hollis has a course on trading. It helped me with the house, and his first lesson costs nothing."

    assert hamming_distance(fingerprint(ADVERT), fingerprint(retold)) > MAX_DISTANCE


@pytest.mark.parametrize("text", ["", "Well said!", "I agree with you.", "👍 👍 👍 👍 👍 👍"])
def test_very_short_text_has_no_fingerprint(text: str) -> None:
    assert fingerprint(text) is None


def test_fingerprint_is_stable_and_fits_a_signed_column() -> None:
    assert fingerprint(OTHER) == fingerprint(OTHER)
    assert -(2**63) <= fingerprint(OTHER) < 2**63


@given(st.integers(-(2**63), 2**63 - 1), st.sets(st.integers(0, 63), max_size=3))
def test_fingerprints_that_differ_in_three_bits_share_a_band(value: int, flipped: set[int]) -> None:
    other = value
    for bit in flipped:
        other ^= 1 << bit

    assert set(bands(value)) & set(bands(other))
    assert hamming_distance(value, other) == len(flipped)


def test_bands_contain_their_number() -> None:
    assert bands(0) == (0, 1 << 16, 2 << 16, 3 << 16)
    assert len(set(bands(fingerprint(ADVERT)))) == 4
