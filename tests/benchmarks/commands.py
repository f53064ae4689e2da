"""How long commands take: `python -m tests.benchmarks.commands` runs each several times in a new process.

It prints wall-clock and processor seconds on a database that exists, and the time until `serve` is ready. It judges
nothing: the budgets assume an idle machine, and processor time is what a busy one leaves comparable.
"""

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from rich.console import Console

COMMANDS = (
    ("--version",),
    ("--help",),
    ("serve", "--help"),
    ("score", "--help"),
    ("migrate",),
    ("site", "list"),
    ("user", "list"),
    ("token", "list"),
    ("audit-log",),
    ("model", "list"),
    ("coral", "list"),
)
START_SECONDS = 120

out = Console(highlight=False)


@dataclass(frozen=True)
class Timing:
    """Seconds of one run; `processor` includes its child processes."""

    wall: float
    processor: float


def time_command(command: Sequence[str], environment: dict[str, str]) -> Timing:
    """Run one command to its end."""
    before, started = _processor_seconds(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "service", *command], env=environment, stdout=subprocess.DEVNULL, check=True)
    return Timing(time.perf_counter() - started, _processor_seconds() - before)


def time_serve(environment: dict[str, str]) -> Timing:
    """Start `serve`, wait until `/readyz` reports that it is ready, and stop it; only the start counts as wall time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    before, started = _processor_seconds(), time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not _is_ready(port):
                if time.perf_counter() - started > START_SECONDS or process.poll() is not None:
                    sys.exit("The service did not become ready.")
                time.sleep(0.01)
            wall = time.perf_counter() - started
        finally:
            process.terminate()
    return Timing(wall, _processor_seconds() - before)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def print_row(name: str, timings: Sequence[Timing]) -> None:
    """Print one line: wall seconds, best and median, and the least processor seconds."""
    walls = [timing.wall for timing in timings]
    processor = min(timing.processor for timing in timings)
    out.print(f"{name:28}{min(walls):8.2f}{statistics.median(walls):8.2f}{processor:9.2f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each command")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COMMENTDESK_DATA_DIR": str(Path(folder) / "data")}
        # The first start makes the database and the site; it also warms the file cache, and is shown apart.
        first = time_serve(environment)
        out.print(f"{'':28}{'best':>8}{'median':>8}{'processor':>11} seconds")
        print_row("serve, first start", [first])
        print_row("serve, ready", [time_serve(environment) for _ in range(runs)])
        for command in COMMANDS:
            print_row(" ".join(command), [time_command(command, environment) for _ in range(runs)])


if __name__ == "__main__":
    main()
