"""What the encoder is tuned on."""

import csv
import gzip
import math
import random
from pathlib import Path

import pytest

from training.corpora.registry import Corpora, CorpusNotForRelease, dedup_key
from training.encoder.dataset import Share, aim, draw, dress, is_reserved, mix, strip_marks

Rows = list[dict[str, str]]


def remarks(count: int, *, toxic: str = "0", word: str = "timetable") -> Rows:
    texts = [f"Remark number {number} about the {word}." for number in range(count)]
    return [{"text": text, "toxic": toxic, "dedup_key": dedup_key(text), "hash_split": "train"} for text in texts]


def corpora_with(folder: Path, name: str, rows: Rows) -> Corpora:
    corpora = Corpora(folder)
    corpora.path(name).parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(corpora.path(name), "wt", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, fieldnames=list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return corpora


def spans(**shares: str) -> dict[str, str]:
    nothing = dict.fromkeys(("toxicity", "insult", "obscene", "identity_attack", "threat"), "0.0")
    return {**nothing, **shares}


def test_a_fifth_of_every_corpus_is_never_learned() -> None:
    drawn = draw("surge", remarks(500), Share(toxic=500, other=500), seed=1)
    assert 350 < len(drawn) < 450
    assert not any(is_reserved(example.key) for example in drawn)


def test_a_share_bounds_toxic_and_other_rows_apart() -> None:
    rows = remarks(50) + remarks(50, toxic="1", word="mayor")
    drawn = draw("surge", rows, Share(toxic=10, other=20), seed=1)
    assert sum(example.targets[0] == 1 for example in drawn) == 10
    assert len(drawn) == 30


def test_the_same_seed_draws_the_same_rows_in_any_order_of_the_file() -> None:
    rows = remarks(60)
    share = Share(toxic=0, other=20, bare=0.5)
    assert draw("surge", rows, share, seed=1) == draw("surge", rows[::-1], share, seed=1)
    assert draw("surge", rows, share, seed=1) != draw("surge", rows, share, seed=2)


def test_raters_who_disagree_teach_nothing() -> None:
    assert aim("civil_spans", spans(toxicity="0.3333")) is None


def test_the_more_raters_call_a_comment_toxic_the_higher_the_aim() -> None:
    none, most, everyone = (aim("civil_spans", spans(toxicity=share)) for share in ("0.0", "0.6667", "1.0"))
    assert none
    assert most
    assert everyone
    assert 0 < none[0] < 1 / 2 < most[0] < everyone[0] < 1


def test_an_attribute_that_nobody_was_asked_about_is_unknown() -> None:
    aims = aim("surge", {"toxic": "1"})
    assert aims
    assert aims[0] == 1
    assert all(math.isnan(aim_at) for aim_at in aims[1:])


def test_what_is_not_toxic_has_no_attribute_either() -> None:
    assert aim("surge", {"toxic": "0"}) == (0.0,) * 6


def test_a_comment_that_copies_a_held_out_one_is_not_learned(tmp_path: Path) -> None:
    rows = [{**row, "civil_comment_id": str(n), "toxicity": "0.0"} for n, row in enumerate(remarks(40))]
    rows = [{**spans(), **row, "hash_split": "test" if int(row["civil_comment_id"]) < 5 else "train"} for row in rows]
    corpora = corpora_with(tmp_path, "civil_spans", rows)
    copies = [{**row, "text": row["text"] + " Indeed.", "dedup_key": "f" * 15 + "0"} for row in rows]
    corpora_with(tmp_path, "civil_balanced", [{**row, "hash_split": "train"} for row in copies])
    taken = mix(corpora, seed=1, mixture={"civil_balanced": Share(toxic=0, other=100, bare=0.0)})
    learned = {example.text for example in taken}
    assert len(learned) == 35
    assert not any(copy["text"] in learned for copy in copies[:5])


def test_what_no_release_may_learn_from_is_refused(tmp_path: Path) -> None:
    for name in ("ucc", "civil_spans", "civil_balanced"):
        corpora = corpora_with(tmp_path, name, remarks(3))
    with pytest.raises(CorpusNotForRelease):
        mix(corpora, seed=1, mixture={"ucc": Share(toxic=1, other=1)})


def test_bare_text_has_neither_case_nor_punctuation() -> None:
    assert strip_marks("Well, THAT isn't so: no way!") == "well that isn't so no way"


def test_dressed_text_begins_with_a_capital_and_says_the_same() -> None:
    dressed = dress("i think i know the mayor", random.Random(1))  # noqa: S311 - repeatable
    assert dressed.startswith("I think I know the mayor")
    assert strip_marks(dressed) == "i think i know the mayor"


def test_misspelt_rows_keep_their_label_and_most_of_their_letters() -> None:
    plain = draw("surge", remarks(60, toxic="1"), Share(toxic=60, other=0, bare=0.0, misspelt=0.0), seed=1)
    slipped = draw("surge", remarks(60, toxic="1"), Share(toxic=60, other=0, bare=0.0, misspelt=1.0), seed=1)
    assert [one.targets[0] for one in slipped] == [one.targets[0] for one in plain]
    changed = [one for one, other in zip(slipped, plain, strict=True) if one.text != other.text]
    assert len(changed) > len(plain) / 2
    assert all(abs(len(one.text) - len(other.text)) <= 6 for one, other in zip(slipped, plain, strict=True))
