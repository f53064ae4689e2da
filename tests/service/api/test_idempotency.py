"""Idempotency keys: a repeated request gets the first response, whatever happened in between."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.moderation.idempotency import RETENTION, expire_idempotency_keys
from service.moderation.runtime import NoQueue, Runtime
from service.store.comments import comments
from tests.conftest import Clock
from tests.support.builders import INSULT, Cms, a_cms, a_comment

APPEAL = {"statement": "Please look."}


class Killed(NoQueue):
    """Fails as if the process were killed after its write, before its response."""

    def deliver(self, delivery_ids: list[int]) -> None:
        raise SystemError(f"killed before {delivery_ids} were enqueued")


@pytest.fixture
def cms(client: TestClient) -> Cms:
    """A CMS that has sent one comment."""
    opened = a_cms(client)
    opened.post("/v1/comments", a_comment(INSULT))
    return opened


def runtime_of(cms: Cms) -> Runtime:
    runtime: Runtime = cms.client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return runtime


def lose_the_response(cms: Cms, path: str, body: object, key: str) -> None:
    alive = runtime_of(cms)
    cms.client.app.state.runtime = replace(alive, jobs=Killed())  # type: ignore[attr-defined]  Starlette's app has a state
    assert cms.post(path, body, **{"Idempotency-Key": key}).status_code == 500
    cms.client.app.state.runtime = alive  # type: ignore[attr-defined]  as above


def test_a_repeated_appeal_gets_the_response_that_was_lost(cms: Cms) -> None:
    lose_the_response(cms, "/v1/comments/c-1/appeals", APPEAL, "k-1")
    again = cms.post("/v1/comments/c-1/appeals", APPEAL, **{"Idempotency-Key": "k-1"})
    assert (again.status_code, again.json()["comment_id"]) == (200, "c-1")


def test_a_repeated_verdict_does_not_replace_a_later_one(cms: Cms) -> None:
    path, approve = "/v1/comments/c-1/verdict", {"outcome": "approve"}
    lose_the_response(cms, path, approve, "k-1")
    cms.post(path, {"outcome": "reject", "reason": "toxic"})
    again = cms.post(path, approve, **{"Idempotency-Key": "k-1"})
    assert (again.status_code, again.json()["outcome"]) == (200, "approve")
    assert cms.get("/v1/comments/c-1").json()["state"] == "rejected"


def test_simultaneous_requests_with_one_key_are_done_once(cms: Cms) -> None:
    def appeal(_number: int) -> Response:
        return cms.post("/v1/comments/c-1/appeals", APPEAL, **{"Idempotency-Key": "k-1"})

    with ThreadPoolExecutor(2) as senders:
        with runtime_of(cms).database.writing() as connection:
            # Both requests read the comment before either gets a response.
            comments.find_comment(connection, site="gazette", comment_id="c-1", lock=True)
            sent = [senders.submit(appeal, number) for number in range(2)]
            time.sleep(0.3)
        first, second = (each.result() for each in sent)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()


def test_a_refused_request_does_not_use_up_its_key(cms: Cms) -> None:
    headers = {"Idempotency-Key": "k-1"}
    assert cms.post("/v1/comments/c-2/appeals", APPEAL, **headers).status_code == 404
    assert cms.post("/v1/comments/c-1/appeals", APPEAL, **headers).status_code == 200


def test_erasing_a_comment_erases_its_stored_responses(cms: Cms) -> None:
    headers = {"Idempotency-Key": "k-1"}
    cms.post("/v1/comments/c-1/appeals", APPEAL, **headers)
    cms.delete("/v1/comments/c-1")
    assert cms.post("/v1/comments/c-1/appeals", APPEAL, **headers).status_code == 410


def test_a_key_is_stored_for_a_day(cms: Cms, clock: Clock) -> None:
    headers = {"Idempotency-Key": "k-1"}
    cms.post("/v1/comments/c-1/appeals", APPEAL, **headers)
    for waited, status in ((RETENTION, 200), (timedelta(seconds=1), 409)):
        clock.advance(seconds=waited.total_seconds())
        expire_idempotency_keys(runtime_of(cms))
        assert cms.post("/v1/comments/c-1/appeals", APPEAL, **headers).status_code == status
