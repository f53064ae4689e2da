"""The queue, for a CMS that shows it in its own desk."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.api import responses, schemas
from service.api.dependencies import RuntimeDep, TokenCaller
from service.moderation.review.queue import read_queue
from service.store.review.queue import Kind

router = APIRouter(tags=["queue"])


@router.get("/queue", summary="What waits for a person")
def get_queue(
    runtime: RuntimeDep,
    caller: TokenCaller,
    kind: Kind | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> schemas.QueueOut:
    """Most pressing first."""
    return responses.shape_queue(read_queue(runtime, caller, kind=kind, cursor=cursor, limit=limit))
