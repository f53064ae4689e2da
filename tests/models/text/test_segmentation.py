"""Sentences and passages: pieces of the text in order, and few enough to embed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.segmentation import MAX_PASSAGES, WORDS_PER_PASSAGE, passage_spans, sentence_spans, window_spans


def cut(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Lund resigned. Nobody knew why!", ["Dr. Lund resigned.", "Nobody knew why!"]),
        ('"It floods." So they say.', ['"It floods."', "So they say."]),
        ("one line\n\nanother line", ["one line", "another line"]),
        ("It costs 3.50 now… too much", ["It costs 3.50 now…", "too much"]),
        ("  ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert cut(text, sentence_spans(text)) == sentences


@given(st.text(alphabet="ab .!?\n\"'U", max_size=200))
def test_sentences_contain_everything_but_white_space(text: str) -> None:
    assert "".join("".join(cut(text, sentence_spans(text))).split()) == "".join(text.split())


def test_passages_have_four_sentences_each() -> None:
    text = " ".join(f"This is sentence number {number} of the report." for number in range(10))

    assert len(passage_spans(text)) == 3
    assert cut(text, passage_spans(text))[0].count(".") == 4


def test_overlong_sentence_is_cut_by_words() -> None:
    text = "word " * 1_000
    pieces = cut(text, passage_spans(text))

    assert max(len(piece.split()) for piece in pieces) <= WORDS_PER_PASSAGE
    assert sum(len(piece.split()) for piece in pieces) == 1_000


def test_passages_of_a_huge_article_are_sampled() -> None:
    spans = passage_spans("The hearing went on and on. " * 40_000)

    assert len(spans) == MAX_PASSAGES
    assert spans == sorted(set(spans))


def test_windows_are_of_even_length() -> None:
    text = "a b c d e f g"

    assert cut(text, window_spans(text, words=4)) == ["a b c d", "e f g"]
    assert window_spans(" \n", words=4) == []


@pytest.mark.parametrize("text", ["." * 200_000 + "x", "." * 100_000 + '"' * 100_000 + "x", "?!" * 100_000])
def test_long_runs_of_marks_take_linear_time(text: str) -> None:
    """In quadratic time, they would take minutes."""
    assert sentence_spans(text) == [(0, len(text))]


def test_several_marks_after_an_abbreviation_end_a_sentence() -> None:
    text = "Rents, jobs etc... Nobody cares. No... No.. 3.50?"

    assert cut(text, sentence_spans(text)) == ["Rents, jobs etc...", "Nobody cares.", "No...", "No..", "3.50?"]
