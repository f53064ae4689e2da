"""Dependencies of routes: the signed-in user, and the checks that stop cross-site forms (CSRF)."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, Request
from starlette.responses import Response

from service.dependencies import RuntimeDep
from service.domain.errors import FormExpired, NotAuthenticated
from service.moderation.access import sessions
from service.moderation.access.sessions import SignedIn
from service.settings import Settings


def get_current_user(request: Request, runtime: RuntimeDep) -> SignedIn:
    """Return the user whose session cookie came with the request. Raises NotAuthenticated."""
    secret = request.cookies.get(cookie_name(runtime.settings))
    if not secret:
        raise NotAuthenticated
    return sessions.read_session(runtime, secret=secret)


CurrentUser = Annotated[SignedIn, Depends(get_current_user)]


def check_same_origin(request: Request, runtime: RuntimeDep) -> None:
    """Raise FormExpired if a page of another site sent the form.

    Browsers report the sender in Sec-Fetch-Site or, over plain http, in Origin. A client that sends neither header is
    not a browser, so no other site can make it send a form.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormExpired
    origin = request.headers.get("origin")
    # Accept the public address, and the host name of this very request, such as localhost.
    if origin is not None and origin != _origin(runtime.settings) and _host_of(origin) != request.headers.get("host"):
        raise FormExpired


SameOrigin = Depends(check_same_origin)


def check_csrf(
    request: Request, runtime: RuntimeDep, user: CurrentUser, form_key: Annotated[str, Form()] = ""
) -> SignedIn:
    """Return the user if the form contains the `form_key` of their session. Raises NotAuthenticated or FormExpired."""
    check_same_origin(request, runtime)
    # Compare in constant time, so that the time does not reveal how much of a guess is right.
    if not hmac.compare_digest(form_key.encode(), user.form_key.encode()):
        raise FormExpired
    return user


CurrentUserWithCsrf = Annotated[SignedIn, Depends(check_csrf)]


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def cookie_name(settings: Settings) -> str:
    """Return the name of the session cookie.

    Over https it has the prefix `__Host-` (RFC 6265bis, 4.1.3.2): browsers then accept the cookie from this host only,
    and never over http.
    """
    return "__Host-commentdesk" if is_https(settings) else "commentdesk"


def is_https(settings: Settings) -> bool:
    """Return whether browsers reach the service over https."""
    return settings.resolved_public_url.startswith("https:")


def set_session_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Set the session cookie. Scripts cannot read it, and browsers do not send it with the forms of other sites."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="lax",
    )


def delete_session_cookie(response: Response, settings: Settings) -> None:
    """Delete the session cookie."""
    response.delete_cookie(cookie_name(settings), path="/", secure=is_https(settings), httponly=True, samesite="lax")


def _origin(settings: Settings) -> str:
    parts = urlsplit(settings.resolved_public_url)
    return f"{parts.scheme}://{parts.netloc}"
