"""Events from Coral become verdicts and reports; verdicts given here are sent back to Coral."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.moderation.access.users import operator_of
from service.moderation.coral.connections import make_graphql_client
from service.moderation.coral.events import apply_event, look_up_comments
from service.moderation.coral.status_sync import sync_statuses
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.store.comments.comments import find_comment
from tests.conftest import Clock
from tests.support.builders import INSULT, PRAISE, an_article
from tests.support.coral import HOOK, STORY, Coral
from tests.support.receiver import Receiver, Reply, run_receiver


@pytest.fixture
def coral(client: TestClient) -> Coral:
    return Coral(client)


@pytest.fixture
def graphql() -> Iterator[Receiver]:
    with run_receiver() as receiver:
        yield receiver


def answer(**data: Any) -> Reply:
    return Reply(body=json.dumps({"data": data}).encode())


def test_a_story_is_registered_by_its_address(coral: Coral) -> None:
    coral.event("STORY_CREATED", storyID="s1", storyURL=STORY, siteID="site1")
    coral.phase(PRAISE)
    page = coral.stored()[0].article_id
    assert coral.cms.get(f"/v1/articles/{page}").json()["url"] == STORY
    coral.cms.put("/v1/articles/other", an_article(url="https://gazette.example/other"))
    coral.event("STORY_CREATED", "e2", storyID="s2", storyURL="https://www.gazette.example/other?utm_source=x")
    with coral.runtime.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM articles").scalar() == 2


def test_a_decision_in_coral_becomes_a_verdict(coral: Coral) -> None:
    coral.phase(INSULT)
    coral.suggest(INSULT, 1, "coral-77")
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", commentID="coral-77", status="APPROVED", queue="PENDING")
    assert coral.verdicts() == [("reject", "coral"), ("approve", "coral")]
    assert [row.state for row in coral.stored()] == ["approved"]


def test_a_report_in_coral_becomes_a_report(coral: Coral) -> None:
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    coral.event("COMMENT_ENTERED_MODERATION_QUEUE", commentID="coral-77", status="APPROVED", queue="REPORTED")
    assert [item["kind"] for item in coral.cms.get("/v1/queue").json()["items"]] == ["reported"]


def test_repeated_and_old_events_are_ignored(coral: Coral, clock: Clock) -> None:
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    left = {"commentID": "coral-77", "queue": "PENDING"}
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", "e1", status="REJECTED", **left)
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", "e1", status="APPROVED", **left)
    at = (clock() - timedelta(hours=25)).isoformat()
    old = {"id": "e9", "type": "COMMENT_LEFT_MODERATION_QUEUE", "createdAt": at}
    coral.post("events", old | {"data": {"commentID": "coral-77", "status": "APPROVED"}}, HOOK)
    assert [outcome for outcome, _ in coral.verdicts()] == ["approve", "reject"]


def test_simultaneous_events_give_one_verdict(coral: Coral) -> None:
    coral.phase(INSULT)
    coral.suggest(INSULT, 0, "coral-77")
    left = coral.keep("e1", commentID="coral-77", status="REJECTED")
    number = coral.stored()[0].id
    caller = Caller(site="gazette", name="coral:1", rights=frozenset({Right.COMMENTS, Right.MODERATE}))
    with ThreadPoolExecutor(2) as both, coral.runtime.database.writing() as held:
        find_comment(held, site="gazette", comment_id=number, lock=True)
        suggested = both.submit(coral.suggest, INSULT, 1, "coral-77")
        acted = both.submit(apply_event, coral.runtime, caller, left)
        # Until both have come to where they wait for the comment.
        time.sleep(1)
    assert (suggested.result().status_code, acted.result()) == (200, True)
    assert [outcome for outcome, _ in coral.verdicts()] == ["approve", "reject"]
    assert coral.count("events WHERE type = 'comment.verdict'") == 2


@pytest.mark.parametrize("odd", ["\ud800", "\x00"])
def test_values_that_are_not_text_are_ignored(coral: Coral, odd: str) -> None:
    for kind in ("STORY_CREATED", "COMMENT_LEFT_MODERATION_QUEUE", "COMMENT_ENTERED_MODERATION_QUEUE"):
        facts = {"commentID": odd, "status": odd, "queue": odd, odd: odd}
        assert coral.event(kind, f"of {kind}", storyURL=f"https://a.example/{odd}", **facts).status_code == 204
    assert coral.count("coral_events WHERE due_at IS NOT NULL") == 0
    assert [coral.event("STORY_CREATED", odd).status_code, coral.event(odd).status_code] == [422, 422]


def test_with_a_token_the_comment_is_looked_up_in_coral(client: TestClient, graphql: Receiver, clock: Clock) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    coral.phase(INSULT)
    coral.event("COMMENT_LEFT_MODERATION_QUEUE", commentID="coral-77", status="REJECTED", queue="PENDING")
    assert coral.verdicts() == []
    graphql.replies.append(Reply(status=500))
    graphql.replies.append(answer(comment={"body": f"<p>{INSULT}</p>", "story": {"url": f"{STORY}/"}}))
    asked = make_graphql_client(coral.runtime)
    assert (look_up_comments(coral.runtime, asked), look_up_comments(coral.runtime, asked)) == (1, 0)
    clock.advance(minutes=1)
    assert look_up_comments(coral.runtime, asked) == 1
    assert coral.verdicts() == [("reject", "coral")]
    assert graphql.received[0].headers["authorization"] == "Bearer a token"


def test_a_failing_event_does_not_stop_others(coral: Coral, clock: Clock) -> None:
    coral.phase(INSULT)
    coral.suggest(INSULT, 0, "coral-77")
    coral.keep("e1", commentID="half a character \ud800", status="REJECTED")
    clock.advance(seconds=1)
    coral.keep("e2", commentID="coral-77", status="REJECTED")
    asked = make_graphql_client(coral.runtime)
    assert look_up_comments(coral.runtime, asked) == 2
    assert coral.verdicts() == [("approve", "coral"), ("reject", "coral")]
    assert coral.count("coral_events WHERE id = 'e1' AND attempts = 1 AND due_at IS NOT NULL") == 1
    for _ in range(10):
        clock.advance(hours=2)
        look_up_comments(coral.runtime, asked)
    assert coral.count("coral_events WHERE due_at IS NOT NULL") == 0, "it is given up in the end"


def test_an_unresponsive_coral_is_queried_once_per_sweep(client: TestClient, graphql: Receiver) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    other = Coral(client, graphql_url=graphql.url, graphql_token="another token")
    for number in range(3):
        coral.keep(f"e{number}", commentID=f"coral-{number}", status="REJECTED")
    other.keep("e9", commentID="coral-9", status="REJECTED")
    graphql.usual = Reply(status=500)
    asked = make_graphql_client(coral.runtime)
    assert look_up_comments(coral.runtime, asked) == 2
    assert sorted(request.headers["authorization"] for request in graphql.received) == [
        "Bearer a token", "Bearer another token",
    ]  # fmt: skip
    graphql.usual = answer(comment=None)
    assert look_up_comments(coral.runtime, asked) == 2, "the others did not wait longer"


def reject(coral: Coral, which: int = 0) -> None:
    operator = operator_of("gazette")
    number = coral.stored()[which].id
    give_verdict(
        coral.runtime,
        operator,
        VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.OFF_TOPIC, source="desk"),
        SeenComment(comment_id=number),
    )


def test_a_verdict_sets_the_status_in_coral(client: TestClient, graphql: Receiver, clock: Clock) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    allowed = replace(coral.runtime, settings=coral.runtime.settings.model_copy(update={"coral_graphql": True}))
    coral.phase(PRAISE)
    coral.suggest(PRAISE, 0, "coral-77")
    graphql_client = make_graphql_client(coral.runtime)
    assert sync_statuses(allowed, graphql_client) == 0, "Coral has its own verdicts already"
    reject(coral)
    assert sync_statuses(allowed, graphql_client) == 0, "it can still be undone"
    clock.advance(minutes=1)
    assert sync_statuses(coral.runtime, graphql_client) == 0, "the setting is off"
    graphql.replies.extend((Reply(status=500), answer(comment={"status": "APPROVED", "revision": {"id": "r1"}})))
    graphql.usual = answer(rejectComment={"comment": {"status": "REJECTED"}})
    assert (sync_statuses(allowed, graphql_client), sync_statuses(allowed, graphql_client)) == (1, 0)
    clock.advance(minutes=2)
    assert (sync_statuses(allowed, graphql_client), sync_statuses(allowed, graphql_client)) == (1, 0)
    sent = json.loads(graphql.received[-1].body)["variables"]["input"]
    assert (sent["commentID"], sent["commentRevisionID"]) == ("coral-77", "r1")
    assert sent["reason"] == {"code": "IRRELEVANT_CONTENT"}


def test_an_unresponsive_coral_gets_one_verdict_per_sweep(client: TestClient, graphql: Receiver, clock: Clock) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    allowed = replace(coral.runtime, settings=coral.runtime.settings.model_copy(update={"coral_graphql": True}))
    for number in range(3):
        coral.suggest(f"{PRAISE} {number}", 0, f"coral-{number}")
        reject(coral, number)
    clock.advance(minutes=1)
    graphql.usual = Reply(status=500)
    graphql_client = make_graphql_client(coral.runtime)
    assert (sync_statuses(allowed, graphql_client), len(graphql.received)) == (1, 1)
    graphql.usual = answer(comment={"status": "REJECTED"})
    assert sync_statuses(allowed, graphql_client) == 2, "the others did not wait longer"


def test_a_failing_verdict_does_not_stop_others(client: TestClient, graphql: Receiver, clock: Clock) -> None:
    coral = Coral(client, graphql_url=graphql.url, graphql_token="a token")
    allowed = replace(coral.runtime, settings=coral.runtime.settings.model_copy(update={"coral_graphql": True}))
    for number in range(2):
        coral.suggest(f"{PRAISE} {number}", 0, f"coral-{number}")
        reject(coral, number)
    clock.advance(minutes=1)
    graphql.replies.append(answer(comment={"status": "APPROVED", "revision": "not what was asked for"}))
    graphql.usual = answer(comment={"status": "REJECTED"})
    assert sync_statuses(allowed, make_graphql_client(coral.runtime)) == 2
    assert coral.count("external_ids WHERE synced_verdict > 0") == 1
