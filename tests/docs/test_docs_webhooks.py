"""Every event is in docs/webhooks.md, and the receiver shown there verifies what we send."""

import json
import re
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from standardwebhooks import WebhookVerificationError

from service.domain.events import EventType
from service.store.tables import events
from service.webhooks.retries import RETRY_DELAYS
from service.webhooks.signing import make_secret, sign
from tests.support.builders import a_cms, a_comment, an_article
from tests.support.docs_pages import read_blocks, read_page


def test_every_event_is_described() -> None:
    described = set(re.findall(r"^### `([a-z.]+)`$", read_page("docs/webhooks.md"), re.MULTILINE))
    assert described == set(EventType)


def test_the_examples_are_of_the_types_described() -> None:
    examples = [json.loads(code) for code in read_blocks("docs/webhooks.md", "json")]
    assert {example["type"] for example in examples} == set(EventType)


def test_the_examples_have_the_fields_of_real_events(client: TestClient) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article())
    cms.post("/v1/comments", a_comment())
    cms.post("/v1/comments/c-1/verdict", {"outcome": "reject", "reason": "toxic"})
    cms.post("/v1/comments/c-1/appeals", {"statement": "I meant it kindly."})
    cms.delete("/v1/comments/c-1")
    endpoint = cms.post("/v1/webhooks/endpoints", {"url": "http://127.0.0.1:9/"}).json()
    cms.post(f"/v1/webhooks/endpoints/{endpoint['id']}/test", {})
    with client.app.state.runtime.database.reading() as connection:  # type: ignore[attr-defined]  Starlette's state
        sent = {row.type: set(row.data) for row in connection.execute(select(events.c.type, events.c.data))}
    shown = [json.loads(code) for code in read_blocks("docs/webhooks.md", "json")]
    assert {example["type"]: set(example["data"]) for example in shown} == sent


def test_the_number_of_attempts_matches_the_code() -> None:
    assert f"{len(RETRY_DELAYS) + 1} attempts" in read_page("docs/webhooks.md")


def test_the_receiver_shown_verifies_what_is_sent() -> None:
    (code,) = read_blocks("docs/webhooks.md", "python")
    shown: dict[str, object] = {}
    exec(code, shown)  # noqa: S102  the documentation's own example
    read_event = shown["read_event"]
    assert callable(read_event)
    secret, body = make_secret(), b'{"type":"webhook.test","timestamp":"2026-11-22T12:00:00Z","data":{}}'
    headers = sign(body, message_id="msg_1", at=datetime.now(UTC), signing_secrets=[secret])
    assert read_event(body, headers, secret)["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        read_event(body + b" ", headers, secret)
