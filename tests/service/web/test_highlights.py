"""Highlights and readings: pure, and true to the text."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.web.review.highlights import Mark, segments
from service.web.review.score_display import age, read_scores
from tests.conftest import NOON

marks = st.builds(Mark, st.integers(-5, 60), st.integers(-5, 60), st.floats(-9, 9))


@given(text=st.text(max_size=40), marks=st.lists(marks, max_size=8))
def test_the_pieces_joined_are_the_text(text: str, marks: list[Mark]) -> None:
    assert "".join(piece for piece, _ in segments(text, marks)) == text


@given(text=st.text(min_size=1, max_size=40), marks=st.lists(marks, max_size=8))
def test_no_piece_is_empty_and_neighbours_differ(text: str, marks: list[Mark]) -> None:
    pieces = segments(text, marks)
    assert all(piece for piece, _ in pieces)
    assert all(one[1] != other[1] for one, other in pairwise(pieces))


def test_an_empty_text_has_no_pieces() -> None:
    assert segments("", [Mark(0, 3, 1.0)]) == []


def test_the_weight_says_which_way_and_how_strongly() -> None:
    text = "one two six ten"
    pieces = segments(text, [Mark(0, 3, 2.5), Mark(4, 7, 0.8), Mark(8, 11, -0.1), Mark(12, 15, -2.0)])
    classes = [weight for piece, weight in pieces if piece.strip()]
    assert classes == ["raises-3", "raises-2", "lowers-1", "lowers-3"]


def test_where_marks_overlap_the_weightier_one_shows() -> None:
    pieces = segments("abcdef", [Mark(0, 4, 0.8), Mark(2, 6, -3.0)])
    assert pieces == [("ab", "raises-2"), ("cdef", "lowers-3")]


def test_offsets_are_code_points() -> None:
    assert segments("🙂 fool", [Mark(2, 6, 1.0)])[1] == ("fool", "raises-2")


def test_a_score_is_beyond_its_threshold_on_its_own_side() -> None:
    scores = {"toxicity": 0.9, "relevance": 0.01, "coherence": 0.5, "insult": 0.99}
    thresholds = {"toxicity": 0.8, "relevance": 0.05, "coherence": 0.1, "insult": None}
    beyond = {reading.name for reading in read_scores(scores, {}, thresholds) if reading.is_held}
    assert beyond == {"toxicity", "relevance"}


def test_an_unknown_score_is_never_beyond() -> None:
    readings = read_scores({"relevance": None}, {"relevance": "too_short"}, {"relevance": 0.5})
    relevance = next(reading for reading in readings if reading.name == "relevance")
    assert not relevance.is_held
    assert relevance.abstention == "too_short"


def test_a_site_s_own_score_comes_last() -> None:
    assert read_scores({"likely_to_reject": 0.4}, {}, {})[-1].name == "likely_to_reject"


def test_ages_round_down_and_a_clock_ahead_is_now() -> None:
    ago = [age(NOON - timedelta(minutes=minutes), NOON) for minutes in (-5, 0, 59, 60, 47 * 60, 48 * 60)]
    assert ago == [(0, "minute"), (0, "minute"), (59, "minute"), (1, "hour"), (47, "hour"), (2, "day")]
