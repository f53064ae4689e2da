"""Builders: one for each noun of the field, with sensible defaults, so that a test states only what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from service.domain.rights import Caller, Right
from service.moderation.access.sites import put_site
from service.moderation.access.tokens import create_token
from service.moderation.access.users import operator_of
from service.moderation.runtime import Runtime

CMS_RIGHTS = (Right.SCORE, Right.COMMENTS, Right.MODERATE, Right.MANAGE, Right.METRICS)

INSULT = "You are a disgusting idiot and everybody here hates you, you stupid piece of garbage."
PRAISE = "The tram extension will help the people who work at the hospital, because the bus never runs at night."


@dataclass(frozen=True)
class Cms:
    """A newsroom's CMS: the app, spoken to with a token."""

    client: TestClient
    token: str

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        bearer = {"Authorization": f"Bearer {self.token}", **headers}
        if body is None:
            return self.client.request(method, path, headers=bearer)
        return self.client.request(method, path, json=body, headers=bearer)

    def get(self, path: str) -> Response:
        return self.send("GET", path)

    def put(self, path: str, body: object) -> Response:
        return self.send("PUT", path, body)

    def post(self, path: str, body: object, **headers: str) -> Response:
        return self.send("POST", path, body, **headers)

    def delete(self, path: str) -> Response:
        return self.send("DELETE", path)


def a_site(runtime: Runtime, site: str = "gazette", *, language: str = "en") -> Caller:
    """Create a site; return its operator as a caller."""
    put_site(runtime, site=site, name=site.title(), language=language)
    return operator_of(site)


def a_cms(
    client: TestClient,
    site: str = "gazette",
    *,
    rights: Iterable[Right] = CMS_RIGHTS,
    expires_at: datetime | None = None,
) -> Cms:
    """Return the CMS of a site; the site is created if it does not exist."""
    operator = a_site(client.app.state.runtime, site)  # type: ignore[attr-defined]  Starlette's app has a state
    secret, _ = create_token(
        client.app.state.runtime,  # type: ignore[attr-defined]  as above
        operator,
        name="CMS",
        rights=tuple(rights),
        expires_at=expires_at,
    )
    return Cms(client, secret)


def an_article(**changes: Any) -> dict[str, Any]:
    """Return the body of `PUT /v1/articles/{id}`."""
    return {
        "title": "Council approves tram extension to the hospital",
        "body": (
            "The city council voted on Tuesday to extend tram line 9 to the university hospital. "
            "Construction will begin next spring and cost 84 million euros.\n\n"
            "Nurses and night staff had asked for a connection for years, because the last bus leaves at ten."
        ),
        "section": "local",
        **changes,
    }


def a_comment(text: str = PRAISE, **changes: Any) -> dict[str, Any]:
    """Return the body of `POST /v1/comments`."""
    return {"id": "c-1", "article_id": "tram", "text": text, **changes}
