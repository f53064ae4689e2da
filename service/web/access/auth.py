"""Doors: who is signed in, and whether a form comes from one of our own pages; as dependencies of routes."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, Request
from starlette.responses import Response

from service.domain.errors import FormExpired, NotAuthenticated
from service.moderation.access import sessions
from service.moderation.access.sessions import SignedIn
from service.moderation.runtime import Runtime
from service.settings import Settings


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


def read_signed_in(request: Request, runtime: RuntimeDep) -> SignedIn:
    """The session that the cookie names; raises NotAuthenticated."""
    secret = request.cookies.get(cookie_name(runtime.settings))
    if not secret:
        raise NotAuthenticated
    return sessions.read_session(runtime, secret=secret)


User = Annotated[SignedIn, Depends(read_signed_in)]


def refuse_foreign(request: Request, runtime: RuntimeDep) -> None:
    """Raises FormExpired for a form that another site's page sent.

    Browsers say so in Sec-Fetch-Site or, over plain http, in Origin. What says neither is no browser.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormExpired
    origin = request.headers.get("origin")
    if origin is not None and origin != _origin(runtime.settings) and _host_of(origin) != request.headers.get("host"):
        raise FormExpired


SameOrigin = Depends(refuse_foreign)


def check_form(request: Request, runtime: RuntimeDep, user: User, form_key: Annotated[str, Form()] = "") -> SignedIn:
    """The session, for a form that carries its key; raises NotAuthenticated, FormExpired."""
    refuse_foreign(request, runtime)
    if not hmac.compare_digest(form_key.encode(), user.form_key.encode()):
        raise FormExpired
    return user


CurrentUserWithCsrf = Annotated[SignedIn, Depends(check_form)]


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def cookie_name(settings: Settings) -> str:
    """By https, a name that browsers accept from this host only, for the whole of it, and never by http."""
    return "__Host-commentdesk" if is_https(settings) else "commentdesk"


def is_https(settings: Settings) -> bool:
    """Whether people's browsers come by https."""
    return settings.resolved_public_url.startswith("https:")


def set_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Gives the browser its session; no script sees it, and no other site's form sends it."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, settings: Settings) -> None:
    """Has the browser forget its session."""
    response.delete_cookie(cookie_name(settings), path="/", secure=is_https(settings), httponly=True, samesite="lax")


def _origin(settings: Settings) -> str:
    parts = urlsplit(settings.resolved_public_url)
    return f"{parts.scheme}://{parts.netloc}"
