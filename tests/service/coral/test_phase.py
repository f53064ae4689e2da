"""Coral's moderation phase: a comment is decided before Coral publishes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, event

from service.domain.coral import REASONS, RULES, is_signed, sign_body
from service.domain.errors import EndpointRefused
from service.domain.reasons import RejectReason
from service.moderation.access.users import operator_of
from service.moderation.coral.connections import change_secret, connect_coral, disconnect_coral, list_connections
from service.moderation.intake.external import hash_body
from service.moderation.runtime import Runtime
from tests.support.builders import INSULT, PRAISE, a_site, an_article
from tests.support.coral import HOOK, PHASE, STORY, Coral

CODES = {
    "OFFENSIVE", "ABUSIVE", "SPAM", "BANNED_WORD", "AD", "ILLEGAL_CONTENT", "HARASSMENT_BULLYING", "MISINFORMATION",
    "HATE_SPEECH", "IRRELEVANT_CONTENT", "OTHER",
}  # fmt: skip


@pytest.fixture
def coral(client: TestClient) -> Coral:
    return Coral(client)


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


def test_signatures_are_those_of_coral() -> None:
    body, secret = b'{"action":"NEW"}', "empsec_test"
    expected = "62f02de446993a6a77d7945752ce4ebfc27b3fa9d493d179436a256bdb6a61fb"
    assert sign_body(body, secret) == expected
    assert is_signed(body, f"sha256=00, sha256={expected}", [secret])
    assert not is_signed(body, f"sha256={expected}", ["empsec_other"])
    assert not is_signed(body + b" ", f"sha256={expected}", [secret])
    assert not is_signed(body, "sha256=é", [secret])
    assert not is_signed(body, "", [])


def test_every_reason_has_a_code_of_coral() -> None:
    assert set(REASONS.values()) | set(RULES.values()) <= CODES
    assert REASONS[RejectReason.OFF_TOPIC] == RULES["relevance"] == "IRRELEVANT_CONTENT"


def test_an_approved_comment_gets_an_empty_response(coral: Coral) -> None:
    reply = coral.phase(PRAISE)
    assert (reply.status_code, reply.content) == (204, b"")
    assert [row.state for row in coral.stored()] == ["approved"]


def test_an_insult_is_withheld_and_enters_the_queue(coral: Coral) -> None:
    reply = coral.phase(f"<div>{INSULT}</div>").json()
    check_reply(reply)
    flag = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}
    assert reply == {"status": "SYSTEM_WITHHELD", "actions": [flag]}
    assert coral.cms.get("/v1/queue").json()["items"][0]["text"] == INSULT


def test_a_pre_moderated_comment_is_premoderated_in_coral(coral: Coral) -> None:
    coral.cms.put("/v1/articles/tram", an_article(url=STORY, mode="pre_moderated"))
    assert coral.phase(PRAISE).json() == {"status": "PREMOD"}
    assert [row.article_id for row in coral.stored()] == ["tram"]


def test_a_rejected_comment_has_a_reason_of_coral(coral: Coral) -> None:
    changes = {"blocked_words": ["casino"], "reject_blocked": True, "note": "No casinos."}
    coral.cms.post("/v1/policy/versions", changes)
    reply = coral.phase("Play at our casino tonight, everybody wins there.").json()
    check_reply(reply)
    assert reply["moderationAction"] == {"status": "REJECTED", "rejectionReason": {"code": "BANNED_WORD"}}


def test_a_repeated_comment_gets_the_verdict(coral: Coral) -> None:
    coral.phase(PRAISE)
    number = coral.stored()[0].id
    coral.cms.post(f"/v1/comments/{number}/verdict", {"outcome": "reject", "reason": "off_topic"})
    reply = coral.phase(PRAISE).json()
    check_reply(reply)
    assert reply["moderationAction"]["rejectionReason"]["code"] == "IRRELEVANT_CONTENT"
    assert len(coral.stored()) == 1


def test_an_edit_is_a_revision_if_the_comment_is_unambiguous(coral: Coral) -> None:
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
def test_a_comment_that_is_too_long_is_held(coral: Coral) -> None:
    assert coral.phase("word " * 5_000).json() == {"status": "PREMOD"}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_only_signed_requests_are_accepted(coral: Coral) -> None:
    body = {"comment": {"body": PRAISE}}
    assert coral.post("phase", body).status_code == 401
    assert coral.post("phase", body, "empsec_wrong").status_code == 401
    assert coral.post("phase", body, HOOK).status_code == 401, "a webhook's secret opens no phase"
    coral.connection = replace(coral.connection, id="0123456789abcdef")
    assert coral.post("phase", body, PHASE).status_code == 401


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_secret_is_rotated_without_a_gap(coral: Coral) -> None:
    change_secret(coral.runtime, operator_of("gazette"), connection_id=coral.connection.id, secret="empsec_new")
    body = {"comment": {"body": PRAISE}, "author": {"id": "u1", "role": "MEMBER"}, "story": {"url": STORY}}
    assert coral.post("phase", body, PHASE, "empsec_new").status_code == 204
    assert coral.post("phase", body, PHASE).status_code == 401
    assert coral.event("SUPPORT_STARTED").status_code == 204, "the webhooks' secret has stayed"


@pytest.mark.parametrize("sent", [[], {}, {"comment": None}, {"comment": {"body": 3}}])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_signed_request_without_a_comment_is_refused(coral: Coral, sent: Any) -> None:
    assert coral.post("phase", sent, PHASE).status_code == 422


def test_a_suggestion_adds_the_external_id(coral: Coral) -> None:
    coral.phase(INSULT)
    assert coral.suggest(INSULT, 1, "coral-77").is_success
    assert (len(coral.stored()), coral.verdicts()) == (1, [("reject", "coral")])
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", commentID="coral-77", status="REJECTED", queue="PENDING")
    assert len(coral.verdicts()) == 1, "sent twice, it is stored once"


def test_a_reply_finds_its_parent(coral: Coral) -> None:
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    coral.phase("I agree with all of that.", parentID="coral-77", author="u2")
    with coral.runtime.database.reading() as connection:
        parents = connection.exec_driver_sql("SELECT parent_id FROM comments WHERE parent_id IS NOT NULL").scalars()
        assert list(parents) == [row.id for row in coral.stored() if row.id in _parents(coral)]


def _parents(coral: Coral) -> set[str]:
    with coral.runtime.database.reading() as connection:
        return set(
            connection.exec_driver_sql("SELECT comment_id FROM external_ids WHERE external_id = 'coral-77'").scalars()
        )


@contextmanager
def watch_commits(runtime: Runtime) -> Iterator[list[int]]:
    """Yield the number of comments without an external id after each commit, as a killed process would leave them."""
    lost: list[int] = []

    def look(connection: Connection) -> None:
        current = "SELECT r.text FROM revisions r ORDER BY r.revision DESC LIMIT 1"
        hashes = {external_id for (external_id,) in connection.exec_driver_sql("SELECT body_hash FROM external_ids")}
        lost.extend(hash_body(text) not in hashes for (text,) in connection.exec_driver_sql(current))

    event.listen(runtime.database.engine, "commit", look)
    yield lost
    event.remove(runtime.database.engine, "commit", look)


def test_a_comment_is_committed_with_its_external_id(coral: Coral) -> None:
    with watch_commits(coral.runtime) as lost:
        coral.phase(PRAISE)
        coral.phase(f"{PRAISE} At last!", action="EDIT")
    assert (lost, [row.revision for row in coral.stored()]) == ([False] * len(lost), [2])
    assert lost


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "a/b", "..", "x" * 300])
def test_invalid_ids_and_addresses_are_ignored(coral: Coral, odd: str) -> None:
    body = {
        "comment": {"body": PRAISE, "parentID": odd},
        "author": {"id": odd, "role": "MEMBER"},
        "story": {"url": f"https://a.example/{odd}"},
    }
    assert coral.post("phase", body, PHASE).status_code == 204
    assert coral.count("comments WHERE parent_id IS NULL AND author_id IS NULL") == 1


def test_an_invalid_connection_id_is_refused(coral: Coral) -> None:
    coral.connection = replace(coral.connection, id="%00")
    assert coral.phase(PRAISE).status_code == 401


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_site_cannot_read_connections_of_another(runtime: Runtime) -> None:
    gazette, herald = a_site(runtime), a_site(runtime, "herald")
    made = connect_coral(runtime, gazette, signing_secrets=[PHASE])
    assert (list_connections(runtime, gazette), list_connections(runtime, herald)) == ([made], [])
    assert PHASE not in repr(made)
    disconnect_coral(runtime, gazette, connection_id=made.id)
    assert list_connections(runtime, gazette) == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_private_graphql_address_is_refused(runtime: Runtime) -> None:
    with pytest.raises(EndpointRefused):
        connect_coral(
            runtime,
            a_site(runtime),
            signing_secrets=[PHASE],
            graphql_url="https://10.0.0.1/api/graphql",
            graphql_token="t",
        )
