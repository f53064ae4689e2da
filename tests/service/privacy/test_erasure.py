"""Erasure on request and by age: without blocking others, and without a trace of who wrote what."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text

from service.domain.policy.site_policy import Trust
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation.intake.submit import Submission, submit
from service.moderation.policy.authors import trust_author_of
from service.moderation.privacy.erasure import erase_comment, erase_expired
from service.moderation.runtime import NoQueue, Runtime
from service.store.comments import comments as stored_comments
from service.store.insights.audit_log import read_newest
from service.store.tables import comments, events
from tests.conftest import Clock
from tests.support.builders import INSULT, PRAISE, a_cms, a_comment, a_site

EDITOR = Caller(site="gazette", name="user:ed", rights=RIGHTS_OF_ROLE[Role.EDITOR], user_id="ed")


@pytest.fixture
def newsroom(runtime: Runtime, clock: Clock) -> Runtime:
    """A site that keeps comments for a year, with three that are older."""
    site = a_site(runtime)
    for number in range(3):
        submit(
            runtime, site, Submission(id=f"c-{number}", article_id="tram", text=f"{PRAISE} {number}", author_id="u-1")
        )
    clock.advance(days=366)
    return replace(runtime, settings=runtime.settings.model_copy(update={"retention_days": 365}))


def count_erased(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        return int(connection.execute(select(func.count()).where(comments.c.state == "erased")).scalar_one())


def count_events(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        return int(connection.execute(select(func.count()).where(events.c.type == "comment.erased")).scalar_one())


def test_old_decided_comments_are_erased_and_held_ones_are_not(newsroom: Runtime, clock: Clock) -> None:
    submit(newsroom, a_site(newsroom), Submission(id="held", article_id="tram", text=INSULT))
    submit(newsroom, a_site(newsroom), Submission(id="new", article_id="tram", text="Where will the line end?"))
    assert (erase_expired(newsroom, limit=2), erase_expired(newsroom), erase_expired(newsroom)) == (2, 1, 0)
    clock.advance(days=366)
    assert erase_expired(newsroom) == 1
    assert (count_erased(newsroom), count_events(newsroom)) == (4, 4)


def test_each_old_comment_is_erased_in_its_own_transaction(newsroom: Runtime) -> None:
    seen: list[int] = []

    class Watching(NoQueue):
        def deliver(self, delivery_ids: list[int]) -> None:  # noqa: ARG002  what is due does not matter here
            seen.append(count_erased(newsroom))

    erase_expired(replace(newsroom, jobs=Watching()))
    assert seen == [1, 2, 3]


def test_simultaneous_erasures_send_one_event(newsroom: Runtime) -> None:
    site = a_site(newsroom)
    with ThreadPoolExecutor(3) as workers:
        with newsroom.database.writing() as connection:
            # All three have read the comment before it is unlocked.
            stored_comments.find_comment(connection, site="gazette", comment_id="c-1", lock=True)
            tasks = [
                workers.submit(erase_expired, newsroom),
                workers.submit(erase_expired, newsroom),
                workers.submit(erase_comment, newsroom, site, comment_id="c-1"),
            ]
            time.sleep(0.3)
        for task in tasks:
            task.result()
    assert (count_erased(newsroom), count_events(newsroom)) == (3, 3)


def test_a_tombstone_does_not_confirm_a_guessed_text(client: TestClient) -> None:
    cms = a_cms(client)
    comment = a_comment(author={"id": "u-1"})
    cms.post("/v1/comments", comment)
    cms.delete("/v1/comments/c-1")
    with client.app.state.runtime.database.reading() as connection:  # type: ignore[attr-defined]  Starlette's state
        (row,) = connection.execute(select(comments.c.content_hash, comments.c.author_id))
    assert tuple(row) == ("", None)
    again = cms.post("/v1/comments", comment)
    assert (again.status_code, again.json()["type"]) == (410, "urn:commentdesk:comment_erased")


def test_the_audit_log_does_not_link_author_and_comment(newsroom: Runtime) -> None:
    trust_author_of(newsroom, EDITOR, comment_id="c-1", trust=Trust.TRUSTED)
    erase_comment(newsroom, a_site(newsroom), comment_id="c-1")
    with newsroom.database.reading() as connection:
        lines = read_newest(connection, site="gazette", subject=None, limit=100)
    (line,) = [line for line in lines if line.action == "author.trust"]
    assert line.details == {"trust": "trusted"}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM fingerprints WHERE site = 'gazette' AND comment_id = 'c-1'",
        "SELECT fingerprint FROM fingerprints WHERE site = 'gazette' AND comment_id = 'c-1'",
        "DELETE FROM idempotency_keys WHERE site = 'gazette' AND subject = 'c-1'",
        "DELETE FROM idempotency_keys WHERE created_at < '2026-01-01'",
    ],
)
def test_rows_of_a_comment_are_found_by_index(runtime: Runtime, statement: str) -> None:
    with runtime.database.reading() as connection:
        (step,) = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    assert "comment_id=?" in step or "subject=?" in step or "created_at<?" in step
