"""Every string of the pages is in the catalogue, and pages appear in the browser's language."""

from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from service.web.rendering import make_templates
from service.web.translations import LANGUAGES, choose_language
from tests.support.browserless import a_visitor

PACKAGE = LANGUAGES.parents[1]


class UpperCase(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()


def messages_in(path: Path) -> list[str | tuple[str, ...]]:
    with path.open("rb") as file:
        return [message.id for message in read_po(file)]


def test_the_catalogue_contains_every_string(tmp_path: Path) -> None:
    fresh, mapping = tmp_path / "messages.pot", LANGUAGES / "babel.cfg"
    command = ["pybabel", "--quiet", "extract", "--sort-output", "-F", str(mapping), "-o", str(fresh), str(PACKAGE)]
    CommandLineInterface().run(command)
    assert messages_in(LANGUAGES / "messages.pot") == messages_in(fresh), "run `make catalogue`"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.1", "fr"),
        ("en,fr;q=0.9", "en"),
        ("en;q=0.2, FR ; q=0.3", "fr"),
        ("de", "en"),
        ("de,fr;q=0.5,*;q=0.1", "fr"),
        ("", "en"),
        ("fr;q=0", "en"),
        ("x;q=y", "en"),
        ("pt-br", "pt-BR"),
        ("pt-BR-x-informal;q=2, pt-PT", "en"),
    ],
)
def test_the_best_known_language_of_the_browser_is_chosen(accepted: str, chosen: str) -> None:
    assert choose_language(accepted, ["en", "fr", "pt-BR"]) == chosen


def test_a_page_appears_in_the_browser_s_language(client: TestClient) -> None:
    web = client.app.state.web  # type: ignore[attr-defined]  Starlette's app has a state
    web.templates.update(make_templates({"fr": UpperCase()}))
    visitor = a_visitor(client)
    visitor.client.headers["Accept-Language"] = "fr-FR"
    page = visitor.open("/sign-in")
    assert 'lang="fr"' in page.html
    assert "E-MAIL ADDRESS" in page.words
