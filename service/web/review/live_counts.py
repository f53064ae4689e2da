"""Live counts of the queue: a stream of server-sent events, and the same counts as JSON for polling."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from service.dependencies import RuntimeDep
from service.domain.errors import Overloaded
from service.domain.rights import Caller
from service.moderation.review import queue
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUser
from service.web.error_pages import PageRoute
from service.web.rendering import json_response

router = APIRouter(route_class=PageRoute, include_in_schema=False)

POLL_SECONDS = 1.0
STREAM_SECONDS = 20.0
"""How long one stream lasts. The browser then reconnects, which checks its session again and allows a shutdown."""

MAX_STREAMS = 64
RETRY_AFTER_SECONDS = 10


class CountsCache:
    """The newest counts of each site. All open pages share them, so a site needs one query per POLL_SECONDS."""

    def __init__(self) -> None:
        """Start without counts and without open streams."""
        self.open_streams = 0
        # By site: the monotonic time of the query, and its counts.
        self._counts: dict[str, tuple[float, dict[str, Any]]] = {}

    def get(self, runtime: Runtime, caller: Caller) -> dict[str, Any]:
        """Return the counts of the caller's site, at most POLL_SECONDS old."""
        now = time.monotonic()
        read_at, counts = self._counts.get(caller.site, (0.0, {}))
        if not counts or now - read_at >= POLL_SECONDS:
            counts = asdict(queue.read_counts(runtime, caller))
            self._counts[caller.site] = (now, counts)
        return counts


@router.get("/queue/counts")
def get_counts(request: Request, runtime: RuntimeDep, user: CurrentUser) -> Response:
    """Return the counts once, for pages that poll because MAX_STREAMS are open."""
    return json_response(request.app.state.web.counts_cache.get(runtime, user.caller))


@router.get("/queue/changes")
def stream_changes(request: Request, runtime: RuntimeDep, user: CurrentUser) -> Response:
    """Send the counts whenever they change, for STREAM_SECONDS. Raises Overloaded if too many streams are open."""
    cache: CountsCache = request.app.state.web.counts_cache
    if cache.open_streams >= MAX_STREAMS:
        raise Overloaded(retry_after=RETRY_AFTER_SECONDS)
    # nginx buffers responses unless this header forbids it.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _stream_counts(runtime, user.caller, cache), media_type="text/event-stream", headers=headers
    )


async def _stream_counts(runtime: Runtime, caller: Caller, cache: CountsCache) -> AsyncIterator[str]:
    cache.open_streams += 1
    try:
        last_sent: dict[str, Any] | None = None
        # Milliseconds until the browser reconnects after the end of the stream.
        yield "retry: 1000\n\n"
        ends_at = time.monotonic() + STREAM_SECONDS
        while time.monotonic() < ends_at:
            counts = await to_thread.run_sync(cache.get, runtime, caller)
            if counts != last_sent:
                last_sent = counts
                yield f"event: counts\ndata: {json.dumps(counts)}\n\n"
            await asyncio.sleep(POLL_SECONDS)
    finally:
        cache.open_streams -= 1
