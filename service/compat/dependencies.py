"""Who is calling: our tokens, in the places where other systems' clients put their keys."""

from typing import Annotated

from fastapi import Depends, Request

from service.domain.rights import Caller
from service.moderation.access.tokens import PREFIX, authenticate_token
from service.moderation.runtime import Runtime


def get_runtime(request: Request) -> Runtime:
    """The desk of this app."""
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(get_runtime)]


def admit(request: Request, runtime: Runtime, key: str) -> Caller:
    """Whom a key acts for, counted against its rate; raises NotAuthenticated, TooManyRequests."""
    caller = authenticate_token(runtime, key.strip())
    request.app.state.rate_limit.admit(caller.name)
    return caller


def read_bearer(request: Request) -> str:
    """The key in the Authorization header, or nothing."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key if scheme.lower() == "bearer" else ""


def read_sub_domain(request: Request) -> str:
    """The key that is the first label of the host's name, or nothing. Names have no capitals, nor have our tokens."""
    label = request.headers.get("host", "").partition(".")[0].lower()
    return label if label.startswith(f"{PREFIX}_") else ""
