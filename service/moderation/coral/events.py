"""What Coral tells by webhook: stories begin, comments appear, enter its queues and leave them.

Its events carry ids alone. A comment is known by Coral's id from the first suggestion or event that could be matched;
where it is not known yet and the connection has a GraphQL token, the worker asks Coral for the words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from service.domain.errors import CommentErased, NotFound
from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.moderation.coral.phase import SOURCE, strip_html
from service.moderation.intake.external import match_comment, register_page
from service.moderation.review.reports_and_appeals import report_comment
from service.moderation.review.verdicts import give_verdict
from service.moderation.runtime import Runtime
from service.net.graphql import GraphqlClient, GraphqlFailed
from service.store.comments import external_ids
from service.store.coral import coral as store
from service.store.coral.coral import CoralConnection, CoralEvent

log = structlog.get_logger()

TOO_OLD = timedelta(hours=24)
KEPT_FOR = timedelta(days=2)
FIRST_PAUSE = timedelta(seconds=30)
MAX_ATTEMPTS = 8
MAX_ID_CHARS = 64

STORY_CREATED = "STORY_CREATED"
ENTERED, LEFT = "COMMENT_ENTERED_MODERATION_QUEUE", "COMMENT_LEFT_MODERATION_QUEUE"
ABOUT_COMMENTS = frozenset({"COMMENT_CREATED", "COMMENT_REPLY_CREATED", ENTERED, LEFT})
REPORTED = "REPORTED"
_OUTCOMES = {"APPROVED": Outcome.APPROVE, "REJECTED": Outcome.REJECT}

_COMMENT = "query ($id: ID!) { comment(id: $id) { body story { url } } }"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEvent:
    """An event as it arrived; `data` has text only, and its comment's id may be one of ours."""

    id: str
    type: str
    created_at: datetime
    data: dict[str, str]


def handle_event(runtime: Runtime, caller: Caller, connection: CoralConnection, incoming: IncomingEvent) -> None:
    """Takes an event in once, and acts on it where nobody has to be asked for that.

    Nothing in the signature says when it was made, so what is old is refused and what was told before is passed over.
    """
    caller.require(Right.COMMENTS)
    now = runtime.clock()
    if now - incoming.created_at > TOO_OLD:
        return
    event = CoralEvent(
        connection_id=connection.id,
        id=incoming.id,
        type=incoming.type,
        data=dict(incoming.data),
        attempts=0,
        due_at=now,
        received_at=now,
    )
    with runtime.database.writing() as writing:
        store.forget_events(writing, before=now - KEPT_FOR)
        if not store.add_event(writing, event):
            return
    if apply_event(runtime, caller, event) or connection.graphql_url is None:
        with runtime.database.writing() as writing:
            store.move_event(writing, event, attempts=0, due_at=None)


def apply_event(runtime: Runtime, caller: Caller, event: CoralEvent) -> bool:
    """Does what an event asks for; False where its comment is not known by Coral's id yet."""
    if event.type == STORY_CREATED:
        # Without words: they come by import, from the CMS, or from its page.
        register_page(runtime, caller, event.data.get("storyURL", ""))
        return True
    external_id = event.data.get("commentID")
    if event.type not in ABOUT_COMMENTS or not external_id:
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
        # Erased here since: there is nothing left to decide.
        return True
    return True


def look_up_comments(runtime: Runtime, client: GraphqlClient, *, limit: int = 50) -> int:
    """Asks each Coral for the comments of events that wait for it, and acts on them; says how many were looked at."""
    with runtime.database.reading() as connection:
        known = store.list_connections(connection)
    return sum(_look_up_events(runtime, client, kept, limit) for kept in known)


def _look_up_events(runtime: Runtime, client: GraphqlClient, kept: CoralConnection, limit: int) -> int:
    with runtime.database.reading() as connection:
        due = store.list_due_events(connection, connection_id=kept.id, now=runtime.clock(), limit=limit)
    for count, event in enumerate(due, start=1):
        if not _look_up(runtime, client, kept, event):
            # It may be this event alone, or a host that answers nothing, which must not keep the sweep for minutes.
            return count
    return len(due)


def _look_up(runtime: Runtime, client: GraphqlClient, kept: CoralConnection, event: CoralEvent) -> bool:
    """Looks once at an event, and again later where that fails; False where Coral did not answer."""
    caller = Caller(site=kept.site, name=f"coral:{kept.id}", rights=frozenset({Right.COMMENTS, Right.MODERATE}))
    attempts = event.attempts + 1
    failure: Exception | None = None
    try:
        _learn_id(runtime, client, kept, event.data.get("commentID", ""))
        apply_event(runtime, caller, event)
    except GraphqlFailed as error:
        failure = error
        log.warning("coral not asked", connection=kept.id, reason=str(error), attempts=attempts)
    except Exception as error:
        # Whatever is wrong with one event, others wait behind it.
        failure = error
        log.exception("coral event failed", connection=kept.id, attempts=attempts)
    again = failure is not None and attempts < MAX_ATTEMPTS
    with runtime.database.writing() as connection:
        due_at = runtime.clock() + FIRST_PAUSE * 2**event.attempts if again else None
        store.move_event(connection, event, attempts=attempts, due_at=due_at)
    return not isinstance(failure, GraphqlFailed)


def _learn_id(runtime: Runtime, client: GraphqlClient, kept: CoralConnection, external_id: str) -> None:
    """Matches Coral's comment to ours by its words and story, which notes its id."""
    if not kept.graphql_url or not kept.graphql_token:
        return
    found: Any = client.ask(kept.graphql_url, kept.graphql_token, _COMMENT, id=external_id).get("comment")
    if not isinstance(found, dict) or not isinstance(found.get("body"), str):
        return
    story = found.get("story")
    address = str(story.get("url", "")) if isinstance(story, dict) else ""
    text = strip_html(found["body"])
    match_comment(runtime, site=kept.site, source=SOURCE, text=text, address=address, external_id=external_id)


def _follow_verdict(runtime: Runtime, caller: Caller, comment_id: str, status: str) -> None:
    """A comment leaves Coral's queue when somebody there decides it, of which a suggestion may have told already."""
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return
    reason = RejectReason.OTHER if outcome is Outcome.REJECT else None
    give_verdict(runtime, caller, comment_id=comment_id, outcome=outcome, reason=reason, source=SOURCE, once=True)
