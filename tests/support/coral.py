"""A newsroom's Coral, which sends phases, events and suggestions as the real one does, and signs them."""

import json
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from service.domain.coral import sign_body
from service.moderation.access.users import operator_of
from service.moderation.coral.connections import connect_coral
from service.moderation.runtime import Runtime
from service.store.coral.events import CoralEvent, add_event
from tests.support.builders import Cms, a_cms

PHASE, HOOK = "empsec_of_the_gazette", "whsec_of_the_gazette"
STORY = "https://gazette.example/tram"


class Coral:
    """A newsroom's Coral, connected to a site."""

    def __init__(self, client: TestClient, **facts: Any) -> None:
        self.client = client
        self.cms: Cms = a_cms(client)
        self.runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
        secrets = {"signing_secrets": [PHASE, HOOK]}
        self.connection = connect_coral(self.runtime, operator_of("gazette"), **(secrets | facts))

    def post(self, what: str, body: dict[str, Any], *secrets: str) -> Response:
        sent = json.dumps(body, indent=2).encode()
        signed = ",".join(f"sha256={sign_body(sent, secret)}" for secret in secrets)
        headers = {"X-Coral-Signature": signed, "Content-Type": "application/json"}
        return self.client.post(f"/coral/{self.connection.id}/{what}", content=sent, headers=headers)

    def phase(self, text: str, *, action: str = "NEW", author: str = "u1", **comment: Any) -> Response:
        body = {
            "action": action,
            "comment": {"body": text, "parentID": None, **comment},
            "author": {"id": author, "role": "COMMENTER"},
            "story": {"id": "s1", "url": STORY},
            "site": {"id": "site1"},
            "tenantID": "t1",
            "tenantDomain": "gazette.example",
        }
        return self.post("phase", body, PHASE)

    def event(self, kind: str, number: str = "e1", **data: str) -> Response:
        at = self.runtime.clock().isoformat()
        body = {"id": number, "type": kind, "data": data, "createdAt": at, "tenantID": "t1", "tenantDomain": "x"}
        return self.post("events", body, HOOK)

    def keep(self, number: str, **data: str) -> CoralEvent:
        """An event that was taken in and not acted on yet."""
        now = self.runtime.clock()
        kept = CoralEvent(
            connection_id=self.connection.id, id=number, type="COMMENT_LEFT_MODERATION_QUEUE", data=dict(data),
            attempts=0, due_at=now, received_at=now,
        )  # fmt: skip
        with self.runtime.database.writing() as connection:
            add_event(connection, kept)
        return kept

    def suggest(self, text: str, value: int, comment_id: str) -> Response:
        about = {"url": f"{STORY}?commentID={comment_id}", "Coral_comment_id": comment_id}
        body = {
            "comment": {"text": text},
            "context": {"entries": [{"text": json.dumps(about)}]},
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
            "clientToken": f"comment:{comment_id}",
            "communityId": "Coral:https://gazette.example",
        }
        return self.client.post(f"/v1alpha1/comments:suggestscore?key={self.cms.token}", json=body)

    def stored(self) -> list[Any]:
        with self.runtime.database.reading() as connection:
            query = "SELECT c.id, c.article_id, c.state, c.revision FROM comments c ORDER BY c.received_at, c.id"
            return list(connection.exec_driver_sql(query))

    def count(self, rows: str) -> int:
        """How many rows of a table, or of a table and its WHERE, there are."""
        with self.runtime.database.reading() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {rows}").scalar_one())  # noqa: S608  our own

    def verdicts(self) -> list[tuple[str, str]]:
        with self.runtime.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT outcome, source FROM verdicts ORDER BY id")
            return [(outcome, source) for outcome, source in rows]
