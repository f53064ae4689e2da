"""Signing in by password or link, signing out, and requests that are refused."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from models.scorer import Scorer
from service.app import create_app
from service.moderation.access import users
from service.settings import Settings
from tests.conftest import Clock
from tests.support.browserless import PASSWORD, Visitor, a_link, a_moderator, a_visitor
from tests.support.builders import a_site

ANA = "ana@news.example"


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    """Not signed in yet, with a password."""
    a_link(client, ANA)
    runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    users.set_password(runtime, a_site(runtime), email=ANA, password=PASSWORD)
    return a_visitor(client)


@pytest.fixture
def https_client(settings: Settings, scorer: Scorer, clock: Clock) -> Iterator[TestClient]:
    public = Settings(**{**settings.model_dump(), "public_url": "https://desk.example"})
    with TestClient(create_app(public, scorer=scorer, clock=clock)) as opened:
        yield opened


def test_a_password_opens_the_queue(ana: Visitor) -> None:
    page = ana.sign_in(ANA)
    assert (page.status, page.address) == (200, "/queue")
    assert "Ana" in page.words


def test_a_wrong_password_and_an_unknown_address_look_the_same(ana: Visitor) -> None:
    wrong, unknown = ana.sign_in(ANA, "not the password"), ana.sign_in("nobody@news.example")
    assert wrong.status == unknown.status == 401
    assert wrong.html.replace(ANA, "X") == unknown.html.replace("nobody@news.example", "X")


def test_repeated_guesses_are_refused(ana: Visitor) -> None:
    pages = [ana.post("/sign-in", email=ANA, password="a guess") for _ in range(11)]
    assert [page.status for page in pages] == [401] * 10 + [429]
    assert ana.sign_in(ANA).status == 429


def test_opening_a_link_does_not_use_it_up(client: TestClient) -> None:
    link, visitor = a_link(client), a_visitor(client)
    for _ in range(3):
        assert visitor.open(link).status == 200
    assert visitor.press(visitor.open(link), "Sign in").address == "/queue"


def test_a_link_works_once(client: TestClient) -> None:
    link, visitor = a_link(client), a_visitor(client)
    visitor.press(visitor.open(link), "Sign in")
    again = a_visitor(client)
    page = again.press(again.open(link), "Sign in")
    assert page.status == 401
    assert again.open("/queue").address.startswith("/sign-in")


def test_a_link_expires(client: TestClient, clock: Clock) -> None:
    link, visitor = a_link(client), a_visitor(client)
    clock.advance(minutes=16)
    assert visitor.press(visitor.open(link), "Sign in").status == 401


@pytest.mark.parametrize("path", ["/queue", "/queue?kind=held", "/comments/c-1", "/sites"])
def test_visitors_sign_in_and_return_to_the_page(ana: Visitor, path: str) -> None:
    page = ana.open(path)
    assert page.address.partition("?")[0] == "/sign-in"
    assert ana.press(page, "Sign in", email=ANA, password=PASSWORD).address == path


@pytest.mark.parametrize("path", ["/", "/next"])
def test_redirecting_pages_need_a_session_too(client: TestClient, path: str) -> None:
    assert a_visitor(client).open(path).address.startswith("/sign-in")


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_signing_in_redirects_to_no_other_site(ana: Visitor, elsewhere: str) -> None:
    page = ana.open(f"/sign-in?next={quote(elsewhere)}")
    assert ana.press(page, "Sign in", email=ANA, password=PASSWORD).address == "/queue"


def test_signing_out_ends_the_session_on_the_server(client: TestClient) -> None:
    visitor = a_moderator(client)
    cookies = dict(visitor.client.cookies)
    assert "signed out" in visitor.press(visitor.open("/queue"), "Sign out").words
    visitor.client.cookies.update(cookies)
    assert visitor.open("/queue").address.startswith("/sign-in")


def test_a_session_expires(client: TestClient, clock: Clock) -> None:
    visitor = a_moderator(client)
    clock.advance(hours=12)
    assert visitor.open("/queue").address.startswith("/sign-in")


@pytest.mark.parametrize("cookie", ["", "x", "é", "a\x7fb", "x" * 3_000])
def test_an_invalid_cookie_is_ignored(client: TestClient, cookie: str) -> None:
    page = client.get("/queue", headers={"Cookie": f"commentdesk={cookie}".encode()}, follow_redirects=False)
    assert page.status_code == 303


def test_scripts_and_other_sites_cannot_use_the_cookie(client: TestClient) -> None:
    response = client.post(a_link(client), follow_redirects=False)
    flags = {flag.strip().lower() for flag in response.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= flags
    assert "secure" not in flags


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(https_client: TestClient) -> None:
    response = https_client.post(a_link(https_client), follow_redirects=False)
    name, *flags = response.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-commentdesk=")
    assert "Secure" in flags
    assert "strict-transport-security" in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_cross_site_forms_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    link, moderator = a_link(client, "bo@news.example"), a_moderator(client)
    form_key = moderator.open("/queue").tree.css_first("input[name=form_key]").attributes["value"] or ""
    for path in (link, "/sign-in", "/sign-out", "/sites"):
        response = moderator.client.post(path, data={"form_key": form_key, "site": "gazette"}, headers=headers)
        assert response.status_code == 403, path


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_same_origin_forms_are_accepted(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post(a_link(client), headers=headers, follow_redirects=False)
    assert response.headers["location"] == "/queue"


def test_behind_a_proxy_the_public_address_is_the_origin(https_client: TestClient) -> None:
    own = {"Origin": "https://desk.example"}
    assert https_client.post(a_link(https_client), headers=own, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("form_key", ["", "guessed", "é"])
def test_a_form_without_the_session_s_key_is_refused(client: TestClient, form_key: str) -> None:
    visitor = a_moderator(client)
    for path in ("/sign-out", "/sites", "/comments/c-1"):
        data = {"form_key": form_key, "site": "gazette", "outcome": "approve", "revision": "1", "expected_verdict": "0"}
        assert visitor.post(path, **data).status == 403
    assert visitor.open("/queue").address == "/queue"


def test_a_user_with_two_sites_chooses_one(client: TestClient) -> None:
    a_link(client, site="herald")
    visitor = a_visitor(client)
    page = visitor.press(visitor.open(a_link(client, site="gazette")), "Sign in")
    assert page.address == "/sites"
    assert "Herald" in visitor.press(page, "Herald").words
    form_key = page.form_with("Herald").css_first("input[name=form_key]").attributes["value"] or ""
    a_site(client.app.state.runtime, "tribune")  # type: ignore[attr-defined]  Starlette's app has a state
    assert visitor.post("/sites", form_key=form_key, site="tribune").status == 404
