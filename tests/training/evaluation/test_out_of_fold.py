"""Out-of-fold rows: which they are, and what is measured on them."""

import numpy as np
import pytest

from tests.support.synthetic_corpora import write_corpora, write_corpus
from tests.training.report.test_targets import EMPTY
from training.corpora.examples import in_held_out_fold
from training.corpora.licensed_corpora import Corpora
from training.evaluation.baselines import Baseline
from training.evaluation.out_of_fold import CORPUS, OutOfFold, collect_out_of_fold, measure_out_of_fold
from training.report.targets import compare_with_targets
from training.toxicity.fit import FittedToxicity


@pytest.fixture(scope="module")
def rows(fitted: FittedToxicity, tmp_path_factory: pytest.TempPathFactory) -> OutOfFold:
    folder = tmp_path_factory.mktemp("corpora")
    found = Corpora(write_corpora(folder)).rows(CORPUS)
    write_corpus(folder, CORPUS, [{**row, "perspective_score": str(0.1 + 0.7 * int(row["toxic"]))} for row in found])
    return collect_out_of_fold(Corpora(folder), fitted)


def test_rows_are_held_out_of_fine_tuning(rows: OutOfFold, corpora: Corpora) -> None:
    held_out = {row["text"] for row in corpora.held_out(CORPUS)}
    others = [key for key, text in zip(rows.keys, rows.texts, strict=True) if text not in held_out]
    assert held_out <= set(rows.texts)
    assert others
    assert all(in_held_out_fold(key) for key in others)


def test_perspective_scores_belong_to_their_rows(rows: OutOfFold) -> None:
    np.testing.assert_allclose(rows.perspective, 0.1 + 0.7 * rows.labels)


def test_target_is_compared_with_the_result(rows: OutOfFold) -> None:
    chance = np.random.default_rng(1).random(len(rows.keys))
    result = measure_out_of_fold(rows, Baseline("n-grams", lambda _: chance), seed=7)
    (target,) = compare_with_targets(EMPTY, result)
    assert target.name == "wikipedia_context (out of fold), AUC"
    assert (target.reached, target.difference) == (result.auc, result.difference)
