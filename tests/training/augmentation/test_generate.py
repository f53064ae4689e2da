"""Filled templates: repeatable, balanced between toxic and harmless, and apart from the held-out ones."""

from collections import Counter

from training.augmentation.generate import HELD_OUT, fill_all_identities, generate, generate_held_out
from training.corpora.examples import in_held_out_fold
from training.corpora.keys import dedup_key
from training.templates.identity import fill_extra_identity_templates, fill_identity_templates
from training.templates.loader import load_held_out_implicit_hate, load_identity_terms, load_implicit_hate

GROUP_COUNT = len(load_identity_terms().groups)


def test_the_same_seed_generates_the_same_examples() -> None:
    assert generate(seed=1) == generate(seed=1)
    assert generate(seed=1) != generate(seed=2)


def test_no_placeholder_remains() -> None:
    assert not any("{" in example.text for example in generate(seed=1) + generate_held_out(seed=1))


def test_toxic_and_harmless_examples_balance() -> None:
    identity_keys = {dedup_key(sentence.text) for sentence in fill_identity_templates()}
    counts = Counter(example.targets[0] for example in generate(seed=1) if example.key not in identity_keys)
    assert 0.8 < counts[1.0] / counts[0.0] < 1.25


def test_a_group_is_in_as_many_harmless_as_toxic_examples() -> None:
    examples = generate(seed=1, per_template=GROUP_COUNT)
    counts = Counter(example.targets[0] for example in examples if "deaf people" in example.text.lower())
    assert 0.7 < counts[1.0] / counts[0.0] < 1.4


def test_held_out_templates_are_not_trained_on() -> None:
    hate, held_out = load_implicit_hate(), load_held_out_implicit_hate()
    trained_on = {*hate.contempt, *hate.harmless, *hate.counter_speech, *hate.endorsed, *hate.descriptions}
    assert not trained_on & {*held_out.contempt, *held_out.harmless}
    assert not {example.key for example in generate(seed=1)} & {example.key for example in generate_held_out(seed=1)}


def test_held_out_templates_are_filled_with_every_group() -> None:
    examples = generate_held_out(seed=1)
    assert {example.source for example in examples} == {HELD_OUT}
    assert set(Counter(example.key for example in examples).values()) == {GROUP_COUNT}


def test_identity_sentences_of_the_held_out_fold_are_left_out() -> None:
    texts = {sentence.text for sentence in fill_identity_templates()}
    held_out = {text for text in texts if in_held_out_fold(dedup_key(text))}
    assert held_out
    assert not held_out & {example.text for example in generate(seed=1)}


def test_all_groups_are_named_about_equally_often() -> None:
    texts = " ".join(example.text for example in fill_all_identities(seed=1)).lower()
    counts = [texts.count(term) for term in ("pakistani", "nonbinary", "hispanic", "paralyzed")]
    assert min(counts) > 50
    assert min(counts) / max(counts) > 0.8


def test_extra_identity_templates_of_the_held_out_fold_are_left_out() -> None:
    sentences = fill_extra_identity_templates()
    held_out = {sentence.text for template, sentence in sentences if in_held_out_fold(dedup_key(template))}
    texts = {example.text for example in fill_all_identities(seed=1)}
    assert held_out
    assert not texts & (held_out | {example.text for example in generate_held_out(seed=1)})


def test_an_insult_occurs_in_toxic_and_in_harmless_examples() -> None:
    examples = [example for example in generate(seed=1) if "piece of trash" in example.text.lower()]
    assert {example.targets[0] for example in examples} == {0.0, 1.0}
