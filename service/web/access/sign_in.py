"""Signing in by password or link, choosing a site, and signing out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.dependencies import RuntimeDep
from service.domain.errors import SignInFailed, TooManyRequests
from service.moderation.access import sessions
from service.moderation.access.sessions import OpenedSession
from service.web.access.auth import (
    CurrentUser,
    CurrentUserWithCsrf,
    SameOrigin,
    delete_session_cookie,
    set_session_cookie,
)
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

HOME = "/queue"


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = HOME, signed_out: str = "") -> Response:  # noqa: A002  the parameter in the address
    """Show the form for e-mail address and password."""
    return render(request, "sign_in.html", next=next, signed_out=bool(signed_out), email="", failure=None)


@router.post("/sign-in", dependencies=[SameOrigin])
def sign_in(
    request: Request,
    runtime: RuntimeDep,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = HOME,  # noqa: A002  the field of the form
) -> Response:
    """Open a session, or show the form again with the error."""
    address = request.client.host if request.client else ""
    try:
        opened = sessions.sign_in_with_password(
            runtime, request.app.state.web.sign_in_throttle, email=email, password=password, address=address
        )
    except (SignInFailed, TooManyRequests) as failure:
        return render(
            request,
            "sign_in.html",
            status_code=failure.status,
            next=next,
            signed_out=False,
            email=email,
            failure=failure,
        )
    return _start_session(runtime, opened, _local_path(next))


@router.get("/sign-in/{secret}")
def show_link(request: Request, secret: str) -> Response:
    """Show a button that signs in. Opening the link is not enough: a chat or mail program may do so for a preview."""
    return render(request, "sign_in_link.html", secret=secret)


@router.post("/sign-in/{secret}", dependencies=[SameOrigin])
def sign_in_by_link(request: Request, runtime: RuntimeDep, secret: str) -> Response:
    """Open a session. The link then stops working."""
    try:
        opened = sessions.sign_in_with_link(runtime, secret=secret)
    except SignInFailed as failure:
        return render(
            request,
            "sign_in.html",
            status_code=failure.status,
            next=HOME,
            signed_out=False,
            email="",
            failure=failure,
        )
    return _start_session(runtime, opened, HOME)


@router.post("/sign-out")
def sign_out(runtime: RuntimeDep, user: CurrentUserWithCsrf) -> Response:
    """End the session, on the server and in the browser."""
    sessions.sign_out(runtime, user)
    response = go_to("/sign-in?signed_out=true")
    delete_session_cookie(response, runtime.settings)
    return response


@router.get("/sites")
def show_sites(request: Request, runtime: RuntimeDep, user: CurrentUser) -> Response:
    """Show the sites on which the user has a role."""
    return render(request, "sites.html", user=user, sites=sessions.list_own_sites(runtime, user))


@router.post("/sites")
def choose_site(runtime: RuntimeDep, user: CurrentUserWithCsrf, site: Annotated[str, Form()]) -> Response:
    """Switch the session to another site."""
    sessions.choose_site(runtime, user, site=site)
    return go_to(HOME)


def _start_session(runtime: RuntimeDep, opened: OpenedSession, path: str) -> Response:
    # A user with several sites chooses one first, unless they were on the way to a certain page.
    response = go_to("/sites" if opened.site_count > 1 and path == HOME else path)
    set_session_cookie(response, runtime.settings, opened.secret)
    return response


def _local_path(path: str) -> str:
    # Browsers read "//host" and "/\host" as another site, and remove tabs and line breaks before they parse an address.
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else HOME
