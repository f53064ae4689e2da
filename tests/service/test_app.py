"""What an app does with the process that it runs in."""

import gc
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from models.scorer import Scorer
from service.app import create_app
from service.settings import Settings


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_an_app_that_is_alone_in_its_process_takes_its_models_for_permanent(settings: Settings, scorer: Scorer) -> None:
    with TestClient(create_app(settings, scorer=scorer, single_process=True)) as client:
        assert gc.get_freeze_count() > 100_000
        assert client.get("/healthz").status_code == 200


def test_an_app_among_others_leaves_the_collector_as_it_is(settings: Settings, scorer: Scorer) -> None:
    before = gc.get_freeze_count()
    with TestClient(create_app(settings, scorer=scorer)):
        assert gc.get_freeze_count() == before
