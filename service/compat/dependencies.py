"""Authentication in the adapters: the key that a client of another system sends is one of our API tokens."""

from fastapi import Request

from service.domain.rights import Caller
from service.moderation.access.tokens import TOKEN_PREFIX, authenticate_token
from service.moderation.runtime import Runtime


def authenticate(request: Request, runtime: Runtime, key: str) -> Caller:
    """Return the caller of a key, after counting the request against the rate limit.

    Raises NotAuthenticated or TooManyRequests.
    """
    caller = authenticate_token(runtime, key.strip())
    request.app.state.rate_limit.admit(caller.name)
    return caller


def read_bearer(request: Request) -> str:
    """Return the key in the Authorization header, or an empty string."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key if scheme.lower() == "bearer" else ""


def read_sub_domain(request: Request) -> str:
    """Return the key in the first label of the host name, as in `KEY.rest.akismet.com`, or an empty string.

    Host names are not case-sensitive, so the label is made lower case. Our tokens have no capitals.
    """
    label = request.headers.get("host", "").partition(".")[0].lower()
    return label if label.startswith(f"{TOKEN_PREFIX}_") else ""
