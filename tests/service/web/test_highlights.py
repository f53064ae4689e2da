"""Highlights keep the text, and score views compare scores with thresholds."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.web.review.highlights import Mark, split_at_marks
from service.web.review.score_display import view_scores

marks = st.builds(Mark, st.integers(-5, 60), st.integers(-5, 60), st.floats(-9, 9))


@given(text=st.text(max_size=40), marks=st.lists(marks, max_size=8))
def test_the_pieces_joined_are_the_text(text: str, marks: list[Mark]) -> None:
    assert "".join(piece for piece, _ in split_at_marks(text, marks)) == text


@given(text=st.text(min_size=1, max_size=40), marks=st.lists(marks, max_size=8))
def test_no_piece_is_empty_and_neighbours_differ(text: str, marks: list[Mark]) -> None:
    pieces = split_at_marks(text, marks)
    assert all(piece for piece, _ in pieces)
    assert all(left[1] != right[1] for left, right in pairwise(pieces))


def test_an_empty_text_has_no_pieces() -> None:
    assert split_at_marks("", [Mark(0, 3, 1.0)]) == []


def test_the_class_gives_direction_and_strength() -> None:
    text = "one two six ten"
    pieces = split_at_marks(text, [Mark(0, 3, 2.5), Mark(4, 7, 0.8), Mark(8, 11, -0.1), Mark(12, 15, -2.0)])
    classes = [weight for piece, weight in pieces if piece.strip()]
    assert classes == ["raises-3", "raises-2", "lowers-1", "lowers-3"]


def test_the_heavier_of_two_overlapping_marks_wins() -> None:
    pieces = split_at_marks("abcdef", [Mark(0, 4, 0.8), Mark(2, 6, -3.0)])
    assert pieces == [("ab", "raises-2"), ("cdef", "lowers-3")]


def test_offsets_are_code_points() -> None:
    assert split_at_marks("🙂 fool", [Mark(2, 6, 1.0)])[1] == ("fool", "raises-2")


def test_scores_are_held_above_or_below_their_threshold() -> None:
    scores = {"toxicity": 0.9, "relevance": 0.01, "coherence": 0.5, "insult": 0.99}
    thresholds = {"toxicity": 0.8, "relevance": 0.05, "coherence": 0.1, "insult": None}
    held = {score.name for score in view_scores(scores, {}, thresholds) if score.is_held}
    assert held == {"toxicity", "relevance"}


def test_an_unknown_score_is_not_held() -> None:
    views = view_scores({"relevance": None}, {"relevance": "too_short"}, {"relevance": 0.5})
    relevance = next(score for score in views if score.name == "relevance")
    assert not relevance.is_held
    assert relevance.abstention == "too_short"


def test_the_site_model_s_score_comes_last() -> None:
    assert view_scores({"likely_to_reject": 0.4}, {}, {})[-1].name == "likely_to_reject"
