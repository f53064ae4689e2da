"""Coral asks before it publishes, and hears in its own words; what its moderators do becomes verdicts here."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.domain.coral import REASONS, RULES, is_signed, sign_body
from service.domain.errors import EndpointRefused
from service.domain.policy import Outcome
from service.domain.reasons import RejectReason
from service.moderation.coral_connections import (
    change_secret,
    connect_coral,
    disconnect_coral,
    list_connections,
    make_graphql_client,
)
from service.moderation.coral_events import look_up_comments
from service.moderation.coral_verdicts import tell_verdicts
from service.moderation.desk import Desk
from service.moderation.people import operator_of
from service.moderation.verdicts import give_verdict
from tests.builders import INSULT, PRAISE, Cms, a_cms, a_site, an_article
from tests.conftest import Clock
from tests.receiver import Receiver, Reply, run_receiver

PHASE, HOOK = "empsec_of_the_gazette", "whsec_of_the_gazette"
STORY = "https://gazette.example/tram"
CODES = {
    "OFFENSIVE", "ABUSIVE", "SPAM", "BANNED_WORD", "AD", "ILLEGAL_CONTENT", "HARASSMENT_BULLYING", "MISINFORMATION",
    "HATE_SPEECH", "IRRELEVANT_CONTENT", "OTHER",
}  # fmt: skip


class Coral:
    """A newsroom's Coral, connected to a site."""

    def __init__(self, client: TestClient, **facts: Any) -> None:
        self.client = client
        self.cms: Cms = a_cms(client)
        self.desk: Desk = client.app.state.desk  # type: ignore[attr-defined]  Starlette's app has a state
        secrets = {"signing_secrets": [PHASE, HOOK]}
        self.connection = connect_coral(self.desk, operator_of("gazette"), **(secrets | facts))

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
        at = self.desk.clock().isoformat()
        body = {"id": number, "type": kind, "data": data, "createdAt": at, "tenantID": "t1", "tenantDomain": "x"}
        return self.post("events", body, HOOK)

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
        with self.desk.database.reading() as connection:
            query = "SELECT c.id, c.article_id, c.state, c.revision FROM comments c ORDER BY c.received_at, c.id"
            return list(connection.exec_driver_sql(query))

    def verdicts(self) -> list[tuple[str, str]]:
        with self.desk.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT outcome, source FROM verdicts ORDER BY id")
            return [(outcome, source) for outcome, source in rows]


@pytest.fixture
def coral(client: TestClient) -> Coral:
    return Coral(client)


@pytest.fixture
def graphql() -> Iterator[Receiver]:
    with run_receiver() as receiver:
        yield receiver


def answer(**data: Any) -> Reply:
    return Reply(body=json.dumps({"data": data}).encode())


def check_reply(reply: dict[str, Any]) -> None:
    """Coral's own schema: what it does not know makes it drop the whole reply."""
    assert set(reply) <= {"actions", "tags", "status", "moderationAction"}
    assert reply.get("status", "NONE") in {"NONE", "APPROVED", "REJECTED", "PREMOD", "SYSTEM_WITHHELD"}
    for action in reply.get("actions", []):
        assert action["actionType"] == "FLAG"
        assert action["reason"] in {"COMMENT_DETECTED_TOXIC", "COMMENT_DETECTED_SPAM"}
    if "moderationAction" in reply:
        assert set(reply["moderationAction"]) <= {"status", "rejectionReason"}
        assert reply["moderationAction"]["rejectionReason"]["code"] in CODES


def test_the_signature_is_corals() -> None:
    body, secret = b'{"action":"NEW"}', "empsec_test"
    expected = "62f02de446993a6a77d7945752ce4ebfc27b3fa9d493d179436a256bdb6a61fb"
    assert sign_body(body, secret) == expected
    assert is_signed(body, f"sha256=00, sha256={expected}", [secret])
    assert not is_signed(body, f"sha256={expected}", ["empsec_other"])
    assert not is_signed(body + b" ", f"sha256={expected}", [secret])
    assert not is_signed(body, "sha256=é", [secret])
    assert not is_signed(body, "", [])


def test_every_reason_is_one_that_coral_knows() -> None:
    assert set(REASONS.values()) | set(RULES.values()) <= CODES
    assert REASONS[RejectReason.OFF_TOPIC] == RULES["relevance"] == "IRRELEVANT_CONTENT"


def test_a_good_comment_is_corals_own_business(coral: Coral) -> None:
    reply = coral.phase(PRAISE)
    assert (reply.status_code, reply.content) == (204, b"")
    assert [row.state for row in coral.stored()] == ["approved"]


def test_an_insult_is_withheld_and_waits_in_our_queue(coral: Coral) -> None:
    reply = coral.phase(f"<div>{INSULT}</div>").json()
    check_reply(reply)
    flag = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}
    assert reply == {"status": "SYSTEM_WITHHELD", "actions": [flag]}
    assert coral.cms.get("/v1/queue").json()["items"][0]["text"] == INSULT


