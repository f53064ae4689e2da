"""Fixtures of the browser tests: Chromium, the real app on a real socket, and users who are signed in."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, sync_playwright

from models.scorer import Scorer
from service.app import create_app
from service.domain.rights import Role
from service.moderation.runtime import utc_now
from service.settings import Settings
from tests.conftest import Databases
from tests.support.browserless import a_link
from tests.support.load_data import fill_queue

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def app(databases: Databases, scorer: Scorer, tmp_path: Path) -> FastAPI:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(data_dir=tmp_path, port=port, database_url=databases.empty("sqlite"))
    return create_app(settings, scorer=scorer)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def crowd(app: FastAPI, address: str) -> Callable[[int], None]:  # noqa: ARG001  the runtime exists once the app is served
    """Return a function that puts so many generated comments into the queue."""

    def fill(count: int) -> None:
        a_link(TestClient(app), "first@news.example")
        fill_queue(app.state.runtime.database, site="gazette", count=count, now=utc_now())

    return fill


@pytest.fixture
def enter(browser: Browser, app: FastAPI, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that signs a user in, in a browser profile of their own."""
    opened = []

    def sign_in(email: str = "ana@news.example", *, role: Role = Role.MODERATOR, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(base_url=address, **options)
        opened.append(context)
        page = context.new_page()
        page.goto(a_link(TestClient(app), email, role=role))
        page.get_by_role("button", name="Sign in").click()
        return page

    yield sign_in
    for context in opened:
        context.close()
