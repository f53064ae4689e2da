"""A moderator's first minutes in a real browser, over a real socket; with JavaScript, and without.

Screenshots go to a temporary folder that pytest keeps; look at them after changing a page.
"""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect, sync_playwright

from models.scorer import Scorer
from service.app import create_app
from service.settings import Settings
from tests.builders import INSULT
from tests.conftest import Databases
from tests.visitor import a_held_comment, a_link

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"There is no {CHROMIUM}: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def app(databases: Databases, scorer: Scorer, tmp_path: Path) -> FastAPI:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(data_dir=tmp_path, port=port, database_url=databases.make("sqlite", tmp_path))
    return create_app(settings, scorer=scorer)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _start(app: FastAPI) -> str:
    """Two comments wait; answers the path of a sign-in link."""
    client = TestClient(app)
    a_held_comment(client, id="c-1", author={"id": "r-1", "name": "Kim"})
    a_held_comment(client, INSULT, id="c-2", author={"id": "r-2", "name": "Robin"})
    return a_link(client)


def _shoot(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("scripts", "scheme", "width"),
    [("on", "light", 1280), ("off", "light", 390), ("off", "dark", 1280), ("on", "dark", 390)],
)
def test_sign_in_read_reject_next(
    browser: Browser, app: FastAPI, address: str, tmp_path: Path, scripts: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=scripts == "on", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address + _start(app))
    page.get_by_role("button", name="Sign in").click()
    _shoot(page, tmp_path, "queue")
    page.locator("ol.queue a").first.click()
    expect(page.locator(".comment")).to_have_text(INSULT)
    _shoot(page, tmp_path, "comment")
    page.get_by_label("Reason").select_option(label="Insulting or abusive")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected.")
    expect(page.locator(".by")).to_contain_text("Kim")
    _shoot(page, tmp_path, "next")
    assert complaints == []
    context.close()


def test_a_rejection_without_a_reason_does_not_leave_the_page(browser: Browser, app: FastAPI, address: str) -> None:
    page = browser.new_page()
    page.goto(address + _start(app))
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{address}/comments/c-2")
    page.get_by_role("button", name="Reject").click()
    assert page.locator("#reason").evaluate("field => field.validity.valueMissing")
    expect(page.locator(".state")).to_have_text("Held")
    page.close()


def test_the_keyboard_is_enough(browser: Browser, app: FastAPI, address: str) -> None:
    page = browser.new_page()
    page.goto(address + _start(app))
    page.get_by_role("button", name="Sign in").press("Enter")
    page.locator("ol.queue a").first.press("Enter")
    page.get_by_role("button", name="Approve").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Approved.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.close()
