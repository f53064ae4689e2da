"""Responses by the header `Idempotency-Key`. A client that repeats a request with its key gets the same response."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from service.store.row_mapping import record_as_dict, row_without
from service.store.tables import idempotency_keys
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """The response to one request. `subject` is the id of its comment, by which erasure finds the row."""

    key: str
    request_hash: str
    subject: str
    status: int
    body: dict[str, Any]
    created_at: datetime


def find_response(connection: Connection, *, site: str, key: str) -> StoredResponse | None:
    """Return the response that is stored under this key."""
    query = select(idempotency_keys).where(idempotency_keys.c.site == site, idempotency_keys.c.key == key)
    row = connection.execute(query).one_or_none()
    return StoredResponse(**row_without(row, "site")) if row else None


def reserve(connection: Connection, *, site: str, response: StoredResponse) -> bool:
    """Reserve a key before the request is processed; `set_body` follows. Return False if the key is taken.

    If another transaction is reserving the same key, this call waits until that transaction ends.
    """
    return insert_new(connection, idempotency_keys, {"site": site, **record_as_dict(response)})


def set_body(connection: Connection, *, site: str, key: str, body: dict[str, Any]) -> None:
    """Store the body of the response under a reserved key."""
    is_key = (idempotency_keys.c.site == site) & (idempotency_keys.c.key == key)
    connection.execute(update(idempotency_keys).where(is_key).values(body=body))


def expire_idempotency_keys(connection: Connection, *, before: datetime) -> None:
    """Delete the responses that were stored before a time."""
    connection.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < before))
