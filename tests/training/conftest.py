"""What the tests of training share: invented corpora, written once."""

from pathlib import Path

import pytest
from joblib import Memory

from models.encoder import Encoder
from models.release import newest_release
from tests.support.synthetic_corpora import write_corpora
from training.corpora.registry import Corpora
from training.toxicity.fit import FittedToxicity, fit_toxicity


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    """Invented corpora in the shape of the real ones."""
    return Corpora(write_corpora(tmp_path_factory.mktemp("corpora")))


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The released one."""
    return newest_release(Path(__file__).parents[2] / "models" / "released").encoder


@pytest.fixture(scope="session")
def fitted(corpora: Corpora, encoder: Encoder) -> FittedToxicity:
    """Toxicity fitted on them."""
    return fit_toxicity(corpora, encoder, memory=Memory(None, verbose=0))
