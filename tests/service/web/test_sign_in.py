"""Signing in on the pages: by password, by link, out again; and the doors that stay shut."""

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


def test_guessing_is_slowed_down(ana: Visitor) -> None:
    answers = [ana.post("/sign-in", email=ANA, password="a guess") for _ in range(11)]
    assert [answer.status for answer in answers] == [401] * 10 + [429]
    assert ana.sign_in(ANA).status == 429


def test_a_link_asks_before_it_is_used_up(client: TestClient) -> None:
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


def test_a_link_grows_old(client: TestClient, clock: Clock) -> None:
    link, visitor = a_link(client), a_visitor(client)
    clock.advance(minutes=16)
    assert visitor.press(visitor.open(link), "Sign in").status == 401


@pytest.mark.parametrize("path", ["/queue", "/queue?kind=held", "/comments/c-1", "/sites"])
def test_who_is_not_signed_in_is_sent_to_the_door_and_back(ana: Visitor, path: str) -> None:
    page = ana.open(path)
    assert page.address.partition("?")[0] == "/sign-in"
    assert ana.press(page, "Sign in", email=ANA, password=PASSWORD).address == path


@pytest.mark.parametrize("path", ["/", "/next"])
def test_the_short_ways_lead_to_the_door_too(client: TestClient, path: str) -> None:
    assert a_visitor(client).open(path).address.startswith("/sign-in")


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_signing_in_leads_to_no_other_site(ana: Visitor, elsewhere: str) -> None:
    page = ana.open(f"/sign-in?next={quote(elsewhere)}")
    assert ana.press(page, "Sign in", email=ANA, password=PASSWORD).address == "/queue"


def test_signing_out_ends_the_session_on_the_server(client: TestClient) -> None:
    visitor = a_moderator(client)
    kept = dict(visitor.client.cookies)
    assert "signed out" in visitor.press(visitor.open("/queue"), "Sign out").words
    visitor.client.cookies.update(kept)
    assert visitor.open("/queue").address.startswith("/sign-in")


def test_a_session_ends_by_itself(client: TestClient, clock: Clock) -> None:
    visitor = a_moderator(client)
    clock.advance(hours=12)
    assert visitor.open("/queue").address.startswith("/sign-in")


@pytest.mark.parametrize("cookie", ["", "x", "é", "a\x7fb", "x" * 3_000])
def test_a_made_up_cookie_opens_nothing(client: TestClient, cookie: str) -> None:
    page = client.get("/queue", headers={"Cookie": f"commentdesk={cookie}".encode()}, follow_redirects=False)
    assert page.status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    answer = client.post(a_link(client), follow_redirects=False)
    flags = {flag.strip().lower() for flag in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= flags
    assert "secure" not in flags


def test_by_https_the_cookie_is_secure_and_bound_to_the_host(https_client: TestClient) -> None:
    answer = https_client.post(a_link(https_client), follow_redirects=False)
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-commentdesk=")
    assert "Secure" in flags
    assert "strict-transport-security" in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_forms_of_other_sites_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    link, moderator = a_link(client, "bo@news.example"), a_moderator(client)
    form_key = moderator.open("/queue").tree.css_first("input[name=form_key]").attributes["value"] or ""
    for path in (link, "/sign-in", "/sign-out", "/sites"):
        answer = moderator.client.post(path, data={"form_key": form_key, "site": "gazette"}, headers=headers)
        assert answer.status_code == 403, path


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_our_own_forms_are_taken(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(a_link(client), headers=headers, follow_redirects=False)
    assert answer.headers["location"] == "/queue"


def test_behind_a_proxy_the_public_address_is_our_own(https_client: TestClient) -> None:
    own = {"Origin": "https://desk.example"}
    assert https_client.post(a_link(https_client), headers=own, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("form_key", ["", "guessed", "é"])
def test_a_form_without_the_session_s_key_is_refused(client: TestClient, form_key: str) -> None:
    visitor = a_moderator(client)
    for path in ("/sign-out", "/sites", "/comments/c-1"):
        data = {"form_key": form_key, "site": "gazette", "outcome": "approve", "revision": "1", "expected_verdict": "0"}
        assert visitor.post(path, **data).status == 403
    assert visitor.open("/queue").address == "/queue"


def test_somebody_with_two_sites_chooses_one(client: TestClient) -> None:
    a_link(client, site="herald")
    visitor = a_visitor(client)
    page = visitor.press(visitor.open(a_link(client, site="gazette")), "Sign in")
    assert page.address == "/sites"
    assert "Herald" in visitor.press(page, "Herald").words
    form_key = page.form_with("Herald").css_first("input[name=form_key]").attributes["value"] or ""
    a_site(client.app.state.runtime, "tribune")  # type: ignore[attr-defined]  Starlette's app has a state
    assert visitor.post("/sites", form_key=form_key, site="tribune").status == 404
