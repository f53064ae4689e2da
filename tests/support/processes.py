"""The service as a newsroom runs it: real processes, started from the command line, and killed by tests."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

START_SECONDS = 180


class Service:
    """`commentdesk serve` in its own folder; `output` is everything that it has printed."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        # Only what a user sets too: the command line and the environment.
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COMMENTDESK_")},
            "COMMENTDESK_PORT": str(self.port),
            "COMMENTDESK_DATA_DIR": str(folder / "data"),
            "COMMENTDESK_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "COMMENTDESK_SWEEP_INTERVAL_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
            **{f"COMMENTDESK_{name.upper()}": value for name, value in settings.items()},
        }
        self._log = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8")

    @property
    def token(self) -> str:
        found = re.search(r"API token \(shown only once\): (\S+)", self.output)
        assert found
        return found.group(1)

    @property
    def sign_in_link(self) -> str:
        found = re.search(r"Sign in with this link .*: (\S+)", self.output)
        assert found
        return found.group(1)

    def start(self, *arguments: str) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "service", "serve", *arguments],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service", *arguments],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def kill_web(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def kill_worker(self) -> None:
        for worker in self._workers():
            os.kill(worker, signal.SIGKILL)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _workers(self) -> list[int]:
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        found: set[int] = set()
        for path in (children, *threads):
            # A thread may have ended since it was listed.
            with suppress(OSError):
                found |= {int(number) for number in path.read_text().split()}
        return sorted(found)


@contextmanager
def running_service(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """Start the service; stop it when the block ends."""
    service = Service(folder, **settings)
    try:
        # Inside the try: a start that takes too long fails the test, and must not leave a process behind.
        service.start(*arguments)
        yield service
    finally:
        service.stop()


def speak_to(service: Service) -> httpx.Client:
    """Return an HTTP client with the token that the first run printed."""
    return httpx.Client(base_url=service.address, headers={"Authorization": f"Bearer {service.token}"}, timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
