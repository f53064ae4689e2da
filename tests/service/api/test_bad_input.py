"""Invalid input: an error that names the field and never quotes the value."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.engine import make_url
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from models.scorer import Scorer
from service.api.metrics import Metrics
from service.api.middleware import OverloadMiddleware
from service.app import create_app
from service.moderation.runtime import Runtime
from service.settings import Settings
from tests.conftest import Clock
from tests.support.builders import a_cms, a_comment, an_article

MARKER = "xylophone-marker"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (a_comment(""), "text"),
        (a_comment("  \n\t "), "text"),
        (a_comment(MARKER + " " + "long " * 210_000), "text"),
        (a_comment(MARKER + "\x00"), "text"),
        (a_comment(MARKER + "\x1b[31m"), "text"),
        (a_comment(texts=MARKER), "texts"),
        (a_comment(article_id=7), "article_id"),
        (a_comment(id="a/b"), "id"),
        (a_comment(id=""), "id"),
        (a_comment(id=".."), "id"),
        (a_comment(author={"id": "u", "name": "Ada\x00"}), "author.name"),
        (a_comment(posted_at="yesterday"), "posted_at"),
        (a_comment(posted_at="2026-11-22T12:00:00"), "posted_at"),
        (a_comment(posted_at="0001-01-01T00:00:00+14:00"), "posted_at"),
        (a_comment(posted_at="9999-12-31T23:59:59-14:00"), "posted_at"),
        (a_comment(author={"id": "u", "mail": MARKER}), "author.mail"),
        ({"id": "c-1", "article_id": "tram"}, "text"),
        ([], "body"),
    ],
)
def test_an_invalid_comment_is_refused_with_the_name_of_the_field(client: TestClient, body: Any, field: str) -> None:
    answer = a_cms(client).post("/v1/comments", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARKER not in answer.text


def test_a_lone_surrogate_is_refused(client: TestClient) -> None:
    cms = a_cms(client)
    headers = {"Authorization": f"Bearer {cms.token}", "Content-Type": "application/json"}
    body = json.dumps(a_comment("half an emoji \ud83d"))
    answer = client.post("/v1/comments", content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "text")


@pytest.mark.parametrize("body", [b'{"id": "c-1", "text": "\xff\xfe"}', b"{", b"", b"not json"])
def test_a_body_that_is_not_json_in_utf_8_is_refused(client: TestClient, body: bytes) -> None:
    cms = a_cms(client)
    headers = {"Authorization": f"Bearer {cms.token}", "Content-Type": "application/json"}
    answer = client.post("/v1/comments", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused_before_it_is_read(client: TestClient) -> None:
    cms = a_cms(client)
    assert cms.post("/v1/comments", a_comment("x" * 2_100_000)).status_code == 413


def test_a_large_body_without_a_content_length_is_refused(client: TestClient) -> None:
    cms = a_cms(client)
    chunks = (b"x" * 100_000 for _ in range(30))
    headers = {"Authorization": f"Bearer {cms.token}", "Content-Type": "application/json"}
    assert client.post("/v1/comments", content=chunks, headers=headers).status_code == 413


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Bearer cd_abc_def", "Basic YTpi"])
def test_a_request_without_a_token_is_refused(client: TestClient, header: str) -> None:
    answer = client.post("/v1/comments", json=a_comment(), headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "urn:commentdesk:not_authenticated"


def test_an_expired_token_is_refused(client: TestClient, clock: Clock) -> None:
    cms = a_cms(client, expires_at=clock.now + timedelta(hours=1))
    assert cms.get("/v1/queue").status_code == 200
    clock.advance(hours=2)
    assert cms.get("/v1/queue").status_code == 401


def test_a_token_of_another_site_cannot_see_this_site(client: TestClient) -> None:
    a_cms(client, "gazette").post("/v1/comments", a_comment())
    herald = a_cms(client, "herald")
    assert herald.get("/v1/comments/c-1").status_code == 404
    assert herald.post("/v1/comments/c-1/verdict", {"outcome": "approve"}).status_code == 404
    assert herald.delete("/v1/comments/c-1").status_code == 404


def test_scoring_reports_an_unknown_article(client: TestClient) -> None:
    body = {"comments": [{"text": "Fine."}, {"text": "Fine.", "article_id": "gone"}]}
    answer = a_cms(client).post("/v1/score", body)
    assert (answer.status_code, answer.json()["field"]) == (404, "comments.1.article_id")


def test_scoring_names_the_invalid_item(client: TestClient) -> None:
    answer = a_cms(client).post("/v1/score", {"comments": [{"text": "Fine."}, {"text": ""}]})
    assert (answer.status_code, answer.json()["field"]) == (422, "comments.1.text")


def test_more_than_256_comments_in_one_request_are_refused(client: TestClient) -> None:
    answer = a_cms(client).post("/v1/score", {"comments": [{"text": "Fine."}] * 257})
    assert (answer.status_code, answer.json()["field"]) == (422, "comments")


def test_an_unknown_path_returns_a_problem_document(client: TestClient) -> None:
    answer = client.get("/v1/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_an_article_with_a_control_character_is_refused(client: TestClient) -> None:
    answer = a_cms(client).put("/v1/articles/tram", an_article(title="Tram\x00"))
    assert (answer.status_code, answer.json()["field"]) == (422, "title")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/comments/c-1/verdict", {"outcome": "approve", "note": "x\x00"}),
        ("/v1/comments/c-1/reports", {"reporter": "r", "reason": "rude", "note": "x\x00"}),
        ("/v1/policy/versions", {"note": "x\x00"}),
    ],
)
def test_a_note_with_a_control_character_is_refused(client: TestClient, path: str, body: dict[str, str]) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment())
    answer = cms.post(path, body)
    assert (answer.status_code, answer.json()["field"]) == (422, "note")


def test_too_many_requests_get_a_retry_after(settings: Settings, scorer: Scorer, clock: Clock) -> None:
    strict = settings.model_copy(update={"requests_per_minute": 3})
    with TestClient(create_app(strict, scorer=scorer, clock=clock)) as client:
        cms = a_cms(client)
        answers = [cms.get("/v1/queue") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_locked_database_is_reported_and_nothing_is_written(client: TestClient, settings: Settings) -> None:
    path = make_url(settings.resolved_database_url).database
    if not settings.resolved_database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no lock on the whole database.")
    cms = a_cms(client)
    with sqlite3.connect(str(path), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = cms.post("/v1/comments", a_comment())
        other.execute("ROLLBACK")
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
    assert cms.post("/v1/comments", a_comment()).status_code == 201


@contextmanager
def on_each_connection(runtime: Runtime, pragma: str) -> Iterator[None]:
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(pragma)
        connection.commit()

    runtime.database.close()
    event.listen(runtime.database.engine, "connect", prepare)
    yield
    event.remove(runtime.database.engine, "connect", prepare)
    runtime.database.close()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/webhooks/deliveries?cursor=99999999999999999999", "cursor"),
        ("/v1/webhooks/deliveries/99999999999999999999", "delivery_id"),
        ("/v1/queue?cursor=WzAsSW5maW5pdHld", "cursor"),
        ("/v1/queue?cursor=W0luZmluaXR5LDFd", "cursor"),
        ("/v1/queue?cursor=WzAsMWUzMDBd", "cursor"),
    ],
)
def test_a_number_too_large_for_the_database_is_refused(client: TestClient, path: str, field: str) -> None:
    answer = a_cms(client).get(path)
    assert (answer.status_code, answer.json()["field"].rpartition(".")[2]) == (422, field)


@pytest.mark.parametrize(
    "name", ["thresholds", "blocked_words", "blocked_hosts", "pre_moderated_sections", "reject_blocked", "audit_share"]
)
def test_a_policy_refuses_null_for_lists_and_shares(client: TestClient, name: str) -> None:
    cms = a_cms(client)
    answer = cms.post("/v1/policy/versions", {name: None, "note": "ThresholdForm"})
    assert (answer.status_code, answer.json()["field"]) == (422, name)
    assert cms.get("/v1/policy/versions").json() == []


def test_an_unknown_method_is_counted_without_its_name(client: TestClient) -> None:
    cms = a_cms(client)
    client.request(MARKER, "/v1/comments")
    shown = cms.get("/metrics").text
    assert MARKER not in shown
    assert 'method="OTHER"' in shown


def test_a_form_with_an_invalid_origin_is_refused(client: TestClient) -> None:
    assert client.post("/sign-in", headers={"Origin": "http://["}).status_code == 403


def test_a_body_that_never_arrives_frees_its_slot() -> None:
    sent: list[Message] = []

    async def read_all(scope: Scope, receive: Receive, _send: Send) -> None:
        await Request(scope, receive).body()

    async def never() -> Message:
        return await asyncio.get_running_loop().create_future()

    async def send(message: Message) -> None:
        sent.append(message)

    limits = OverloadMiddleware(
        read_all, metrics=Metrics(), max_body_bytes=9, max_in_flight=1, error_formats={}, body_seconds=0.05
    )
    scope = {"type": "http", "method": "POST", "path": "/v1/comments", "headers": [], "query_string": b""}
    for _ in range(2):
        asyncio.run(limits(scope, never, send))
    assert [message["status"] for message in sent if "status" in message] == [408, 408]


def test_a_full_database_is_reported_and_nothing_is_written(client: TestClient, settings: Settings) -> None:
    if not settings.resolved_database_url.startswith("sqlite"):
        pytest.skip("A full disk cannot be made for PostgreSQL here.")
    cms = a_cms(client)
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    with runtime.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with on_each_connection(runtime, f"PRAGMA max_page_count = {pages}"):
        answers = [cms.post("/v1/comments", a_comment(f"Words number {n}.", id=f"c-{n}")) for n in range(60)]
    refused = next(n for n, answer in enumerate(answers) if answer.status_code == 503)
    assert int(answers[refused].headers["retry-after"]) > 0
    assert cms.get(f"/v1/comments/c-{refused}").status_code == 404


def test_a_read_only_database_is_reported(client: TestClient) -> None:
    cms = a_cms(client)
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    is_sqlite = runtime.database.engine.dialect.name == "sqlite"
    with on_each_connection(
        runtime, "PRAGMA query_only = ON" if is_sqlite else "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
    ):
        assert cms.post("/v1/comments", a_comment()).status_code == 503