def test_what_is_read_by_people_first_is_premoderated(coral: Coral) -> None:
    coral.cms.put("/v1/articles/tram", an_article(url=STORY, mode="pre_moderated"))
    assert coral.phase(PRAISE).json() == {"status": "PREMOD"}
    assert [row.article_id for row in coral.stored()] == ["tram"]


def test_what_a_site_rejects_is_rejected_with_corals_reason(coral: Coral) -> None:
    changes = {"blocked_words": ["casino"], "reject_blocked": True, "note": "No casinos."}
    coral.cms.post("/v1/policy/versions", changes)
    reply = coral.phase("Play at our casino tonight, everybody wins there.").json()
    check_reply(reply)
    assert reply["moderationAction"] == {"status": "REJECTED", "rejectionReason": {"code": "BANNED_WORD"}}


def test_the_same_comment_again_is_the_same_one_and_hears_the_verdict(coral: Coral) -> None:
    coral.phase(PRAISE)
    number = coral.stored()[0].id
    coral.cms.post(f"/v1/comments/{number}/verdict", {"outcome": "reject", "reason": "off_topic"})
    reply = coral.phase(PRAISE).json()
    check_reply(reply)
    assert reply["moderationAction"]["rejectionReason"]["code"] == "IRRELEVANT_CONTENT"
    assert len(coral.stored()) == 1


def test_an_edit_is_a_revision_where_it_can_be_told_of_what(coral: Coral) -> None:
    coral.phase(PRAISE)
    coral.phase(f"{PRAISE} At last!", action="EDIT")
    coral.phase(PRAISE, author="u2")
    assert [row.revision for row in coral.stored()] == [2, 1]


def test_staff_and_empty_comments_are_not_moderated(coral: Coral) -> None:
    staff = {"comment": {"body": INSULT}, "author": {"id": "u1", "role": "STAFF"}, "story": {"url": STORY}}
    assert coral.post("phase", staff, PHASE).status_code == 204
    assert coral.phase("<div><br></div>").status_code == 204
    assert coral.stored() == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_is_too_long_to_be_read_is_for_a_person(coral: Coral) -> None:
    assert coral.phase("word " * 5_000).json() == {"status": "PREMOD"}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_only_signed_bodies_are_read(coral: Coral) -> None:
    body = {"comment": {"body": PRAISE}}
    assert coral.post("phase", body).status_code == 401
    assert coral.post("phase", body, "empsec_wrong").status_code == 401
    assert coral.post("phase", body, HOOK).status_code == 401, "a webhook's secret opens no phase"
    coral.connection = replace(coral.connection, id="0123456789abcdef")
    assert coral.post("phase", body, PHASE).status_code == 401


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_secret_is_changed_without_a_gap(coral: Coral) -> None:
    change_secret(coral.desk, operator_of("gazette"), connection_id=coral.connection.id, secret="empsec_new")
    body = {"comment": {"body": PRAISE}, "author": {"id": "u1", "role": "MEMBER"}, "story": {"url": STORY}}
    assert coral.post("phase", body, PHASE, "empsec_new").status_code == 204
    assert coral.post("phase", body, PHASE).status_code == 401
    assert coral.event("SUPPORT_STARTED").status_code == 204, "the webhooks' secret has stayed"


@pytest.mark.parametrize("sent", [[], {}, {"comment": None}, {"comment": {"body": 3}}])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_signed_body_that_is_no_comment_is_refused(coral: Coral, sent: Any) -> None:
    assert coral.post("phase", sent, PHASE).status_code == 422


def test_a_suggestion_names_the_comment_of_a_phase(coral: Coral) -> None:
    coral.phase(INSULT)
    assert coral.suggest(INSULT, 1, "coral-77").is_success
    assert (len(coral.stored()), coral.verdicts()) == (1, [("reject", "coral")])
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", commentID="coral-77", status="REJECTED", queue="PENDING")
    assert len(coral.verdicts()) == 1, "told twice, it teaches once"


def test_a_reply_finds_the_comment_that_it_answers(coral: Coral) -> None:
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    coral.phase("I agree with all of that.", parentID="coral-77", author="u2")
    with coral.desk.database.reading() as connection:
        parents = connection.exec_driver_sql("SELECT parent_id FROM comments WHERE parent_id IS NOT NULL").scalars()
        assert list(parents) == [row.id for row in coral.stored() if row.id in _parents(coral)]


def _parents(coral: Coral) -> set[str]:
    with coral.desk.database.reading() as connection:
        return set(connection.exec_driver_sql("SELECT comment_id FROM origins WHERE foreign_id = 'coral-77'").scalars())


