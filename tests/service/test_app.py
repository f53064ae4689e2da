"""The app and the garbage collector of its process."""

import gc
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from models.scorer import Scorer
from service.app import create_app
from service.settings import Settings


@pytest.fixture(autouse=True)
def _unfreeze_afterwards() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_freezing_excludes_the_models_from_garbage_collection(settings: Settings, scorer: Scorer) -> None:
    with TestClient(create_app(settings, scorer=scorer, freeze_gc=True)) as client:
        assert gc.get_freeze_count() > 100_000
        assert client.get("/healthz").status_code == 200


def test_an_app_that_shares_its_process_leaves_the_collector_alone(settings: Settings, scorer: Scorer) -> None:
    before = gc.get_freeze_count()
    with TestClient(create_app(settings, scorer=scorer)):
        assert gc.get_freeze_count() == before
