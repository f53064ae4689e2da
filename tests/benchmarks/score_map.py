"""Time to load the score map: `python -m tests.benchmarks.score_map` prints it for 50,000 comments.

It times the service's responses and, if Debian's chromium is installed, the page from the click on a link until all
points are painted.
"""

import argparse
import random
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import uvicorn
from playwright.sync_api import sync_playwright
from rich.console import Console

from service.app import create_app
from service.settings import Settings
from tests.support.browserless import a_link
from tests.support.history import Past, write_past

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking"]
PAGES = ("/score-map?article=tram", "/score-map/points?article=tram", "/score-map?article=tram&low=80&high=100")

out = Console()


def write_points(chance: random.Random, count: int) -> list[Past]:
    """Return comments with a realistic distribution of scores: most of them low."""
    return [Past(toxicity=round(chance.betavariate(0.7, 3), 4)) for _ in range(count)]


@contextmanager
def serving(folder: Path, database: str | None, points: int) -> Iterator[tuple[str, str, str]]:
    """Start a service with that many comments; yield its address and two sign-in links."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        settings = Settings(data_dir=folder, database_url=database, port=port, embedded_worker=False)
        app = create_app(settings, freeze_gc=True)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        write_past(app.state.runtime, write_points(random.Random(1), points))  # no secret
        client = SimpleNamespace(app=app)
        links = [a_link(client, f"{name}@news.example") for name in ("ana", "bo")]  # type: ignore[arg-type]  its app only
        yield (f"http://127.0.0.1:{port}", *links)  # type: ignore[misc]  two of them
        server.should_exit = True
        thread.join()


def time_answers(address: str, link: str) -> None:
    """Print how long each page takes to arrive completely."""
    with httpx.Client(base_url=address, timeout=60) as client:
        client.post(link)
        for path in PAGES:
            for _ in range(3):
                started, worked = time.perf_counter(), time.process_time()
                answer = client.get(path)
                seconds, busy = time.perf_counter() - started, time.process_time() - worked
                size = len(answer.content) / 1e6
                out.print(f"{path}: {answer.status_code}, {size:.2f} MB, {seconds:.2f} s, {busy:.2f} s of processor")


def time_painting(address: str, link: str) -> None:
    """Print how long it takes until the points are painted."""
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page()
        page.goto(address + link)
        page.get_by_role("button", name="Sign in").click()
        for _ in range(3):
            started = time.perf_counter()
            page.goto(address + PAGES[0])
            page.wait_for_selector("#dots[data-drawn]")
            out.print(f"painted in chromium: {time.perf_counter() - started:.2f} s")


def main() -> None:
    """Fill a database in a temporary folder and request each page three times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dots", type=int, default=50_000)
    parser.add_argument("--database", help="SQLAlchemy URL; SQLite in a temporary folder without it")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), arguments.database, arguments.points) as (address, first, second),
    ):
        time_answers(address, first)
        if CHROMIUM.exists():
            time_painting(address, second)


if __name__ == "__main__":
    main()
