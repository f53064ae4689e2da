"""Kept answers: what a write was answered, by its Idempotency-Key, for clients that did not hear it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from service.store.row_mapping import record_facts, row_without
from service.store.tables import idempotency_keys
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """The answer to one request; `subject` is the comment that it is about, so that erasure finds it."""

    key: str
    request_hash: str
    subject: str
    status: int
    body: dict[str, Any]
    created_at: datetime


def find_response(connection: Connection, *, site: str, key: str) -> StoredResponse | None:
    """The answer kept under this key."""
    query = select(idempotency_keys).where(idempotency_keys.c.site == site, idempotency_keys.c.key == key)
    row = connection.execute(query).one_or_none()
    return StoredResponse(**row_without(row, "site")) if row else None


def take_key(connection: Connection, *, site: str, answer: StoredResponse) -> bool:
    """Takes a key for an answer whose body is still to come; False where it is taken.

    Waits for a request that is about to answer under the same key.
    """
    return insert_new(connection, idempotency_keys, {"site": site, **record_facts(answer)})


def set_body(connection: Connection, *, site: str, key: str, body: dict[str, Any]) -> None:
    """Keeps what was answered under a key."""
    this = (idempotency_keys.c.site == site) & (idempotency_keys.c.key == key)
    connection.execute(update(idempotency_keys).where(this).values(body=body))


def expire_idempotency_keys(connection: Connection, *, before: datetime) -> None:
    """Deletes answers older than this: a client that has not retried for so long will not."""
    connection.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < before))
