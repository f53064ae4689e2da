"""Who is calling, and the desk that the call is worked on: the two things every route asks for."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service.domain.errors import NotAuthenticated, TooManyRequests
from service.domain.rights import Caller
from service.moderation.access.tokens import authenticate_token
from service.moderation.runtime import Runtime

_bearer = HTTPBearer(auto_error=False, description="An API token: `commentdesk token create`.")


class RateLimit:
    """Requests per minute and caller, counted in this process; with several processes, each gives the limit."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._windows = SlidingWindowCounterRateLimiter(MemoryStorage())

    def admit(self, caller: str) -> None:
        """Counts one request; raises TooManyRequests with the seconds to wait."""
        if not self._windows.hit(self._item, caller):
            raise TooManyRequests(retry_after=60)


def get_runtime(request: Request) -> Runtime:
    """The desk of this app."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def find_caller(
    request: Request,
    runtime: Annotated[Runtime, Depends(get_runtime)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Whom the request's bearer token acts for; raises NotAuthenticated, TooManyRequests."""
    if bearer is None:
        raise NotAuthenticated
    caller = authenticate_token(runtime, bearer.credentials)
    request.app.state.rate_limit.admit(caller.name)
    return caller


RuntimeDep = Annotated[Runtime, Depends(get_runtime)]
TokenCaller = Annotated[Caller, Depends(find_caller)]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Sent again, the request gets the first answer again."),
]
