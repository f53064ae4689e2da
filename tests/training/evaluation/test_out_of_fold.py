"""Rows that no part of a release has seen: which they are, and what is said of them."""

import numpy as np
import pytest

from tests.support.synthetic_corpora import write_corpora, write_corpus
from tests.training.report.test_targets import EMPTY
from training.corpora.registry import Corpora
from training.encoder.dataset import is_reserved
from training.evaluation.baselines import Peer
from training.evaluation.out_of_fold import CORPUS, Unseen, gather_unseen, measure_unseen
from training.report.targets import compare_with_aims
from training.toxicity.fit import FittedToxicity


@pytest.fixture(scope="module")
def unseen(fitted: FittedToxicity, tmp_path_factory: pytest.TempPathFactory) -> Unseen:
    folder = tmp_path_factory.mktemp("corpora")
    rows = Corpora(write_corpora(folder)).rows(CORPUS)
    write_corpus(folder, CORPUS, [{**row, "perspective_score": str(0.1 + 0.7 * int(row["toxic"]))} for row in rows])
    return gather_unseen(Corpora(folder), fitted)


def test_no_row_that_the_encoder_may_be_tuned_on_is_among_them(unseen: Unseen, corpora: Corpora) -> None:
    held_out = {row["text"] for row in corpora.held_out(CORPUS)}
    others = [key for key, text in zip(unseen.keys, unseen.texts, strict=True) if text not in held_out]
    assert held_out <= set(unseen.texts)
    assert others
    assert all(is_reserved(key) for key in others)


def test_what_is_recorded_belongs_to_the_row(unseen: Unseen) -> None:
    np.testing.assert_allclose(unseen.recorded, 0.1 + 0.7 * unseen.labels)


def test_the_aim_is_reached_out_of_fold_or_not_at_all(unseen: Unseen) -> None:
    chance = np.random.default_rng(1).random(len(unseen.keys))
    figures = measure_unseen(unseen, Peer("n-grams", lambda _: chance), seed=7)
    (aim,) = compare_with_aims({**EMPTY, "out_of_fold": figures})
    assert aim.name == "wikipedia_context (out of fold), AUC"
    assert aim.beside == figures["beside"]
