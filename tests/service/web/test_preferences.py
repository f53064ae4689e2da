"""Display preferences belong to one browser."""

import pytest
from fastapi.testclient import TestClient

from tests.support.browserless import Visitor, a_moderator


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


def test_saved_preferences_apply_to_every_page(ana: Visitor) -> None:
    page = ana.press(ana.open("/preferences"), "Save", theme="dark", size="large", blur="on", keys="off", motion="none")
    assert "Saved." in page.words
    root = ana.open("/queue").tree.css_first("html").attributes
    assert [root[f"data-{name}"] for name in ("theme", "size", "blur", "keys", "motion")] == [
        "dark", "large", "on", "off", "none",
    ]  # fmt: skip


def test_unknown_preferences_are_ignored(ana: Visitor) -> None:
    ana.press(ana.open("/preferences"), "Save", theme='"><b>')
    ana.client.cookies.set("commentdesk-preferences", "theme=neon&size=<b>&more=1")
    root = ana.open("/queue").tree.css_first("html").attributes
    assert (root["data-theme"], root["data-size"]) == ("system", "normal")


def test_a_cross_site_form_changes_no_preference(ana: Visitor) -> None:
    assert ana.post("/preferences", theme="dark").status == 403
