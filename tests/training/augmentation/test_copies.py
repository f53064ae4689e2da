"""Copies of corpus rows: the text changes as it should, and the label stays."""

import re
from dataclasses import replace

from training.augmentation.copies import insert_emoji, join_comments, mention_groups, misspell_copies, swap_groups
from training.augmentation.generate import toxic_targets
from training.corpora.examples import NON_TOXIC, Example

INSULT = toxic_targets(insult=1.0)


def harmless(text: str) -> Example:
    return Example("surge", text, NON_TOXIC, "0" * 15 + "1")


def insulting(text: str) -> Example:
    return replace(harmless(text), targets=INSULT)


def test_a_group_is_swapped_and_the_rest_stays() -> None:
    (copy,) = swap_groups([harmless("My Jewish neighbours grow roses.")], seed=1, max_copies=100)
    assert "Jewish" not in copy.text
    assert copy.text.startswith("My ")
    assert copy.text.endswith(" neighbours grow roses.")
    assert copy.targets == NON_TOXIC


def test_a_text_without_a_group_is_not_copied() -> None:
    assert not swap_groups([harmless("The bridge is closed until May.")], seed=1, max_copies=100)


def test_one_group_does_not_take_all_copies() -> None:
    examples = [harmless(f"Remark {number} by a Muslim reader.") for number in range(50)]
    assert len(swap_groups(examples, seed=1, max_copies=100)) == 5


def test_an_insult_joined_with_a_harmless_comment_stays_toxic() -> None:
    examples = [insulting("What a fool."), harmless("The bridge is closed until May.")]
    copies = join_comments(examples, seed=1, max_copies=2)
    toxic = [copy for copy in copies if copy.targets[0] == 1]
    assert toxic
    assert all("What a fool." in copy.text and "bridge" in copy.text for copy in toxic)


def test_comments_of_different_corpora_are_not_joined() -> None:
    insult = replace(insulting("What a fool."), source="fox")
    copies = join_comments([insult, harmless("The bridge is closed until May.")], seed=1, max_copies=2)
    assert not any(copy.targets[0] == 1 for copy in copies)


def test_a_misspelt_copy_has_another_text_and_the_same_label() -> None:
    insult = insulting("You are a complete and utter disgrace to everybody.")
    (copy,) = misspell_copies([insult], seed=3, max_copies=2)
    assert copy.text != insult.text
    assert copy.targets == insult.targets


def test_a_group_is_mentioned_and_the_label_stays() -> None:
    examples = [
        harmless("I met some people at the harbour."),
        insulting("What do you men know, fools."),
        harmless("The bridge is closed."),
    ]
    toxic, benign = mention_groups(examples, seed=1, max_copies=10)
    assert re.fullmatch(r"I met some [a-z ]+ people at the harbour\.", benign.text)
    assert (toxic.targets, benign.targets) == (INSULT, NON_TOXIC)


def test_emoji_change_neither_words_nor_label() -> None:
    insult = insulting("You lying coward, go away and stay away")
    copies = insert_emoji([insult, harmless("See you at the fair on Sunday then")], seed=3, max_copies=10)
    assert [copy.targets[0] for copy in copies] == [1.0, 0.0]
    assert " ".join(word for word in copies[0].text.split() if word.isascii()) == insult.text
    assert not copies[0].text.isascii()
