"""Dependencies of routes: the caller with their rate limit, and the Idempotency-Key."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service.dependencies import RuntimeDep
from service.domain.errors import NotAuthenticated, TooManyRequests
from service.domain.rights import Caller
from service.moderation.access.tokens import authenticate_token

_bearer = HTTPBearer(auto_error=False, description="An API token: `commentdesk token create`.")


class RateLimit:
    """Limits requests per minute and caller. Each web process counts on its own."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._windows = SlidingWindowCounterRateLimiter(MemoryStorage())

    def admit(self, caller: str) -> None:
        """Count one request of a caller. Raises TooManyRequests above the limit, with the seconds to wait."""
        if not self._windows.hit(self._item, caller):
            raise TooManyRequests(retry_after=60)


def find_caller(
    request: Request,
    runtime: RuntimeDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Return the caller of the request's bearer token. Raises NotAuthenticated or TooManyRequests."""
    if bearer is None:
        raise NotAuthenticated
    caller = authenticate_token(runtime, bearer.credentials)
    request.app.state.rate_limit.admit(caller.name)
    return caller


TokenCaller = Annotated[Caller, Depends(find_caller)]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="A repeated request with the same key returns the first response."),
]
