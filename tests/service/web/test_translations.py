"""Every string of the pages is in the catalogue, and another language is a file away."""

from gettext import NullTranslations

import pytest
from fastapi.testclient import TestClient

from service.web.rendering import make_templates
from service.web.translations import TEMPLATE, choose_language, collect
from tests.support.browserless import a_visitor


class Shouting(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()


def test_the_catalogue_has_every_string() -> None:
    assert TEMPLATE.read_text(encoding="utf-8") == collect(), "run `make catalogue`"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.1", "fr"),
        ("en,fr;q=0.9", "en"),
        ("de", "en"),
        ("", "en"),
        ("fr;q=0", "en"),
        ("x;q=y", "en"),
    ],
)
def test_the_browser_s_language_is_spoken_where_it_is_known(accepted: str, chosen: str) -> None:
    assert choose_language(accepted, {"en": None, "fr": None}) == chosen


def test_a_page_speaks_the_browser_s_language(client: TestClient) -> None:
    web = client.app.state.web  # type: ignore[attr-defined]  Starlette's app has a state
    web.templates.update(make_templates({"fr": Shouting()}))
    visitor = a_visitor(client)
    visitor.client.headers["Accept-Language"] = "fr-FR"
    page = visitor.open("/sign-in")
    assert 'lang="fr"' in page.html
    assert "E-MAIL ADDRESS" in page.words
