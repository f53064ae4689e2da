"""Changes to the queue while a page is open: a stream of server-sent events, and the same facts to be asked for."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from service.domain.errors import Overloaded
from service.domain.rights import Caller
from service.moderation.review import queue
from service.moderation.runtime import Runtime
from service.web.access.auth import RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.rendering import json_response

router = APIRouter(route_class=PageRoute, include_in_schema=False)

LOOK_SECONDS = 1.0
STREAM_SECONDS = 20.0
"""A browser comes back by itself; until then a session that has ended is not noticed, nor a service that stops."""

MAX_STREAMS = 64
RETRY_AFTER_SECONDS = 10


class CountsCache:
    """The newest counts of each site, read at most once in LOOK_SECONDS whatever the number of pages that are open."""

    def __init__(self) -> None:
        self.streams = 0
        self._read: dict[str, tuple[float, dict[str, Any]]] = {}

    def get(self, runtime: Runtime, caller: Caller) -> dict[str, Any]:
        """The counts of the caller's site, at most LOOK_SECONDS old."""
        now = time.monotonic()
        read_at, facts = self._read.get(caller.site, (0.0, {}))
        if not facts or now - read_at >= LOOK_SECONDS:
            facts = asdict(queue.read_counts(runtime, caller))
            self._read[caller.site] = (now, facts)
        return facts


@router.get("/queue/counts")
def get_counts(request: Request, runtime: RuntimeDep, user: User) -> Response:
    """The counts now, for a page that gets no stream."""
    return json_response(request.app.state.web.pulse.get(runtime, user.caller))


@router.get("/queue/changes")
def stream_changes(request: Request, runtime: RuntimeDep, user: User) -> Response:
    """The counts whenever they change, for a while."""
    pulse: CountsCache = request.app.state.web.pulse
    if pulse.streams >= MAX_STREAMS:
        raise Overloaded(retry_after=RETRY_AFTER_SECONDS)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_beat(runtime, user.caller, pulse), media_type="text/event-stream", headers=headers)


async def _beat(runtime: Runtime, caller: Caller, pulse: CountsCache) -> AsyncIterator[str]:
    pulse.streams += 1
    try:
        told: dict[str, Any] | None = None
        yield "retry: 1000\n\n"
        ends = time.monotonic() + STREAM_SECONDS
        while time.monotonic() < ends:
            facts = await to_thread.run_sync(pulse.get, runtime, caller)
            if facts != told:
                told = facts
                yield f"event: counts\ndata: {json.dumps(facts)}\n\n"
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        pulse.streams -= 1
