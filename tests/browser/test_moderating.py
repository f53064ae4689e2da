"""A moderator's first minutes in a real browser, with and without JavaScript.

Screenshots go to a temporary folder that pytest keeps. Look at them after changing a page.
"""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from tests.support.browserless import a_held_comment, a_link
from tests.support.builders import INSULT

pytestmark = pytest.mark.browser


def _start(app: FastAPI) -> str:
    """Put two comments into the queue; return the path of a sign-in link."""
    client = TestClient(app)
    a_held_comment(client, id="c-1", author={"id": "r-1", "name": "Kim"})
    a_held_comment(client, INSULT, id="c-2", author={"id": "r-2", "name": "Robin"})
    return a_link(client)


def _save(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("scripts", "scheme", "width"),
    [("on", "light", 1280), ("off", "light", 390), ("off", "dark", 1280), ("on", "dark", 390)],
)
def test_signing_in_and_rejecting_a_comment(
    browser: Browser, app: FastAPI, address: str, tmp_path: Path, scripts: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=scripts == "on", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page, console_messages = context.new_page(), []
    page.on("console", lambda message: console_messages.append(message.text))
    page.goto(address + _start(app))
    page.get_by_role("button", name="Sign in").click()
    _save(page, tmp_path, "queue")
    page.locator("ol.queue a").first.click()
    expect(page.locator(".comment")).to_have_text(INSULT)
    _save(page, tmp_path, "comment")
    page.get_by_role("button", name="Insulting or abusive").click()
    expect(page.locator("#status-message")).to_contain_text("Rejected.")
    expect(page.locator(".by")).to_contain_text("Kim")
    _save(page, tmp_path, "next")
    assert console_messages == []
    context.close()


def test_a_keyboard_is_enough(browser: Browser, app: FastAPI, address: str) -> None:
    page = browser.new_page()
    page.goto(address + _start(app))
    page.get_by_role("button", name="Sign in").press("Enter")
    page.locator("ol.queue a").first.press("Enter")
    page.get_by_role("button", name="Approve").press("Enter")
    expect(page.locator("#status-message")).to_contain_text("Approved.")
    page.goto(f"{address}/queue")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.close()
