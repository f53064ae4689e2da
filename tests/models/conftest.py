"""The released models, opened once for all tests of the kernel."""

import pytest

from models.encoder import Encoder
from models.release import Release, newest_release
from models.scorer import Scorer
from tests.support.paths import RELEASED


@pytest.fixture(scope="session")
def release() -> Release:
    return newest_release(RELEASED)


@pytest.fixture(scope="session")
def encoder(release: Release) -> Encoder:
    return release.encoder


@pytest.fixture(scope="session")
def scorer(release: Release) -> Scorer:
    return Scorer(release)
