"""The public clients, unmodified, against the running service: what a newsroom has keeps working."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.client_environments import SCRIPTS, has_node, node_folder, python_of, source_of
from tests.support.docs_pages import read_blocks
from tests.support.processes import Service, running_service, speak_to
from tests.support.receiver import run_receiver

pytestmark = pytest.mark.clients

needs_node = pytest.mark.skipif(not has_node(), reason="Node and npm are not here")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service")) as running:
        yield running


def run(command: list[str], service: Service, folder: Path, **more: str) -> str:
    # The bare environment: what a shell of ours has set must not reach a client of theirs.
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "BASE": service.address, "KEY": service.token, **more}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def run_python(name: str, script: str, service: Service, folder: Path = SCRIPTS, **more: str) -> str:
    return run([str(python_of(name)), str(SCRIPTS / script)], service, folder, **more)


def run_node(script: str, service: Service, **more: str) -> str:
    # Node looks for packages from where the script lies.
    here = node_folder() / script
    here.write_text((SCRIPTS / script).read_text(encoding="utf-8"), encoding="utf-8")
    return run(["node", str(here)], service, node_folder(), **more)


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("google", "google_client.py"),
        ("perspective", "perspective_client.py"),
        ("perspective-py", "perspective_py_client.py"),
        ("pyperspective", "pyperspective_client.py"),
        ("google", "openai_client.py"),
    ],
)
def test_a_python_client_works_unmodified(service: Service, name: str, script: str) -> None:
    run_python(name, script, service)


def test_the_example_with_googles_library_prints_a_score(service: Service) -> None:
    example, _ = read_blocks("docs/migrating-from-perspective.md", "python")
    command = [str(python_of("google")), "-c", example.replace("http://127.0.0.1:8000", service.address)]
    assert 0.5 < float(run(command, service, SCRIPTS)) < 1


def test_akismet_for_python_passes_its_own_suite(service: Service) -> None:
    shown = run_python("akismet", "akismet_suite.py", service, source_of("akismet==25.10.1"))
    assert "26 passed" in shown, shown


@needs_node
@pytest.mark.parametrize(
    "script",
    [
        "google_client.mjs",
        "perspective_api_client.cjs",
        "perspectiveapi_js_client.cjs",
        "openai_client.mjs",
        "cedx_akismet.mjs",
    ],
)
def test_a_node_client_works_unmodified(service: Service, script: str) -> None:
    run_node(script, service)


@needs_node
def test_akismet_for_node_passes_its_own_integration_tests(service: Service) -> None:
    folder = node_folder()
    hook = folder / "akismet_host.cjs"
    hook.write_text((SCRIPTS / hook.name).read_text(encoding="utf-8"), encoding="utf-8")
    command = ["node", "node_modules/mocha/bin/mocha.js", "--require", str(hook)]
    suite = "node_modules/akismet-api/test/integration.spec.js"
    shown = run([*command, suite], service, folder, AKISMET_KEY=service.token)
    assert re.search(r"\b5 passing", shown), shown


def test_standardwebhooks_verifies_what_we_send(service: Service) -> None:
    with run_receiver() as receiver, speak_to(service) as cms:
        made = cms.post("/v1/webhooks/endpoints", json={"url": receiver.url, "event_types": ["comment.decided"]}).json()
        cms.post("/v1/comments", json={"id": "hook-1", "article_id": "tram", "text": "A sentence about the tram."})
        (received, *_) = receiver.wait_for(1)
        sent = {"secret": made["secret"], "body": received.body.decode(), "headers": dict(received.headers)}
        run_python("google", "webhook_client.py", service, SENT=json.dumps(sent))
        if has_node():
            run_node("webhook_client.mjs", service, SENT=json.dumps(sent))
