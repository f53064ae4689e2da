"""Response times of the review pages when very many comments are held.

`python -m tests.benchmarks.review_pages [--held 100000] [--database postgresql+psycopg://…]` fills a database, starts
the service on a socket, and prints each page's median and slowest time to first byte, in milliseconds.
"""

import argparse
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvicorn
from fastapi import FastAPI

from service.app import create_app
from service.domain.rights import Role
from service.moderation.access import users
from service.moderation.access.sites import put_site
from service.moderation.access.users import operator_of
from service.moderation.runtime import Runtime, utc_now
from service.settings import Settings
from tests.support.load_data import fill_queue

PAGES = (
    "/queue", "/queue?kind=held", "/queue?section=sports", "/queue?reason=threat",
    "/queue?reason=insult&section=travel",
    "/queue?score=toxicity&low=90", "/queue?score=toxicity&low=50&high=55", "/queue?author=reader-7",
    "/queue?article=local-3", "/queue?language=fr", "/queue?age=over-3d", "/queue?section=nowhere", "/queue/counts",
    "/comments/crowd-5", "/bulk?scope=filtered&section=sports", "/bulk?scope=author&comment=crowd-5",
)  # fmt: skip


def main() -> None:
    """Fill a database, start the service, measure, and print."""
    parser = argparse.ArgumentParser(description="Time the review desk on a long queue.")
    parser.add_argument("--held", type=int, default=100_000, help="comments that wait")
    parser.add_argument("--calls", type=int, default=9, help="calls of each page")
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database; without it, SQLite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=asked.database)
        app = create_app(settings, freeze_gc=True)
        with _serve(app) as address:
            link = _fill(app.state.runtime, asked.held)
            with httpx.Client(base_url=address, follow_redirects=True) as client:
                client.post(link)
                for path in PAGES:
                    _measure(client, path, asked.calls)


def _fill(runtime: Runtime, held: int) -> str:
    started = time.perf_counter()
    put_site(runtime, site="gazette", name="Gazette", language="en")
    operator = operator_of("gazette")
    users.add_user(runtime, operator, email="ana@news.example", name="Ana", role=Role.EDITOR)
    fill_queue(runtime.database, site="gazette", count=held, now=utc_now())
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    sys.stdout.write(
        f"{held} comments wait on {runtime.database.engine.dialect.name}; filled in {_since(started) / 1000:.0f} s\n"
    )
    # Times on a busy machine say more of it than of the pages.
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    sys.stdout.write(f"{'median':>8} {'slowest':>8}  ms to the first byte, and kB\n")
    return urlsplit(users.create_sign_in_link(runtime, operator, email="ana@news.example")).path


def _measure(client: httpx.Client, path: str, calls: int) -> None:
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        with client.stream("GET", path) as answer:
            times.append(_since(started))
            size = len(answer.read())
        answer.raise_for_status()
    sys.stdout.write(f"{statistics.median(times):8.0f} {max(times):8.0f}  {path} ({size / 1000:.0f} kB)\n")


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


@contextmanager
def _serve(app: FastAPI) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


if __name__ == "__main__":
    main()
