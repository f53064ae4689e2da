"""The routes for Coral's moderation phase and webhooks: one URL per connection, with signed bodies."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from service.compat.coral import translation as coral
from service.dependencies import RuntimeDep
from service.domain.coral import PHASE_PREFIX, WEBHOOK_PREFIX
from service.domain.errors import BodyInvalid
from service.domain.rights import Caller
from service.moderation.coral.connections import authenticate_coral
from service.moderation.coral.events import handle_event
from service.moderation.coral.phase import moderate
from service.moderation.runtime import Runtime
from service.store.coral.connections import CoralConnection

router = APIRouter(prefix="/coral", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignedBody:
    """A JSON body whose signature was verified, with the connection (one Coral installation) that sent it."""

    connection: CoralConnection
    caller: Caller
    body: Any


@router.post("/{connection_id}/phase")
async def post_phase(request: Request, runtime: RuntimeDep, connection_id: str) -> Response:
    """Moderate a new or edited comment. An empty response (204) leaves the decision to Coral's own phases."""
    body = await request.body()

    def respond() -> Response:
        signed = _verify_body(request, runtime, connection_id, body, prefix=PHASE_PREFIX)
        reply = coral.phase_reply(moderate(runtime, signed.caller, coral.read_phase(signed.body)))
        return JSONResponse(reply) if reply else Response(status_code=status.HTTP_204_NO_CONTENT)

    return await run_in_threadpool(respond)


@router.post("/{connection_id}/events")
async def post_event(request: Request, runtime: RuntimeDep, connection_id: str) -> Response:
    """Handle a webhook event of Coral."""
    body = await request.body()

    def respond() -> Response:
        signed = _verify_body(request, runtime, connection_id, body, prefix=WEBHOOK_PREFIX)
        handle_event(runtime, signed.caller, signed.connection, coral.read_event(signed.body))
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    return await run_in_threadpool(respond)


def _verify_body(request: Request, runtime: Runtime, connection_id: str, body: bytes, *, prefix: str) -> SignedBody:
    """Return the body after checking its signature. Raises NotAuthenticated, TooManyRequests or BodyInvalid."""
    signature = request.headers.get("x-coral-signature", "")
    connection, caller = authenticate_coral(
        runtime, connection_id=connection_id, body=body, signature=signature, prefix=prefix
    )
    request.app.state.rate_limit.admit(caller.name)
    try:
        return SignedBody(connection, caller, json.loads(body))
    except (ValueError, RecursionError):
        raise BodyInvalid("The body is not JSON in UTF-8.") from None
