"""Peers: n-grams that learn from what may teach, and other releases, on the same rows."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from joblib import Memory
from sklearn.metrics import roc_auc_score

from models.release import newest_release
from training.benchmarks import UNTAUGHT, read_benchmarks
from training.corpora import Corpora
from training.figures import compare
from training.patterns import UNTAUGHT_CONTEMPT, UNTAUGHT_HARMLESS
from training.peers import NGRAMS, PROFANITY_CHECK, fit_ngrams, gather_peers, read_taught
from training.scoring import score_texts

RELEASED = Path(__file__).parents[2] / "models" / "released"


def test_n_grams_learn_from_no_held_out_row(corpora: Corpora) -> None:
    texts, labels = read_taught(corpora)
    held_out = {row["text"] for row in corpora.held_out("civil_balanced")}
    assert len(texts) == len(labels) == len(set(texts))
    assert not held_out & set(texts)


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
