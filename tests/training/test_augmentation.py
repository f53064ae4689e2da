"""Sentences of our own for tuning."""

from collections import Counter

from training import patterns
from training.augmentation import UNTAUGHT, generate, generate_untaught, swap_groups
from training.mixture import NOTHING, Example


def example(text: str) -> Example:
    return Example("surge", text, NOTHING, "0" * 15 + "1")


def test_the_same_seed_makes_the_same_sentences() -> None:
    assert generate(seed=1) == generate(seed=1)
    assert generate(seed=1) != generate(seed=2)


def test_no_placeholder_is_left() -> None:
    assert not any("{" in made.text for made in generate(seed=1) + generate_untaught(seed=1))


def test_contempt_and_its_harmless_twins_balance() -> None:
    toxic = Counter(made.targets[0] for made in generate(seed=1))
    assert 0.8 < toxic[1.0] / toxic[0.0] < 1.25


def test_a_group_is_named_as_often_kindly_as_with_contempt() -> None:
    made = generate(seed=1, per_pattern=len(patterns.GROUPS))
    named = Counter(sentence.targets[0] for sentence in made if "deaf people" in sentence.text.lower())
    assert 0.7 < named[1.0] / named[0.0] < 1.4


def test_no_untaught_pattern_is_taught() -> None:
    taught = {*patterns.CONTEMPT, *patterns.HARMLESS, *patterns.ANSWERS, *patterns.ENDORSED, *patterns.ABOUT_ONE}
    untaught = {*patterns.UNTAUGHT_CONTEMPT, *patterns.UNTAUGHT_HARMLESS}
    assert not taught & untaught
    assert not {made.key for made in generate(seed=1)} & {made.key for made in generate_untaught(seed=1)}


def test_untaught_sentences_name_every_group_in_every_pattern() -> None:
    made = generate_untaught(seed=1)
    assert {sentence.source for sentence in made} == {UNTAUGHT}
    assert set(Counter(sentence.key for sentence in made).values()) == {len(patterns.GROUPS)}


def test_a_group_is_exchanged_and_the_rest_is_kept() -> None:
    (copy,) = swap_groups([example("My Jewish neighbours grow roses.")], seed=1, most=100)
    assert "Jewish" not in copy.text
    assert copy.text.startswith("My ")
    assert copy.text.endswith(" neighbours grow roses.")
    assert copy.targets == NOTHING


def test_a_text_that_names_no_group_is_not_copied() -> None:
    assert not swap_groups([example("The bridge is closed until May.")], seed=1, most=100)


def test_no_group_takes_all_of_the_copies() -> None:
    many = [example(f"Remark {number} by a Muslim reader.") for number in range(50)]
    assert len(swap_groups(many, seed=1, most=100)) == 5
