"""Tokens, word ids and syntax ids."""

from models.coherence.vocabulary import FIRST_WORD, FUNCTION_WORDS, NUMBER, Vocabulary, split_tokens


def test_words_numbers_and_marks_have_ids() -> None:
    tokens = split_tokens("Don't pay 12 EUR, don't...")
    vocabulary = Vocabulary.learn([tokens], max_terms=9, min_count=2)

    assert tokens == ["don't", "pay", "12", "eur", ",", "don't", "..."]
    assert vocabulary.word_ids(tokens).tolist() == [3, 1, 2, 1, 1, 3, 1]


def test_syntax_ids_keep_function_words_and_the_endings_of_others() -> None:
    tokens = split_tokens("the walking and the talking of 12 xylophones")
    vocabulary = Vocabulary.learn([["the", "and", "of"]], max_terms=3, min_count=1)
    the, walking, _, again, talking, _, number, xylophones = vocabulary.syntax_ids(tokens, vocabulary.word_ids(tokens))

    assert FIRST_WORD <= the == again < FIRST_WORD + FUNCTION_WORDS
    assert walking == talking != xylophones
    assert number == NUMBER
    assert max(walking, xylophones) < vocabulary.syntax_vocabulary_size
