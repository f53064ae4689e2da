"""How the pages look is each browser's own choice."""

import pytest
from fastapi.testclient import TestClient

from tests.support.browserless import Visitor, a_moderator


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


def test_what_was_chosen_is_obeyed_from_then_on(ana: Visitor) -> None:
    page = ana.press(ana.open("/preferences"), "Save", theme="dark", size="large", blur="on", keys="off", motion="none")
    assert "Saved." in page.words
    root = ana.open("/queue").tree.css_first("html").attributes
    assert [root[f"data-{name}"] for name in ("theme", "size", "blur", "keys", "motion")] == [
        "dark", "large", "on", "off", "none",
    ]  # fmt: skip


def test_what_is_no_choice_is_not_obeyed(ana: Visitor) -> None:
    ana.press(ana.open("/preferences"), "Save", theme='"><b>')
    ana.client.cookies.set("commentdesk-look", "theme=neon&size=<b>&more=1")
    root = ana.open("/queue").tree.css_first("html").attributes
    assert (root["data-theme"], root["data-size"]) == ("system", "normal")


def test_choosing_needs_a_form_of_ours(ana: Visitor) -> None:
    assert ana.post("/preferences", theme="dark").status == 403
