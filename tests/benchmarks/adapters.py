"""Latency of the adapters: `python -m tests.benchmarks.adapters` times Perspective's analyze and Coral's phase.

Run it on an otherwise idle machine. One process, a registered article, comments of 50 words that all differ.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import track

from models.language import LanguageDetector
from service.compat.perspective.attributes import ATTRIBUTES
from service.demo.demo import sample_article
from service.domain.coral import sign_body
from tests.benchmarks.api import WARM_UP, WORDS, serving, write_comment

SECRET = "empsec_of_the_bench"
STORY = "https://gazette.example/bench"
PHASE_THREADS = 32

READER = LanguageDetector()

out = Console()
progress = Console(stderr=True)


def analysis(text: str, *attributes: str, article: str = "") -> dict[str, Any]:
    """Return the body of a `comments:analyze` request."""
    wanted = {name: {} for name in attributes}
    context = {"context": {"entries": [{"text": article}]}} if article else {}
    return {"comment": {"text": text}, "requestedAttributes": wanted, "languages": ["en"], **context}


def write_english(chance: random.Random) -> str:
    """Return a supported comment: one of the sample comments is in a language that no model reads."""
    text = write_comment(chance)
    while READER.identify(text, site_language="en") != "en":
        text = write_comment(chance)
    return text


def time_analyses(client: httpx.Client, key: str, *, count: int, seed: int, attributes: list[str]) -> list[float]:
    """Return the milliseconds that each of `count` analyses took, one after the other, with a registered article."""
    chance = random.Random(seed)  # texts, no secrets
    times = []
    for _ in track(range(count + WARM_UP), "Analysing", console=progress):
        body = analysis(write_english(chance), *attributes, article=STORY)
        started = time.perf_counter()
        client.post("/v1alpha1/comments:analyze", params={"key": key}, json=body).raise_for_status()
        times.append(1000 * (time.perf_counter() - started))
    return times[WARM_UP:]


def time_phase(
    client: httpx.Client, connection: str, *, rate: float, seconds: float, seed: int
) -> list[tuple[float, int]]:
    """Return the milliseconds from when each comment was due until Coral has the response, and the status."""
    chance = random.Random(seed)  # as above
    bodies = [_phase_body(number, write_comment(chance)) for number in range(int(rate * seconds))]
    beginning = time.perf_counter()

    def send(number: int) -> tuple[float, int]:
        due = beginning + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        headers = {"X-Coral-Signature": f"sha256={sign_body(bodies[number], SECRET)}"}
        status = client.post(f"/coral/{connection}/phase", content=bodies[number], headers=headers).status_code
        return 1000 * (time.perf_counter() - due), status

    with ThreadPoolExecutor(PHASE_THREADS) as pool:
        return list(pool.map(send, range(len(bodies))))


def connect(folder: Path) -> str:
    """Connect a Coral on the command line; return the connection's id."""
    environment = {**os.environ, "COMMENTDESK_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "service", "coral", "connect", "--secret", SECRET]
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    found = re.search(r"/coral/(\w+)/phase", shown)
    assert found, shown
    return found[1]


def show(what: str, times: list[float]) -> None:
    percentiles = statistics.quantiles(times, n=100)
    figures = f"p50 {percentiles[49]:.1f} ms, p99 {percentiles[98]:.1f} ms, longest {max(times):.1f} ms"
    out.print(f"{what}: {figures}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=300, help="analysed one after the other, of each kind")
    parser.add_argument("--rate", type=float, default=20, help="comments a second in Coral's phase")
    parser.add_argument("--seconds", type=float, default=30, help="how long that lasts")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as client:
        key = client.headers["Authorization"].removeprefix("Bearer ")
        article = sample_article()
        body = {"title": article.title, "body": article.body, "section": article.section, "url": STORY}
        client.put(f"/v1/articles/{article.id}", json=body).raise_for_status()
        known = [attribute for attribute in ATTRIBUTES if attribute != "LIKELY_TO_REJECT"]
        for attributes in (["TOXICITY"], known):
            times = time_analyses(client, key, count=options.comments, seed=options.seed, attributes=attributes)
            names = attributes[0] if len(attributes) == 1 else f"all {len(attributes)} attributes"
            show(f"comments:analyze, {names}, {len(times)} comments of {WORDS} words", times)
            out.print(f"  that is {1000 / statistics.mean(times):.0f} a second; Perspective's quota was 1")
        timed = time_phase(
            client, connect(Path(name)), rate=options.rate, seconds=options.seconds, seed=options.seed + 1
        )
        statuses = ", ".join(f"{count} x {status}" for status, count in sorted(Counter(s for _, s in timed).items()))
        show(f"Coral's phase at {options.rate:g} a second ({statuses})", [taken for taken, _ in timed])


def _phase_body(number: int, text: str) -> bytes:
    body = {
        "action": "NEW",
        "comment": {"body": text, "parentID": None},
        "author": {"id": f"reader-{number % 97}", "role": "COMMENTER"},
        "story": {"id": "bench", "url": STORY},
        "site": {"id": "main"},
        "tenantID": "bench",
        "tenantDomain": "gazette.example",
    }
    return json.dumps(body, indent=2).encode()


if __name__ == "__main__":
    main()
