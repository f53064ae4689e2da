"""Idempotency keys: a write that is sent twice is done once, and both get the same answer.

The writes themselves do no harm when repeated (a verdict, a report or an appeal that is there already is given back),
so the answer may be kept after the write: a process killed between the two loses nothing but the exact words.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from service.domain.errors import IdempotencyKeyReused
from service.domain.rights import Caller
from service.domain.texts import check_text
from service.moderation.desk import Desk
from service.store import answers
from service.store.answers import Answer

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255


def answer_once(
    desk: Desk,
    caller: Caller,
    *,
    key: str | None,
    request: str,
    subject: str,
    act: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """What `act` answers, or answered when this key came first. `request` is everything that makes requests alike.

    Raises IdempotencyKeyReused where the key came with another request, TextInvalid for a key that is none.
    """
    if key is None:
        return act()
    check_text(key, field="Idempotency-Key", longest=LONGEST_KEY)
    digest = hashlib.sha256(f"{caller.name}\x00{request}".encode()).hexdigest()
    with desk.database.reading() as connection:
        known = answers.find_answer(connection, site=caller.site, key=key)
    if known is not None:
        if known.request_hash != digest:
            raise IdempotencyKeyReused(field="Idempotency-Key")
        return known.body
    body = act()
    kept = Answer(key=key, request_hash=digest, subject=subject, status=200, body=body, created_at=desk.clock())
    with desk.database.writing() as connection:
        answers.keep_answer(connection, site=caller.site, answer=kept)
    return body


def forget_answers(desk: Desk) -> None:
    """Deletes the answers that nobody will ask for again."""
    with desk.database.writing() as connection:
        answers.forget_answers(connection, before=desk.clock() - KEPT_FOR)
