"""Peers: n-grams that learn from what may teach, and other releases, on the same rows."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from joblib import Memory
from sklearn.metrics import roc_auc_score

from models.release import newest_release
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.corpora.provenance import digest_code
from training.corpora.registry import Corpora
from training.evaluation.baselines import NGRAMS, PROFANITY_CHECK, fit_ngrams, gather_peers, read_taught
from training.evaluation.baselines import __file__ as peers_code
from training.evaluation.benchmarks import UNTAUGHT, read_benchmarks
from training.evaluation.scoring import score_texts
from training.evaluation.toxicity_metrics import compare
from training.templates.implicit_hate import UNTAUGHT_CONTEMPT, UNTAUGHT_HARMLESS

RELEASED = Path(__file__).parents[2] / "models" / "released"


def test_n_grams_learn_from_no_held_out_row(corpora: Corpora) -> None:
    texts, labels = read_taught(corpora)
    held_out = {row["text"] for row in corpora.held_out("civil_balanced")}
    assert len(texts) == len(labels) == len(set(texts))
    assert not held_out & set(texts)


def test_n_grams_are_remembered_for_their_very_lessons(corpora: Corpora, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory", verbose=0)
    before = fit_ngrams(corpora, memory=memory).score(["you are an idiot number 1"])
    other = Corpora(write_corpora(tmp_path / "corpora"))
    rows = other.rows("civil_balanced")
    kind, rude = (next(row for row in other.lessons("civil_balanced") if row["toxic"] == toxic) for toxic in "01")
    kind["toxic"], rude["toxic"] = "1", "0"  # as many rows, and as many toxic ones
    write_corpus(other.folder, "civil_balanced", rows)
    after = fit_ngrams(Corpora(other.folder), memory=memory).score(["you are an idiot number 1"])
    assert after[0] != before[0]


def test_what_others_said_is_remembered_for_the_code_that_read_it(corpora: Corpora, tmp_path: Path) -> None:
    folder = RELEASED / newest_release(RELEASED).version
    memory = Memory(tmp_path, verbose=0)
    for peer in gather_peers(corpora, others=[folder], memory=memory, lessons=50, jobs=1):
        if peer.name != PROFANITY_CHECK:
            peer.score(["The ferry is late."])
    kept = [path.read_text("utf-8") for path in tmp_path.rglob("metadata.json")]
    assert len(kept) == 3
    assert all(digest_code(peers_code) in facts for facts in kept)


def test_a_row_is_a_copy_only_with_the_same_emoji(tmp_path: Path) -> None:
    folder = write_corpora(tmp_path)
    taught = {"text": "My neighbours = 🐀", "toxic": "1", "hash_split": "train", "type": "none"}
    write_corpus(folder, "hatemoji_build", [taught, {**taught, "text": "Tea.", "hash_split": "val"}])
    asked = [
        {"text": text, "toxic": toxic, "functionality": "invented"}
        for text, toxic in (("My neighbours 💐", "0"), ("my neighbours 🐀!", "1"))
    ]
    write_corpus(folder, "hatemoji_check", asked)
    (benchmark,) = [one for one in read_benchmarks(Corpora(folder)) if one.name == "hatemoji_check"]
    assert (benchmark.texts, benchmark.copies) == (["My neighbours 💐"], 1)


def test_n_grams_tell_what_they_were_taught_apart(corpora: Corpora) -> None:
    rows = corpora.held_out("civil_balanced")
    said = fit_ngrams(corpora, memory=Memory(None, verbose=0)).score([row["text"] for row in rows])
    assert roc_auc_score([row["toxic"] == "1" for row in rows], said) > 0.9


def test_fewer_lessons_are_said_in_the_name(corpora: Corpora) -> None:
    peer = fit_ngrams(corpora, memory=Memory(None, verbose=0), most=50)
    assert peer.name.startswith(f"{NGRAMS}, of ")


def test_a_release_is_no_better_than_itself(corpora: Corpora) -> None:
    folder = RELEASED / newest_release(RELEASED).version
    peers = list(gather_peers(corpora, others=[folder], memory=Memory(None, verbose=0), lessons=None, jobs=1))
    few = Corpora(corpora.folder, most=30)
    benchmark = next(benchmark for benchmark in read_benchmarks(few) if benchmark.name == "ucc")
    said = score_texts(newest_release(RELEASED).toxicity, benchmark.texts)[:, 0]
    (row,) = [row for row in compare(benchmark, said, peers[-1:], seed=1) if row["measure"] == "AUC"]
    assert row["low"] == row["value"] == row["high"] == 0
    assert row["peer"].startswith("release 20")


@pytest.mark.skipif(find_spec("profanity_check") is None, reason="alt-profanity-check is not installed")
def test_the_package_takes_part_where_it_is_installed(corpora: Corpora) -> None:
    peers = {peer.name: peer for peer in gather_peers(corpora, others=[], memory=Memory(None), lessons=50, jobs=1)}
    harmless, rude = peers[PROFANITY_CHECK].score(["What a fine bridge.", "You stupid idiot."])
    assert harmless < rude


def test_our_implicit_hate_is_measured_by_pattern(corpora: Corpora) -> None:
    *_, benchmark = read_benchmarks(corpora)
    assert benchmark.name == UNTAUGHT
    assert len(set(benchmark.groups)) == len(UNTAUGHT_CONTEMPT) + len(UNTAUGHT_HARMLESS)
    assert set(np.unique(benchmark.labels[:, 0])) == {0.0, 1.0}
