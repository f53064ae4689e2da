"""Baselines: n-grams trained on training rows only, and other releases, on the same rows."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from joblib import Memory
from sklearn.metrics import roc_auc_score

from models.release import Release
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.corpora.licensed_corpora import Corpora
from training.corpora.provenance import digest_code
from training.evaluation.baselines import (
    NGRAMS,
    PROFANITY_CHECK,
    fit_ngrams,
    load_baselines,
    read_ngram_training_rows,
)
from training.evaluation.baselines import __file__ as baselines_code
from training.evaluation.benchmarks import IMPLICIT_HATE, read_benchmarks
from training.evaluation.scoring import score_texts
from training.evaluation.toxicity_metrics import compare
from training.templates.loader import load_held_out_implicit_hate


def test_ngrams_are_trained_on_no_held_out_row(corpora: Corpora) -> None:
    texts, labels = read_ngram_training_rows(corpora)
    held_out = {row["text"] for row in corpora.held_out("civil_balanced")}
    assert len(texts) == len(labels) == len(set(texts))
    assert not held_out & set(texts)


def test_cached_ngrams_depend_on_their_training_rows(corpora: Corpora, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory", verbose=0)
    before = fit_ngrams(corpora, memory=memory).score(["you are an idiot number 1"])
    other = Corpora(write_corpora(tmp_path / "corpora"))
    rows = other.rows("civil_balanced")
    civil, toxic = (next(row for row in other.train_rows("civil_balanced") if row["toxic"] == label) for label in "01")
    civil["toxic"], toxic["toxic"] = "1", "0"  # as many rows, and as many toxic ones
    write_corpus(other.folder, "civil_balanced", rows)
    after = fit_ngrams(Corpora(other.folder), memory=memory).score(["you are an idiot number 1"])
    assert after[0] != before[0]


def test_cached_scores_depend_on_the_code(corpora: Corpora, release_folder: Path, tmp_path: Path) -> None:
    memory = Memory(tmp_path, verbose=0)
    for baseline in load_baselines(corpora, releases=[release_folder], memory=memory, sample_size=50, jobs=1):
        if baseline.name != PROFANITY_CHECK:
            baseline.score(["The ferry is late."])
    cached = [path.read_text("utf-8") for path in tmp_path.rglob("metadata.json")]
    assert len(cached) == 3
    assert all(digest_code(baselines_code) in metadata for metadata in cached)


def test_rows_are_duplicates_only_with_the_same_emoji(tmp_path: Path) -> None:
    folder = write_corpora(tmp_path)
    trained_on = {"text": "My neighbours = 🐀", "toxic": "1", "hash_split": "train", "type": "none"}
    write_corpus(folder, "hatemoji_build", [trained_on, {**trained_on, "text": "Tea.", "hash_split": "val"}])
    rows = [
        {"text": text, "toxic": toxic, "functionality": "invented"}
        for text, toxic in (("My neighbours 💐", "0"), ("my neighbours 🐀!", "1"))
    ]
    write_corpus(folder, "hatemoji_check", rows)
    (benchmark,) = [found for found in read_benchmarks(Corpora(folder)) if found.name == "hatemoji_check"]
    assert (benchmark.texts, benchmark.duplicates) == (["My neighbours 💐"], 1)


def test_ngrams_separate_toxic_from_harmless(corpora: Corpora) -> None:
    rows = corpora.held_out("civil_balanced")
    scores = fit_ngrams(corpora, memory=Memory(None, verbose=0)).score([row["text"] for row in rows])
    assert roc_auc_score([row["toxic"] == "1" for row in rows], scores) > 0.9


def test_name_states_fewer_training_rows(corpora: Corpora) -> None:
    baseline = fit_ngrams(corpora, memory=Memory(None, verbose=0), sample_size=50)
    assert baseline.name.startswith(f"{NGRAMS}, of ")


def test_release_is_no_better_than_itself(corpora: Corpora, release: Release, release_folder: Path) -> None:
    memory = Memory(None, verbose=0)
    *_, itself = load_baselines(corpora, releases=[release_folder], memory=memory, sample_size=None, jobs=1)
    few = Corpora(corpora.folder, max_rows=30)
    benchmark = next(benchmark for benchmark in read_benchmarks(few) if benchmark.name == "ucc")
    toxicity = score_texts(release.toxicity, benchmark.texts)[:, 0]
    (row,) = [row for row in compare(benchmark, toxicity, [itself], seed=1) if row.metric == "AUC"]
    assert row.low == row.value == row.high == 0
    assert row.baseline == f"release {release.version}"


@pytest.mark.skipif(find_spec("profanity_check") is None, reason="alt-profanity-check is not installed")
def test_public_package_is_a_baseline_if_installed(corpora: Corpora) -> None:
    baselines = load_baselines(corpora, releases=[], memory=Memory(None), sample_size=50, jobs=1)
    (package,) = [baseline for baseline in baselines if baseline.name == PROFANITY_CHECK]
    harmless, rude = package.score(["What a fine bridge.", "You stupid idiot."])
    assert harmless < rude


def test_implicit_hate_is_resampled_by_template(corpora: Corpora) -> None:
    *_, benchmark = read_benchmarks(corpora)
    assert benchmark.name == IMPLICIT_HATE
    templates = load_held_out_implicit_hate()
    assert len(set(benchmark.groups)) == len(templates.contempt) + len(templates.harmless)
    assert set(np.unique(benchmark.labels[:, 0])) == {0.0, 1.0}
