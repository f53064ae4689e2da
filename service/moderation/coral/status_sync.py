"""The way back to Coral: a verdict on our page sets the status there. Off unless a setting and a token allow it."""

import secrets
from datetime import timedelta
from typing import Any

import structlog

from service.domain.coral import OTHER, REASONS
from service.moderation.runtime import Runtime
from service.net.graphql import GraphqlClient, GraphqlFailed
from service.store.coral import coral as store
from service.store.coral.coral import CoralConnection, UnsyncedVerdict

log = structlog.get_logger()

FIRST_PAUSE = timedelta(minutes=1)
MAX_PAUSE = timedelta(hours=12)
MAX_ATTEMPTS = 12

_COMMENT = "query ($id: ID!) { comment(id: $id) { status revision { id } } }"
_APPROVE = "mutation ($input: ApproveCommentInput!) { approveComment(input: $input) { comment { status } } }"
_REJECT = "mutation ($input: RejectCommentInput!) { rejectComment(input: $input) { comment { status } } }"
_STATUS = {"approve": "APPROVED", "reject": "REJECTED"}


def sync_statuses(runtime: Runtime, client: GraphqlClient, *, limit: int = 50) -> int:
    """Tells each Coral of the verdicts that it has not heard of, and says how many it tried to tell."""
    if not runtime.settings.coral_graphql:
        return 0
    with runtime.database.reading() as connection:
        # Of several connections of a site, the oldest with a token: a comment's status is one.
        known = {
            kept.site: kept
            for kept in reversed(store.list_connections(connection))
            if kept.graphql_url and kept.graphql_token
        }
    return sum(_tell_site(runtime, client, kept, limit) for kept in known.values())


def _tell_site(runtime: Runtime, client: GraphqlClient, kept: CoralConnection, limit: int) -> int:
    now = runtime.clock()
    decided_before = now - timedelta(seconds=runtime.settings.undo_seconds)
    with runtime.database.reading() as connection:
        waiting = store.list_unsynced(connection, site=kept.site, now=now, decided_before=decided_before, limit=limit)
    for count, unsynced in enumerate(waiting, start=1):
        if not _tell(runtime, client, kept, unsynced):
            # It may be this comment alone, or a host that answers nothing, which must not keep the sweep for minutes.
            return count
    return len(waiting)


def _tell(runtime: Runtime, client: GraphqlClient, kept: CoralConnection, unsynced: UnsyncedVerdict) -> bool:
    """Tells of one verdict, and again later where that fails; False where Coral did not answer."""
    failure: Exception | None = None
    try:
        _set_status(client, kept, unsynced)
    except GraphqlFailed as error:
        failure = error
        log.warning("coral not told", connection=kept.id, reason=str(error), attempts=unsynced.attempts + 1)
    except Exception as error:
        # Whatever is wrong with one comment, others wait behind it.
        failure = error
        log.exception("telling coral failed", connection=kept.id, attempts=unsynced.attempts + 1)
    _note(runtime, kept, unsynced, failed=failure is not None)
    return not isinstance(failure, GraphqlFailed)


def _note(runtime: Runtime, kept: CoralConnection, unsynced: UnsyncedVerdict, *, failed: bool) -> None:
    again = failed and unsynced.attempts + 1 < MAX_ATTEMPTS
    with runtime.database.writing() as connection:
        store.mark_synced(
            connection,
            site=kept.site,
            comment_id=unsynced.comment_id,
            verdict=None if again else unsynced.verdict,
            attempts=unsynced.attempts + 1 if failed else 0,
            due_at=runtime.clock() + min(FIRST_PAUSE * 2**unsynced.attempts, MAX_PAUSE) if again else None,
        )


def _set_status(client: GraphqlClient, kept: CoralConnection, unsynced: UnsyncedVerdict) -> None:
    url, token = kept.graphql_url or "", kept.graphql_token or ""
    found: Any = client.ask(url, token, _COMMENT, id=unsynced.external_id).get("comment")
    if not isinstance(found, dict) or found.get("status") == _STATUS[unsynced.outcome]:
        # Gone there, or decided alike.
        return
    sent: dict[str, Any] = {
        "commentID": unsynced.external_id,
        "commentRevisionID": (found.get("revision") or {}).get("id"),
        "clientMutationId": secrets.token_hex(8),
    }
    if unsynced.outcome == "reject":
        client.ask(url, token, _REJECT, input=sent | {"reason": {"code": REASONS.get(unsynced.reason or "", OTHER)}})
    else:
        client.ask(url, token, _APPROVE, input=sent)
