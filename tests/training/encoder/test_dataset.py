"""The rows that the encoder is fine-tuned on: sampled by quotas, never from the held-out fold, with noise."""

import random
from pathlib import Path

import pytest

from tests.support.synthetic_corpora import write_corpus
from training.augmentation.text_noise import strip_punctuation
from training.corpora.examples import in_held_out_fold
from training.corpora.keys import dedup_key
from training.corpora.licensed_corpora import Corpora, CorpusNotForRelease
from training.encoder.dataset import SamplingQuota, restore_case, sample, sample_examples

Rows = list[dict[str, str]]

SHARES = dict.fromkeys(("toxicity", "insult", "obscene", "identity_attack", "threat"), "0.0")


def make_rows(count: int, *, toxic: str = "0", topic: str = "timetable") -> Rows:
    texts = [f"Remark number {number} about the {topic}." for number in range(count)]
    return [{"text": text, "toxic": toxic, "dedup_key": dedup_key(text), "hash_split": "train"} for text in texts]


def test_a_fifth_of_every_corpus_is_never_sampled() -> None:
    examples = sample("surge", make_rows(500), SamplingQuota(toxic=500, other=500), seed=1)
    assert 350 < len(examples) < 450
    assert not any(in_held_out_fold(example.key) for example in examples)


def test_a_quota_limits_toxic_and_other_rows_separately() -> None:
    rows = make_rows(50) + make_rows(50, toxic="1", topic="mayor")
    examples = sample("surge", rows, SamplingQuota(toxic=10, other=20), seed=1)
    assert sum(example.targets[0] == 1 for example in examples) == 10
    assert len(examples) == 30


def test_a_sample_depends_on_the_seed_and_not_on_the_order_of_the_file() -> None:
    rows = make_rows(60)
    quota = SamplingQuota(toxic=0, other=20, unpunctuated=0.5)
    assert sample("surge", rows, quota, seed=1) == sample("surge", rows[::-1], quota, seed=1)
    assert sample("surge", rows, quota, seed=1) != sample("surge", rows, quota, seed=2)


def test_a_comment_that_another_corpus_holds_out_is_not_sampled(tmp_path: Path) -> None:
    rows = [
        {**SHARES, **row, "civil_comment_id": str(number), "hash_split": "test" if number < 5 else "train"}
        for number, row in enumerate(make_rows(40))
    ]
    write_corpus(tmp_path, "civil_spans", rows)
    copies = [
        {**row, "text": row["text"] + " Indeed.", "dedup_key": "f" * 15 + "0", "hash_split": "train"} for row in rows
    ]
    write_corpus(tmp_path, "civil_balanced", copies)
    quotas = {"civil_balanced": SamplingQuota(toxic=0, other=100, unpunctuated=0.0)}
    texts = {example.text for example in sample_examples(Corpora(tmp_path), seed=1, quotas=quotas)}
    assert len(texts) == 35
    assert not any(copy["text"] in texts for copy in copies[:5])


def test_a_corpus_that_no_release_may_be_trained_on_is_refused(tmp_path: Path) -> None:
    for name in ("ucc", "civil_spans", "civil_balanced"):
        write_corpus(tmp_path, name, make_rows(3))
    with pytest.raises(CorpusNotForRelease):
        sample_examples(Corpora(tmp_path), seed=1, quotas={"ucc": SamplingQuota(toxic=1, other=1)})


def test_stripped_text_has_neither_case_nor_punctuation() -> None:
    assert strip_punctuation("Well, THAT isn't so: no way!") == "well that isn't so no way"


def test_restored_text_begins_with_a_capital_and_has_the_same_words() -> None:
    restored = restore_case("i think i know the mayor", random.Random(1))  # repeatable
    assert restored.startswith("I think I know the mayor")
    assert strip_punctuation(restored) == "i think i know the mayor"


def test_misspelt_rows_keep_their_label_and_most_of_their_letters() -> None:
    rows = make_rows(60, toxic="1")
    intact = sample("surge", rows, SamplingQuota(toxic=60, other=0, unpunctuated=0.0, misspelt=0.0), seed=1)
    misspelt = sample("surge", rows, SamplingQuota(toxic=60, other=0, unpunctuated=0.0, misspelt=1.0), seed=1)
    assert [example.targets[0] for example in misspelt] == [example.targets[0] for example in intact]
    pairs = list(zip(intact, misspelt, strict=True))
    assert sum(before.text != after.text for before, after in pairs) > len(intact) / 2
    assert all(abs(len(before.text) - len(after.text)) <= 6 for before, after in pairs)
