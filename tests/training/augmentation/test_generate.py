"""Sentences of our own for tuning."""

import re
from collections import Counter
from dataclasses import replace

from training.augmentation.generate import (
    UNTAUGHT,
    generate,
    generate_untaught,
    join_comments,
    known,
    misspell_copies,
    name_everybody,
    name_in_passing,
    scatter_signs,
    swap_groups,
)
from training.corpora.registry import dedup_key
from training.encoder.dataset import NOTHING, Example, is_reserved
from training.templates import implicit_hate
from training.templates.identity import write_sentences
from training.templates.identity_extra import write_namings


def example(text: str) -> Example:
    return Example("surge", text, NOTHING, "0" * 15 + "1")


def test_the_same_seed_makes_the_same_sentences() -> None:
    assert generate(seed=1) == generate(seed=1)
    assert generate(seed=1) != generate(seed=2)


def test_no_placeholder_is_left() -> None:
    assert not any("{" in made.text for made in generate(seed=1) + generate_untaught(seed=1))


def test_contempt_and_its_harmless_twins_balance() -> None:
    about_names = {dedup_key(sentence.text) for sentence in write_sentences()}
    toxic = Counter(made.targets[0] for made in generate(seed=1) if made.key not in about_names)
    assert 0.8 < toxic[1.0] / toxic[0.0] < 1.25


def test_a_group_is_named_as_often_kindly_as_with_contempt() -> None:
    made = generate(seed=1, per_pattern=len(implicit_hate.GROUPS))
    named = Counter(sentence.targets[0] for sentence in made if "deaf people" in sentence.text.lower())
    assert 0.7 < named[1.0] / named[0.0] < 1.4


def test_no_untaught_pattern_is_taught() -> None:
    taught = {
        *implicit_hate.CONTEMPT,
        *implicit_hate.HARMLESS,
        *implicit_hate.ANSWERS,
        *implicit_hate.ENDORSED,
        *implicit_hate.ABOUT_ONE,
    }
    untaught = {*implicit_hate.UNTAUGHT_CONTEMPT, *implicit_hate.UNTAUGHT_HARMLESS}
    assert not taught & untaught
    assert not {made.key for made in generate(seed=1)} & {made.key for made in generate_untaught(seed=1)}


def test_untaught_sentences_name_every_group_in_every_pattern() -> None:
    made = generate_untaught(seed=1)
    assert {sentence.source for sentence in made} == {UNTAUGHT}
    assert set(Counter(sentence.key for sentence in made).values()) == {len(implicit_hate.GROUPS)}


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


def test_an_insult_beside_a_harmless_comment_stays_an_insult() -> None:
    insult = replace(example("What a fool."), targets=known(insult=1.0))
    joined = join_comments([insult, example("The bridge is closed until May.")], seed=1, most=2)
    toxic = [made for made in joined if made.targets[0] == 1]
    assert toxic
    assert all("What a fool." in made.text and "bridge" in made.text for made in toxic)


def test_a_comment_is_joined_with_one_of_its_own_corpus_only() -> None:
    insult = Example("fox", "What a fool.", known(insult=1.0), "0" * 15 + "1")
    joined = join_comments([insult, example("The bridge is closed until May.")], seed=1, most=2)
    assert not any(made.targets[0] == 1 for made in joined)


def test_a_reserved_sentence_about_a_group_is_not_taught() -> None:
    reserved = {sentence.text for sentence in write_sentences() if is_reserved(dedup_key(sentence.text))}
    assert reserved
    assert not reserved & {made.text for made in generate(seed=1)}


def test_no_group_is_named_much_oftener_than_another() -> None:
    texts = " ".join(made.text for made in name_everybody(seed=1)).lower()
    often = [texts.count(term) for term in ("pakistani", "nonbinary", "hispanic", "paralyzed")]
    assert min(often) > 50
    assert min(often) / max(often) > 0.8


def test_no_frame_that_is_reserved_for_a_look_names_anybody() -> None:
    reserved = {sentence.text for frame, sentence in write_namings() if is_reserved(dedup_key(frame))}
    made = {example.text for example in name_everybody(seed=1)}
    assert reserved
    assert not made & (reserved | {example.text for example in generate_untaught(seed=1)})


def test_a_slip_changes_the_text_and_not_what_is_said() -> None:
    insult = replace(example("You are a complete and utter disgrace to everybody."), targets=known(insult=1.0))
    (copy,) = misspell_copies([insult], seed=3, most=2)
    assert copy.text != insult.text
    assert copy.targets == insult.targets


def test_an_insult_is_made_and_reported_with_the_same_words() -> None:
    about = [made for made in generate(seed=1) if "piece of trash" in made.text.lower()]
    assert {made.targets[0] for made in about} == {0.0, 1.0}


def test_a_group_is_named_in_passing_and_the_label_stays() -> None:
    kind = example("I met some people at the harbour.")
    insult = replace(example("What do you men know, fools."), targets=known(insult=1.0))
    rude, harmless = name_in_passing([kind, insult, example("The bridge is closed.")], seed=1, most=10)
    assert re.fullmatch(r"I met some [a-z ]+ people at the harbour\.", harmless.text)
    assert (rude.targets, harmless.targets) == (insult.targets, NOTHING)


def test_pictures_among_the_words_change_neither_words_nor_label() -> None:
    rude = Example("surge", "You lying coward, go away and stay away", known(insult=1.0), "0" * 15 + "1")
    copies = scatter_signs([rude, example("See you at the fair on Sunday then")], seed=3, most=10)
    assert [copy.targets[0] for copy in copies] == [1.0, 0.0]
    assert " ".join(word for word in copies[0].text.split() if word.isascii()) == rude.text
    assert not copies[0].text.isascii()
