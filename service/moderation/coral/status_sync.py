"""Sending verdicts back to Coral: a verdict given here sets the status of the comment there.

It is off unless a setting and a GraphQL token allow it.
"""

import secrets
from datetime import timedelta
from typing import Any

import structlog

from service.domain.coral import OTHER, REASONS
from service.moderation.runtime import Runtime
from service.net.graphql import GraphqlClient, GraphqlFailed
from service.store.coral import connections, unsynced_verdicts
from service.store.coral.connections import CoralConnection
from service.store.coral.unsynced_verdicts import UnsyncedVerdict

log = structlog.get_logger()

FIRST_DELAY = timedelta(minutes=1)
MAX_DELAY = timedelta(hours=12)
MAX_ATTEMPTS = 12

_COMMENT = "query ($id: ID!) { comment(id: $id) { status revision { id } } }"
_APPROVE = "mutation ($input: ApproveCommentInput!) { approveComment(input: $input) { comment { status } } }"
_REJECT = "mutation ($input: RejectCommentInput!) { rejectComment(input: $input) { comment { status } } }"
_STATUS = {"approve": "APPROVED", "reject": "REJECTED"}


def sync_statuses(runtime: Runtime, client: GraphqlClient, *, limit: int = 50) -> int:
    """Send the verdicts that Coral does not have yet. Return how many attempts were made."""
    if not runtime.settings.coral_graphql:
        return 0
    with runtime.database.reading() as connection:
        # If a site has several connections with a token, the oldest one is used.
        by_site = {
            coral.site: coral
            for coral in reversed(connections.list_connections(connection))
            if coral.graphql_url and coral.graphql_token
        }
    return sum(_sync_site(runtime, client, coral, limit) for coral in by_site.values())


def _sync_site(runtime: Runtime, client: GraphqlClient, coral: CoralConnection, limit: int) -> int:
    now = runtime.clock()
    decided_before = now - timedelta(seconds=runtime.settings.undo_seconds)
    with runtime.database.reading() as connection:
        waiting = unsynced_verdicts.list_unsynced(
            connection, site=coral.site, now=now, decided_before=decided_before, limit=limit
        )
    for count, unsynced in enumerate(waiting, start=1):
        if not _sync_verdict(runtime, client, coral, unsynced):
            # If the host does not respond, the other verdicts would only wait for the same timeout.
            return count
    return len(waiting)


def _sync_verdict(runtime: Runtime, client: GraphqlClient, coral: CoralConnection, unsynced: UnsyncedVerdict) -> bool:
    """Send one verdict, and schedule the next attempt if it fails. Return False if Coral did not respond."""
    failure: Exception | None = None
    try:
        _set_status(client, coral, unsynced)
    except GraphqlFailed as error:
        failure = error
        log.warning("coral status not set", connection=coral.id, reason=str(error), attempts=unsynced.attempts + 1)
    except Exception as error:
        # An unexpected error in one verdict must not stop the others.
        failure = error
        log.exception("coral status failed", connection=coral.id, attempts=unsynced.attempts + 1)
    _record_attempt(runtime, coral, unsynced, failed=failure is not None)
    return not isinstance(failure, GraphqlFailed)


def _record_attempt(runtime: Runtime, coral: CoralConnection, unsynced: UnsyncedVerdict, *, failed: bool) -> None:
    is_retried = failed and unsynced.attempts + 1 < MAX_ATTEMPTS
    with runtime.database.writing() as connection:
        unsynced_verdicts.record_sync_attempt(
            connection,
            site=coral.site,
            comment_id=unsynced.comment_id,
            verdict_id=None if is_retried else unsynced.verdict_id,
            attempts=unsynced.attempts + 1 if failed else 0,
            due_at=runtime.clock() + min(FIRST_DELAY * 2**unsynced.attempts, MAX_DELAY) if is_retried else None,
        )


def _set_status(client: GraphqlClient, coral: CoralConnection, unsynced: UnsyncedVerdict) -> None:
    url, token = coral.graphql_url or "", coral.graphql_token or ""
    comment: Any = client.execute(url, token, _COMMENT, id=unsynced.external_id).get("comment")
    if not isinstance(comment, dict) or comment.get("status") == _STATUS[unsynced.outcome]:
        # The comment was deleted in Coral, or has the same status already.
        return
    variables: dict[str, Any] = {
        "commentID": unsynced.external_id,
        "commentRevisionID": (comment.get("revision") or {}).get("id"),
        "clientMutationId": secrets.token_hex(8),
    }
    if unsynced.outcome == "reject":
        reason = {"code": REASONS.get(unsynced.reason or "", OTHER)}
        client.execute(url, token, _REJECT, input=variables | {"reason": reason})
    else:
        client.execute(url, token, _APPROVE, input=variables)
