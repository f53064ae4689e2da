"""Normalisation: what it decodes, what it leaves as it is, and where each character came from."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.text.normalise import normalise, strip_markup

settings.register_profile("shared machine", deadline=None)  # other load on the machine is no failure
UNHURRIED = settings.get_profile("shared machine")
TRICKY = st.text(alphabet=st.sampled_from("aaiouydtfck  .-*_@$!013<>&;bp/АаеоіСс\u200b\u0336e\u0301ﷺ🅵½…İßﬁ가\ud800"))
PROSE_WORDS = st.sampled_from(
    [
        "the",
        "council",
        "said",
        "that",
        "we",
        "should",
        "go",
        "and",
        "see",
        "people",
        "about",
        "nothing",
        "good",
        "in",
    ]
)
PROSE = st.lists(PROSE_WORDS, min_size=1).map(lambda chosen: " ".join(chosen).capitalize() + ".")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("y0u are an i d i o t", "you are an idiot"),
        ("what an 1d10t", "what an idiot"),
        ("f.u.c.k off", "fuck off"),
        ("s-t-u-p-i-d idea", "stupid idea"),
        ("you @sshole", "you asshole"),
        ("a load of sh*t and bulls**t", "a load of shit and bullshit"),
        ("YOU M0R0N", "YOU MORON"),
        ("you \u0430re an \u0456di\u043et", "you are an idiot"),
        ("\uff49\uff44\uff49\uff4f\uff54", "idiot"),
        ("id\u200bi\u00adot", "idiot"),
        ("i\u0336d\u0336i\u0336o\u0336t\u0336", "idiot"),
        ("stuuuuupid", "stupid"),
        ("soooo good", "soo good"),
        ("doesn\u00e2\u20ac\u2122t", "doesn't"),
    ],
)
def test_disguise_is_read(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "plain",
    [
        "I paid $5 for a 3D film on the 4th, in a B2B deal for 1,000 covid19 masks",
        "The U. S. A. and the U.S.A. met the F.B.I. at 7 p.m., e.g. in Room 101",
        "I a m here; J. R. R. Tolkien wrote XIII chapters for the AAA",
        "See www.example.org/a1b2 or mail jo@example.org, says @jo about #topic",
        "R2D2, C3PO, h1n1, mp3, x86, log4j, A55, K9, 1080p, 4x4, i18n, G20, F-16",
        "R&D at AT&T, C++ and C#, 50*2 = 100, *really* well-known",
        "1 2 3 4 5 6 and a b c d e f",
        "Привет, как дела? Всё хорошо, спасибо.",
        "Καλημέρα σας, τι κάνετε;",
        "Le café naïve à Zürich, mañana",
        "今日は。안녕하세요",
    ],
)
def test_plain_text_stays(plain: str) -> None:
    assert normalise(plain).text == plain


@UNHURRIED
@given(PROSE)
def test_english_prose_stays(prose: str) -> None:
    assert normalise(prose).text == prose
    assert normalise(prose, html=True).text == prose


@UNHURRIED
@given(TRICKY | st.text())
def test_normalisation_is_idempotent(text: str) -> None:
    once = normalise(text, html=True).text
    assert normalise(once).text == once


@UNHURRIED
@given(TRICKY | st.text(), st.data())
def test_every_span_maps_into_the_original(text: str, data: st.DataObject) -> None:
    normalised = normalise(text, html=True)
    start = data.draw(st.integers(0, len(normalised.text)))
    end = data.draw(st.integers(start, len(normalised.text)))
    first, last = normalised.original_span(start, end)
    assert 0 <= first <= last <= len(text)
    assert (start == end) == (first == last)


def test_disguised_word_maps_to_the_whole_original() -> None:
    written = "well, i d i o t \u0430nd"
    normalised = normalise(written)
    start = normalised.text.index("idiot")
    first, last = normalised.original_span(start, start + 5)
    assert written[first:last] == "i d i o t"


def test_span_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no such span: 2 to 9"):
        normalise("four").original_span(2, 9)


def test_markup_is_removed_and_lookalikes_stay() -> None:
    written = "<p>f<b>in</b>e &amp; good</p>\nif a <b and c> d <sarcasm>"
    assert normalise(written, html=True).text == "\nfine & good\n\nif a <b and c> d <sarcasm>"
    assert normalise("a < b &amp; c").text == "a < b &amp; c"


@pytest.mark.parametrize("piece", ["<!--", "<b a=a ", "a a ", "a.", "e\u0301", "f*", "0", "(", "<script>", "&#1"])
def test_long_text_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    normalise(piece * (200_000 // len(piece)), html=True)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("written", "read"), [("é " + "abc1" * 50_000, "é " + "abc1" * 50_000), ("aaab" * 75_000, "aab" * 75_000)]
)
def test_overlong_word_takes_linear_time(written: str, read: str) -> None:
    """In quadratic time, it would take minutes."""
    assert normalise(written).text == read


def test_strip_markup_keeps_everything_else() -> None:
    assert strip_markup("<b>Y0u</b>&nbsp;&amp; m\u0435").text == "Y0u\xa0& m\u0435"
    assert strip_markup("a < b & c").starts is None
