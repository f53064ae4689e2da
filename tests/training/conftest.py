"""What the tests of training share: the released models, and invented corpora, written once."""

from pathlib import Path

import pytest
from joblib import Memory

from models.encoder import Encoder
from models.release import Release, newest_release
from tests.support.paths import RELEASED
from tests.support.synthetic_corpora import write_corpora
from training.corpora.licensed_corpora import Corpora
from training.toxicity.fit import FittedToxicity, fit_toxicity


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    """Invented corpora in the shape of the real ones."""
    return Corpora(write_corpora(tmp_path_factory.mktemp("corpora")))


@pytest.fixture(scope="session")
def release() -> Release:
    """The released models."""
    return newest_release(RELEASED)


@pytest.fixture(scope="session")
def release_folder(release: Release) -> Path:
    """Where the released models are."""
    return RELEASED / release.version


@pytest.fixture(scope="session")
def encoder(release: Release) -> Encoder:
    """The released encoder."""
    return release.encoder


@pytest.fixture(scope="session")
def fitted(corpora: Corpora, encoder: Encoder) -> FittedToxicity:
    """Toxicity fitted on the invented corpora."""
    return fit_toxicity(corpora, encoder, memory=Memory(None, verbose=0))
