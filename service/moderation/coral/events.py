"""Events that Coral sends by webhook: new stories, and comments that are created, enter its queues or leave them.

An event has only the id of a comment in Coral. If that id is not known here yet and the connection has a GraphQL token,
the worker looks up the comment in Coral and matches it by its text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from service.domain.errors import CommentErased, NotFound
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.moderation.articles.lookup import register_page
from service.moderation.coral.phase import SOURCE, strip_html
from service.moderation.intake.external import match_comment
from service.moderation.review.reports_and_appeals import report_comment
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.net.graphql import GraphqlClient, GraphqlFailed
from service.store.comments import external_ids
from service.store.coral import connections, events
from service.store.coral.connections import CoralConnection
from service.store.coral.events import CoralEvent

log = structlog.get_logger()

MAX_AGE = timedelta(hours=24)
RETENTION = timedelta(days=2)
FIRST_DELAY = timedelta(seconds=30)
MAX_ATTEMPTS = 8
MAX_ID_CHARS = 64

STORY_CREATED = "STORY_CREATED"
ENTERED, LEFT = "COMMENT_ENTERED_MODERATION_QUEUE", "COMMENT_LEFT_MODERATION_QUEUE"
COMMENT_EVENTS = frozenset({"COMMENT_CREATED", "COMMENT_REPLY_CREATED", ENTERED, LEFT})
REPORTED = "REPORTED"
_OUTCOMES = {"APPROVED": Outcome.APPROVE, "REJECTED": Outcome.REJECT}

_COMMENT = "query ($id: ID!) { comment(id: $id) { body story { url } } }"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEvent:
    """An event as it arrives; all values of `data` are texts."""

    id: str
    type: str
    created_at: datetime
    data: dict[str, str]


def handle_event(runtime: Runtime, caller: Caller, coral: CoralConnection, incoming: IncomingEvent) -> None:
    """Store an event and apply it if its comment is known. Old and repeated events are ignored.

    A signature does not expire, so that someone could send a recorded request again.
    """
    caller.require(Right.COMMENTS)
    now = runtime.clock()
    if now - incoming.created_at > MAX_AGE:
        return
    event = CoralEvent(
        connection_id=coral.id,
        id=incoming.id,
        type=incoming.type,
        data=dict(incoming.data),
        attempts=0,
        due_at=now,
        received_at=now,
    )
    with runtime.database.writing() as connection:
        events.delete_old_events(connection, before=now - RETENTION)
        if not events.add_event(connection, event):
            return
    if apply_event(runtime, caller, event) or coral.graphql_url is None:
        with runtime.database.writing() as connection:
            events.update_event(connection, event, attempts=0, due_at=None)


def apply_event(runtime: Runtime, caller: Caller, event: CoralEvent) -> bool:
    """Apply an event. Return False if Coral's id of its comment is not known yet."""
    if event.type == STORY_CREATED:
        # Its text comes from an import, from the CMS, or from its page.
        register_page(runtime, caller, event.data.get("storyURL", ""))
        return True
    external_id = event.data.get("commentID")
    if event.type not in COMMENT_EVENTS or not external_id:
        return True
    with runtime.database.reading() as connection:
        comment_id = external_ids.find_by_external_id(
            connection, site=caller.site, source=SOURCE, external_id=external_id
        )
    if comment_id is None:
        return False
    try:
        if event.type == ENTERED and event.data.get("queue") == REPORTED:
            report_comment(
                runtime, caller, comment_id=comment_id, reporter=f"coral {external_id}", reason="reported_in_coral"
            )
        elif event.type == LEFT:
            _follow_verdict(runtime, caller, comment_id, event.data.get("status", ""))
    except (NotFound, CommentErased):
        # The comment was erased here in the meantime.
        return True
    return True


def look_up_comments(runtime: Runtime, client: GraphqlClient, *, limit: int = 50) -> int:
    """Look up the comments of waiting events in Coral and apply the events. Return the number of lookups."""
    with runtime.database.reading() as connection:
        all_connections = connections.list_connections(connection)
    return sum(_look_up_events(runtime, client, coral, limit) for coral in all_connections)


def _look_up_events(runtime: Runtime, client: GraphqlClient, coral: CoralConnection, limit: int) -> int:
    with runtime.database.reading() as connection:
        due = events.list_due_events(connection, connection_id=coral.id, now=runtime.clock(), limit=limit)
    for count, event in enumerate(due, start=1):
        if not _look_up(runtime, client, coral, event):
            # If the host does not respond, the other events would only wait for the same timeout.
            return count
    return len(due)


def _look_up(runtime: Runtime, client: GraphqlClient, coral: CoralConnection, event: CoralEvent) -> bool:
    """Make one attempt at an event, and schedule the next one if it fails. Return False if Coral did not respond."""
    caller = Caller(site=coral.site, name=f"coral:{coral.id}", rights=frozenset({Right.COMMENTS, Right.MODERATE}))
    attempts = event.attempts + 1
    failure: Exception | None = None
    try:
        _match_external_id(runtime, client, coral, event.data.get("commentID", ""))
        apply_event(runtime, caller, event)
    except GraphqlFailed as error:
        failure = error
        log.warning("coral comment not looked up", connection=coral.id, reason=str(error), attempts=attempts)
    except Exception as error:
        # An unexpected error in one event must not stop the others.
        failure = error
        log.exception("coral event failed", connection=coral.id, attempts=attempts)
    is_retried = failure is not None and attempts < MAX_ATTEMPTS
    with runtime.database.writing() as connection:
        due_at = runtime.clock() + FIRST_DELAY * 2**event.attempts if is_retried else None
        events.update_event(connection, event, attempts=attempts, due_at=due_at)
    return not isinstance(failure, GraphqlFailed)


def _match_external_id(runtime: Runtime, client: GraphqlClient, coral: CoralConnection, external_id: str) -> None:
    """Find our comment by the text and story that it has in Coral, which records its id there."""
    if not coral.graphql_url or not coral.graphql_token:
        return
    response = client.execute(coral.graphql_url, coral.graphql_token, _COMMENT, id=external_id)
    comment: Any = response.get("comment")
    if not isinstance(comment, dict) or not isinstance(comment.get("body"), str):
        return
    story = comment.get("story")
    address = str(story.get("url", "")) if isinstance(story, dict) else ""
    text = strip_html(comment["body"])
    match_comment(runtime, site=coral.site, source=SOURCE, text=text, address=address, external_id=external_id)


def _follow_verdict(runtime: Runtime, caller: Caller, comment_id: str, status: str) -> None:
    """Record the verdict of a comment that has left Coral's queue, unless its newest verdict has the same outcome."""
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return
    reason = RejectReason.OTHER if outcome is Outcome.REJECT else None
    verdict = VerdictInput(outcome=outcome, reason=reason, source=SOURCE, ignore_if_same=True)
    give_verdict(runtime, caller, verdict, SeenComment(comment_id=comment_id))
