"""Idempotency keys: a write request that is sent twice is done once, and both requests get the same response.

The response is stored in the transaction of the write. A process that is killed leaves both behind, or neither.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from service.domain.errors import DatabaseUnavailable, IdempotencyKeyReused
from service.domain.rights import Caller
from service.domain.text_validation import check_text
from service.moderation.runtime import Runtime
from service.store import idempotency_keys
from service.store.idempotency_keys import StoredResponse

RETENTION = timedelta(hours=24)
MAX_KEY_CHARS = 255


class WriteResult(Protocol):
    """The result of a write, with the webhook deliveries that are due once it is committed."""

    @property
    def deliveries(self) -> Sequence[int]:
        """Ids of deliveries."""


Result = TypeVar("Result", bound=WriteResult)


def run_once(
    runtime: Runtime,
    caller: Caller,
    *,
    key: str | None,
    request: str,
    subject: str,
    write: Callable[[Connection], Result],
    respond: Callable[[Result], dict[str, Any]],
) -> dict[str, Any]:
    """Write in a transaction and return the response, or the stored response if the key was used before.

    `request` is the content that two requests with the same key must share, `subject` the id of the comment. Without a
    key, every request is done. Raises IdempotencyKeyReused if the key was used for another request, TextInvalid if the
    key is not valid, and whatever `write` raises.
    """
    if key is not None:
        check_text(key, field="Idempotency-Key", max_chars=MAX_KEY_CHARS)
    with runtime.database.writing() as connection:
        if key is not None:
            reserved = StoredResponse(
                key=key,
                request_hash=_hash_request(caller, request),
                subject=subject,
                status=200,
                body={},
                created_at=runtime.clock(),
            )
            # Reserved before the write: a simultaneous request with the same key waits here, and then finds the body.
            if not idempotency_keys.reserve(connection, site=caller.site, response=reserved):
                return _find_body(connection, caller, reserved)
        result = write(connection)
        body = respond(result)
        if key is not None:
            idempotency_keys.set_body(connection, site=caller.site, key=key, body=body)
    runtime.jobs.deliver(list(result.deliveries))
    return body


def expire_idempotency_keys(runtime: Runtime) -> None:
    """Delete responses that are older than the time in which a client may repeat a request."""
    with runtime.database.writing() as connection:
        idempotency_keys.expire_idempotency_keys(connection, before=runtime.clock() - RETENTION)


def _hash_request(caller: Caller, request: str) -> str:
    return hashlib.sha256(f"{caller.name}\x00{request}".encode()).hexdigest()


def _find_body(connection: Connection, caller: Caller, reserved: StoredResponse) -> dict[str, Any]:
    stored = idempotency_keys.find_response(connection, site=caller.site, key=reserved.key)
    if stored is None:
        # The key expired a moment ago. The next attempt can use it.
        raise DatabaseUnavailable(retry_after=1)
    if stored.request_hash != reserved.request_hash:
        raise IdempotencyKeyReused(field="Idempotency-Key")
    return stored.body
