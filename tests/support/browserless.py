"""A person with a browser that has no JavaScript: opens pages, fills in forms, presses buttons."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi.testclient import TestClient
from httpx2 import Response
from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.domain.rights import Role
from service.moderation.access import users
from tests.support.builders import PRAISE, a_cms, a_comment, a_site, an_article

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Page:
    """What the browser shows."""

    status: int
    address: str
    html: str
    headers: dict[str, str]

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.html)

    @property
    def words(self) -> str:
        """The visible words, with single spaces."""
        body = self.tree.body
        return " ".join(body.text(separator=" ").split()) if body else ""

    def form_with(self, button: str) -> LexborNode:
        """The form that has this button."""
        for form in self.tree.css("form"):
            if any(node.text(strip=True) == button for node in form.css("button")):
                return form
        raise AssertionError(f"There is no button '{button}'.")


@dataclass(frozen=True)
class Visitor:
    """One browser, with its own cookies."""

    client: TestClient

    def open(self, path: str) -> Page:
        return self._page(self.client.get(path))

    def press(self, page: Page, button: str, **fields: str) -> Page:
        """Fills in the form that has this button, presses it, and goes where it leads."""
        form = page.form_with(button)
        data = {node.attributes["name"]: node.attributes.get("value") or "" for node in form.css("input[name]")}
        for node in form.css("button[name]"):
            if node.text(strip=True) == button:
                data[node.attributes["name"]] = node.attributes.get("value") or ""
        return self.post(form.attributes["action"] or "", **{**data, **fields})

    def post(self, path: str, **data: str) -> Page:
        return self._page(self.client.post(path, data=data))

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        return self.press(self.open("/sign-in"), "Sign in", email=email, password=password)

    def _page(self, response: Response) -> Page:
        return Page(response.status_code, response.url.raw_path.decode(), response.text, dict(response.headers))


def a_visitor(client: TestClient) -> Visitor:
    """A browser that has not been here before; the app is the client's, running."""
    return Visitor(TestClient(client.app, follow_redirects=True))


def a_link(
    client: TestClient, email: str = "ana@news.example", *, site: str = "gazette", role: Role = Role.MODERATOR
) -> str:
    """Takes somebody on and answers the path of their sign-in link."""
    runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    operator = a_site(runtime, site)
    users.add_user(runtime, operator, email=email, name=email.partition("@")[0].title(), role=role)
    return urlsplit(users.create_sign_in_link(runtime, operator, email=email)).path


def a_moderator(client: TestClient, email: str = "ana@news.example", *, site: str = "gazette") -> Visitor:
    """Somebody who has signed in."""
    visitor = a_visitor(client)
    visitor.press(visitor.open(a_link(client, email, site=site)), "Sign in")
    return visitor


def a_held_comment(client: TestClient, text: str = PRAISE, *, site: str = "gazette", **changes: object) -> str:
    """A comment that waits for a person whatever the models say of it, because its article is pre-moderated."""
    cms = a_cms(client, site)
    cms.put("/v1/articles/tram", an_article(mode="pre_moderated"))
    body = a_comment(text, **changes)
    assert cms.post("/v1/comments", body).json()["decision"]["outcome"] == "hold"
    return str(body["id"])
