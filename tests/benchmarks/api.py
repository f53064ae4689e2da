"""Latency and throughput: `python -m tests.benchmarks.api` times single comments over HTTP, and a file of comments.

Run it on an otherwise idle machine. One process, a registered article, comments of 50 words that all differ.
"""

import argparse
import csv
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import track

from service.demo.demo import sample_article, sample_comments

WORDS = 50
WARM_UP = 20
STARTING_SECONDS = 60
LOAD_THREADS = 64

out = Console()
progress = Console(stderr=True)


def write_comment(chance: random.Random) -> str:
    """Return fifty words of the sample comments in random order."""
    pieces = [sentence for comment in sample_comments() for sentence in re.split(r"(?<=[.!?]) ", comment.text)]
    chance.shuffle(pieces)
    return " ".join(" ".join(pieces).split()[:WORDS])


@contextmanager
def serving(folder: Path) -> Iterator[httpx.Client]:
    """Start a fresh service in its own process; yield a client with its token."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", "--port", str(port), "--data-dir", str(folder / "data")]
    log = folder / "log"
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                seconds = wait_until_ready(client)
                out.print(f"start to readiness: {seconds:.1f} s")
                client.headers["Authorization"] = f"Bearer {read_token(log)}"
                yield client
        finally:
            process.terminate()


def wait_until_ready(client: httpx.Client) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < STARTING_SECONDS:
        try:
            if client.get("/readyz").is_success:
                return time.perf_counter() - started
        except httpx.TransportError:
            time.sleep(0.02)
    sys.exit("The service did not become ready.")


def read_token(log: Path) -> str:
    found = re.search(r"API token[^:]*: (\S+)", log.read_text())
    assert found
    return found[1]


def time_comments(client: httpx.Client, *, count: int, seed: int) -> list[float]:
    """Return the seconds that each of `count` new comments took, one after the other."""
    article = sample_article()
    body = {"title": article.title, "body": article.body, "section": article.section}
    client.put(f"/v1/articles/{article.id}", json=body).raise_for_status()
    chance = random.Random(seed)  # texts, no secrets
    times = []
    for number in track(range(count + WARM_UP), "Sending", console=progress):
        comment = {
            "id": f"bench-{number}",
            "article_id": article.id,
            "text": write_comment(chance),
            "author": {"id": f"reader-{number % 97}"},
        }
        started = time.perf_counter()
        client.post("/v1/comments", json=comment).raise_for_status()
        times.append(time.perf_counter() - started)
    return times[WARM_UP:]


def time_load(client: httpx.Client, *, rate: float, seconds: float, seed: int) -> list[tuple[float, int]]:
    """Return seconds and status of comments sent at fixed times, whether or not earlier ones are answered."""
    chance = random.Random(seed)  # texts, no secrets
    texts = [write_comment(chance) for _ in range(int(rate * seconds))]
    beginning = time.perf_counter()

    def send(number: int) -> tuple[float, int]:
        due = beginning + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        body = {"id": f"load-{number}", "article_id": sample_article().id, "text": texts[number]}
        status = client.post("/v1/comments", json=body).status_code
        return time.perf_counter() - due, status

    with ThreadPoolExecutor(LOAD_THREADS) as pool:
        return list(pool.map(send, range(len(texts))))


def print_load(rate: float, timed: list[tuple[float, int]]) -> None:
    taken = [1000 * seconds for seconds, status in timed if status == httpx.codes.CREATED]
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(Counter(s for _, s in timed).items()))
    out.print(f"steady load of {rate:g} comments a second ({statuses}):")
    if len(taken) > 1:
        percentiles = statistics.quantiles(taken, n=100)
        out.print(f"  p50 {percentiles[49]:.1f} ms, p99 {percentiles[98]:.1f} ms, longest {max(taken):.1f} ms")


def time_file(folder: Path, *, count: int, seed: int) -> float:
    """Return the seconds that `commentdesk score` took for a file of `count` comments on one article."""
    article, chance = sample_article(), random.Random(seed)  # texts, no secrets
    with (folder / "in.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "text", "article_id", "article_title", "article_text"))
        for number in range(count):
            told = (article.title, article.body) if number == 0 else ("", "")
            rows.writerow((number, write_comment(chance), article.id, *told))
    command = [sys.executable, "-m", "service", "score", str(folder / "in.csv"), "--out", str(folder / "out.csv")]
    started = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - started


def processor_seconds() -> float:
    """Return the processor time of all child processes that have ended: what a busy machine leaves comparable."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=500, help="sent one after the other")
    parser.add_argument("--rows", type=int, default=5_000, help="in the file")
    parser.add_argument("--rate", type=float, default=50, help="comments a second under steady load")
    parser.add_argument("--seconds", type=float, default=20, help="how long the steady load lasts")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as client:
            times = [1000 * t for t in time_comments(client, count=options.comments, seed=options.seed)]
            load = time_load(client, rate=options.rate, seconds=options.seconds, seed=options.seed + 1)
        percentiles = statistics.quantiles(times, n=100)
        out.print(f"POST /v1/comments, {len(times)} comments of {WORDS} words, one after the other:")
        out.print(f"  p50 {percentiles[49]:.1f} ms, p99 {percentiles[98]:.1f} ms, longest {max(times):.1f} ms")
        print_load(options.rate, load)
        # The service has ended, and is the largest of our children so far. Linux counts in kilobytes.
        out.print(f"peak memory of the service: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000:.0f} MB")
        before = processor_seconds()
        seconds = time_file(folder, count=options.rows, seed=options.seed)
        processor = processor_seconds() - before
        out.print(f"commentdesk score, {options.rows} rows of {WORDS} words on one article, starting included:")
        out.print(f"  {seconds:.1f} s, {options.rows / seconds:.0f} comments a second")
        out.print(f"  {1000 * processor / options.rows:.1f} ms of processor time a comment")


if __name__ == "__main__":
    main()
