"""Fitting toxicity: repeatable, calibrated at the stated base rate, and cached for the code that was used."""

from pathlib import Path

import numpy as np
import pytest
from joblib import Memory
from scipy.special import expit

from models.encoder import Encoder
from models.toxicity.pipeline import TARGETS
from training.augmentation.obfuscations import OBFUSCATIONS, find_most_toxic_word, obfuscate
from training.corpora.licensed_corpora import Corpora
from training.corpora.provenance import digest_code
from training.toxicity.fit import FittedToxicity, fit_toxicity
from training.toxicity.fit import __file__ as toxicity_code


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def fitted_again(corpora: Corpora, encoder: Encoder, cache: Path) -> FittedToxicity:
    return fit_toxicity(corpora, encoder, memory=Memory(cache, verbose=0))


def test_the_same_corpora_give_the_same_model(fitted_again: FittedToxicity, fitted: FittedToxicity) -> None:
    np.testing.assert_array_equal(fitted_again.out_of_fold, fitted.out_of_fold)
    texts = [row.text for row in fitted.training_set[:50]]
    np.testing.assert_array_equal(fitted_again.pipeline.predict_proba(texts), fitted.pipeline.predict_proba(texts))


def test_probabilities_are_right_on_average_at_the_stated_base_rate(fitted: FittedToxicity) -> None:
    natural = [index for index, row in enumerate(fitted.training_set) if row.natural and fitted.held_out[index]]
    probabilities = expit(fitted.out_of_fold[natural, 0])
    assert probabilities.mean() == pytest.approx(fitted.base_rates["toxicity"], abs=0.01)
    assert set(fitted.base_rates) == set(TARGETS)


@pytest.mark.usefixtures("fitted_again")
def test_the_cache_belongs_to_the_code_that_read_the_texts(cache: Path) -> None:
    arguments = [path.read_text("utf-8") for path in cache.rglob("metadata.json")]
    assert len(arguments) == 2
    assert all(digest_code(toxicity_code) in values for values in arguments)


@pytest.mark.parametrize("how", OBFUSCATIONS)
def test_an_obfuscation_changes_only_the_most_toxic_word(fitted: FittedToxicity, how: str) -> None:
    text = "dear mayor, you idiot, bye"
    obfuscated = obfuscate(text, find_most_toxic_word(fitted.pipeline, text), how=how)
    assert obfuscated.startswith("dear mayor, you ")
    assert obfuscated.endswith(", bye")
    assert "idiot" not in obfuscated
