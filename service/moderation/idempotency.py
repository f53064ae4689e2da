"""Idempotency keys: a write that is sent twice is done once, and both get the same answer.

The answer is kept in the transaction of the write: a process killed at any moment leaves both or neither behind.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from service.domain.errors import DatabaseUnavailable, IdempotencyKeyReused
from service.domain.rights import Caller
from service.domain.text_validation import check_text
from service.moderation.runtime import Runtime
from service.store import idempotency_keys
from service.store.idempotency_keys import StoredResponse

KEPT_FOR = timedelta(hours=24)
MAX_KEY_CHARS = 255


@dataclass(frozen=True, slots=True)
class _Noted:
    """Jobs that are noted until what they are about is committed: a worker would not find it earlier."""

    due: list[int] = field(default_factory=list)
    arrived: list[tuple[str, str]] = field(default_factory=list)

    def deliver(self, delivery_ids: list[int]) -> None:
        self.due.extend(delivery_ids)

    def rescore(self, site: str, article_id: str) -> None:
        self.arrived.append((site, article_id))


def run_once(
    runtime: Runtime,
    caller: Caller,
    *,
    key: str | None,
    request: str,
    subject: str,
    act: Callable[[Runtime], dict[str, Any]],
) -> dict[str, Any]:
    """What `act` answers, or answered when this key came first. `request` is everything that makes requests alike.

    `act` is given the desk to write at, where all that it writes is committed with its answer. Raises
    IdempotencyKeyReused where the key came with another request, TextInvalid for a key that is none.
    """
    if key is None:
        return act(runtime)
    check_text(key, field="Idempotency-Key", longest=MAX_KEY_CHARS)
    digest = hashlib.sha256(f"{caller.name}\x00{request}".encode()).hexdigest()
    coming = StoredResponse(
        key=key, request_hash=digest, subject=subject, status=200, body={}, created_at=runtime.clock()
    )
    noted = _Noted()
    with runtime.database.writing() as connection:
        # The key first: a twin of this request waits for it here, and then finds the answer.
        if not idempotency_keys.take_key(connection, site=caller.site, answer=coming):
            return _find_body(connection, caller, key=key, digest=digest)
        body = act(replace(runtime, database=runtime.database.within(connection), jobs=noted))
        idempotency_keys.set_body(connection, site=caller.site, key=key, body=body)
    runtime.jobs.deliver(noted.due)
    for site, article_id in noted.arrived:
        runtime.jobs.rescore(site, article_id)
    return body


def _find_body(connection: Connection, caller: Caller, *, key: str, digest: str) -> dict[str, Any]:
    known = idempotency_keys.find_response(connection, site=caller.site, key=key)
    if known is None:
        # Forgotten since the key was tried, a moment ago: it is free for the next try.
        raise DatabaseUnavailable(retry_after=1)
    if known.request_hash != digest:
        raise IdempotencyKeyReused(field="Idempotency-Key")
    return known.body


def expire_idempotency_keys(runtime: Runtime) -> None:
    """Deletes the answers that nobody will ask for again."""
    with runtime.database.writing() as connection:
        idempotency_keys.expire_idempotency_keys(connection, before=runtime.clock() - KEPT_FOR)
