"""Take the pictures of docs/moderating.md: `python -m tests.browser.screenshots docs/pictures`.

The comments are those of the demo, scored by the released models. Look at the pictures after changing a page.
"""

import argparse
import socket
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Page, sync_playwright

from service.app import create_app
from service.demo.demo import sample_article
from service.domain.policy.site_policy import Mode
from service.domain.rights import Role
from service.moderation.access import users
from service.moderation.access.sites import put_site
from service.moderation.access.users import operator_of
from service.moderation.articles import modes
from service.moderation.intake.submit import Submission, submit
from service.moderation.review import escalations
from service.moderation.runtime import Runtime
from service.settings import Settings
from service.startup.first_run import SITE, load_samples
from service.store.review.escalations import Topic

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking"]
PROCEDURE = (
    "1. Tell the editor on duty, extension 210.\n2. Is a place or a person named? Police, 110.\n3. Keep the comment."
)


def main() -> None:
    """Start a service with demo data and take the pictures."""
    parser = argparse.ArgumentParser(description="Take the pictures of the moderator's guide.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(Settings(data_dir=Path(data)))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            _take_pictures(f"http://127.0.0.1:{listening.getsockname()[1]}", _prepare(app.state.runtime), folder)
        finally:
            server.should_exit = True
            thread.join()


def _prepare(runtime: Runtime) -> str:
    operator = operator_of(SITE)
    put_site(runtime, site=SITE, name="The Gazette", language="en")
    load_samples(runtime, operator)
    article = sample_article().id
    text = "They should be shot, all of these clowns at the town hall. We know where the mayor lives."
    submit(runtime, operator, Submission(id="p-1", article_id=article, text=text, author_id="r-9", author_name="Robin"))
    for number in range(4):
        spam = f"Best prices for watches and bags, only today! Write to me now, offer number {number}"
        submit(runtime, operator, Submission(id=f"s-{number}", article_id=article, text=spam, author_id="r-5"))
    escalations.save_procedure(runtime, operator, topic=Topic.THREAT, text=PROCEDURE)
    modes.set_section_mode(runtime, operator, section="courts", mode=Mode.PRE_MODERATED)
    users.add_user(runtime, operator, email="ana@news.example", name="Ana", role=Role.EDITOR)
    return urlsplit(users.create_sign_in_link(runtime, operator, email="ana@news.example")).path


def _take_pictures(address: str, link: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860}).new_page()
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("html.scripted")
        _save(page, folder / "queue.png")
        page.goto("/next")
        _save(page, folder / "danger.png")
        page.goto("/queue")
        page.locator("ol.queue a.text").nth(3).click()
        page.wait_for_load_state("networkidle")
        _save(page, folder / "comment.png")
        page.keyboard.press("?")
        _save(page, folder / "keys.png")
        page.keyboard.press("Escape")
        page.emulate_media(color_scheme="dark")
        _save(page, folder / "dark.png")
        page.emulate_media(color_scheme="light")
        page.goto("/bulk?scope=filtered")
        _save(page, folder / "bulk.png")
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/next")
        _save(page, folder / "phone.png")
        browser.close()


def _save(page: Page, path: Path) -> None:
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