def test_a_story_is_registered_by_its_address(coral: Coral) -> None:
    coral.event("STORY_CREATED", storyID="s1", storyURL=STORY, siteID="site1")
    coral.phase(PRAISE)
    page = coral.stored()[0].article_id
    assert coral.cms.get(f"/v1/articles/{page}").json()["url"] == STORY
    coral.cms.put("/v1/articles/other", an_article(url="https://gazette.example/other"))
    coral.event("STORY_CREATED", "e2", storyID="s2", storyURL="https://www.gazette.example/other?utm_source=x")
    with coral.desk.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM articles").scalar() == 2


def test_what_corals_moderators_decide_is_a_verdict(coral: Coral) -> None:
    coral.phase(INSULT)
    coral.suggest(INSULT, 1, "coral-77")
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", commentID="coral-77", status="APPROVED", queue="PENDING")
    assert coral.verdicts() == [("reject", "coral"), ("approve", "coral")]
    assert [row.state for row in coral.stored()] == ["approved"]


def test_what_readers_report_there_is_looked_at_here(coral: Coral) -> None:
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    coral.event("COMMENT_ENTERED_MODERATION_QUEUE", commentID="coral-77", status="APPROVED", queue="REPORTED")
    assert [item["kind"] for item in coral.cms.get("/v1/queue").json()["items"]] == ["reported"]


def test_an_event_counts_once_and_an_old_one_not_at_all(coral: Coral, clock: Clock) -> None:
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    left = {"commentID": "coral-77", "queue": "PENDING"}
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", "e1", status="REJECTED", **left)
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", "e1", status="APPROVED", **left)
    at = (clock() - timedelta(hours=25)).isoformat()
    old = {"id": "e9", "type": "COMMENT_LEFT_MODERATION_QUEUE", "createdAt": at}
    coral.post("events", old | {"data": {"commentID": "coral-77", "status": "APPROVED"}}, HOOK)
    assert [outcome for outcome, _ in coral.verdicts()] == ["approve", "reject"]


def test_with_a_token_coral_is_asked_which_comment_is_meant(
    client: TestClient, graphql: Receiver, clock: Clock
) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    coral.phase(INSULT)
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", commentID="coral-77", status="REJECTED", queue="PENDING")
    assert coral.verdicts() == []
    graphql.replies.append(Reply(status=500))
    graphql.replies.append(answer(comment={"body": f"<p>{INSULT}</p>", "story": {"url": f"{STORY}/"}}))
    asked = make_graphql_client(coral.desk)
    assert (look_up_comments(coral.desk, asked), look_up_comments(coral.desk, asked)) == (1, 0)
    clock.advance(minutes=1)
    assert look_up_comments(coral.desk, asked) == 1
    assert coral.verdicts() == [("reject", "coral")]
    assert graphql.received[0].headers["authorization"] == "Bearer a token"


def reject(coral: Coral) -> None:
    operator = operator_of("gazette")
    number = coral.stored()[0].id
    give_verdict(
        coral.desk, operator, comment_id=number, outcome=Outcome.REJECT, reason=RejectReason.OFF_TOPIC, source="page"
    )


def test_a_verdict_on_our_page_sets_the_status_there(client: TestClient, graphql: Receiver, clock: Clock) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    allowed = replace(coral.desk, settings=coral.desk.settings.model_copy(update={"coral_graphql": True}))
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    told = make_graphql_client(coral.desk)
    assert tell_verdicts(allowed, told) == 0, "what came from there is known there"
    reject(coral)
    assert tell_verdicts(allowed, told) == 0, "it may still be taken back"
    clock.advance(minutes=1)
    assert tell_verdicts(coral.desk, told) == 0, "the setting is off"
    graphql.replies.extend((Reply(status=500), answer(comment={"status": "APPROVED", "revision": {"id": "r1"}})))
    graphql.usual = answer(rejectComment={"comment": {"status": "REJECTED"}})
    assert (tell_verdicts(allowed, told), tell_verdicts(allowed, told)) == (1, 0)
    clock.advance(minutes=2)
    assert (tell_verdicts(allowed, told), tell_verdicts(allowed, told)) == (1, 0)
    sent = json.loads(graphql.received[-1].body)["variables"]["input"]
    assert (sent["commentID"], sent["commentRevisionID"]) == ("coral-77", "r1")
    assert sent["reason"] == {"code": "IRRELEVANT_CONTENT"}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_connections_belong_to_a_site(desk: Desk) -> None:
    gazette, herald = a_site(desk), a_site(desk, "herald")
    made = connect_coral(desk, gazette, signing_secrets=[PHASE])
    assert (list_connections(desk, gazette), list_connections(desk, herald)) == ([made], [])
    assert PHASE not in repr(made)
    disconnect_coral(desk, gazette, connection_id=made.id)
    assert list_connections(desk, gazette) == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_coral_is_asked_at_addresses_that_may_be_reached(desk: Desk) -> None:
    with pytest.raises(EndpointRefused):
        connect_coral(
            desk, a_site(desk), signing_secrets=[PHASE], graphql_url="https://10.0.0.1/api/graphql", graphql_token="t"
        )
