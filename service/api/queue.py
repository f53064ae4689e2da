"""The review queue, for a CMS that shows it in its own pages."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.dependencies import TokenCaller
from service.api.responses import queue_out
from service.api.schemas.queue import QueueOut
from service.dependencies import RuntimeDep
from service.moderation.review.queue import read_queue
from service.store.review.queue import Kind

router = APIRouter(tags=["queue"])


@router.get("/queue", summary="List the review queue")
def get_queue(
    runtime: RuntimeDep,
    caller: TokenCaller,
    kind: Kind | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> QueueOut:
    """Highest priority first."""
    return queue_out(read_queue(runtime, caller, kind=kind, cursor=cursor, limit=limit))
