"""The commands and requests of README and quickstart work as they are printed there."""

import contextlib
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from models.comment import SCORES
from models.scorer import Scorer
from service.app import create_app
from service.cli import build_cli
from service.domain.rights import Right
from service.moderation.access.sites import put_site
from service.moderation.access.tokens import create_token
from service.moderation.access.users import operator_of
from service.settings import Settings
from tests.support.docs_pages import CLONE, PAGES, find_release, read_blocks, read_commands, read_page

ADDRESS = "http://127.0.0.1:8000"
FOLLOWED_PAGES = ("README.md", "docs/quickstart.md")


@dataclass(frozen=True)
class Call:
    """What a curl command sends."""

    method: str
    path: str
    body: str | None
    has_token: bool


def read_call(words: list[str]) -> Call:
    """Return what a curl command sends; fail on options that our pages do not use."""
    method, path, body, headers = "GET", "", None, []
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            headers.append(next(rest))
        elif word == "-d":
            body = next(rest)
        else:
            path = word.removeprefix(ADDRESS)
    assert path.startswith("/"), words
    assert body is None or "Content-Type: application/json" in headers, words
    return Call(method, path, body, "Authorization: Bearer $TOKEN" in headers)


@pytest.fixture
def client(tmp_path: Path, scorer: Scorer) -> Iterator[TestClient]:
    """A client with a token, of a service after its first run."""
    app = create_app(Settings(data_dir=tmp_path, webhook_allowed_hosts=("127.0.0.1",)), scorer=scorer)
    with TestClient(app, base_url=ADDRESS) as opened:
        runtime = app.state.runtime
        put_site(runtime, site="main", name="My newsroom")
        token, _ = create_token(runtime, operator_of("main"), name="docs", rights=tuple(Right), expires_at=None)
        opened.headers["Authorization"] = f"Bearer {token}"
        yield opened


@pytest.mark.parametrize("page", FOLLOWED_PAGES)
def test_every_request_shown_is_answered(client: TestClient, page: str) -> None:
    calls = [read_call(words) for words in read_commands(page) if words[0] == "curl"]
    assert calls
    for call in calls:
        assert call.has_token, call
        answer = client.request(call.method, call.path, content=call.body, headers={"Content-Type": "application/json"})
        assert answer.is_success, f"{call}: {answer.text}"


def test_the_response_shown_in_the_readme_is_the_real_one(client: TestClient) -> None:
    (shown,) = read_blocks("README.md", "json")
    for words in read_commands("README.md"):
        if words[0] == "curl":
            call = read_call(words)
            response = client.request(
                call.method, call.path, content=call.body, headers={"Content-Type": "application/json"}
            )
    assert_part_of(json.loads(shown), response.json())


def assert_part_of(shown: Any, real: Any) -> None:
    """Check a shortened response: every field shown has the real value, rounded to three decimals."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_part_of(value, real[name])
    elif isinstance(shown, list):
        assert len(shown) == len(real)
        for one_shown, one_real in zip(shown, real, strict=True):
            assert_part_of(one_shown, one_real)
    else:
        assert shown == (round(real, 3) if isinstance(real, float) else real)


def test_requests_shown_in_the_api_are_answered(client: TestClient) -> None:
    scored, policy = (json.loads(body) for body in read_blocks("docs/api.md", "json"))
    assert client.post("/v1/score", json=scored).json()["results"][0]["id"] == "1"
    saved = client.post("/v1/policy/versions", json=policy).json()
    assert saved["thresholds"].items() >= policy["thresholds"].items()


def test_the_file_shown_is_scored(tmp_path: Path) -> None:
    (shown,) = read_blocks("README.md", "csv")
    (tmp_path / "comments.csv").write_text(shown, encoding="utf-8")
    (words,) = [words for words in read_commands("README.md") if words[0] == "commentdesk"]
    with contextlib.chdir(tmp_path):
        result = CliRunner().invoke(build_cli(), words[1:], obj=Settings())
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((tmp_path / "scores.csv").read_text(encoding="utf-8").splitlines()))
    assert float(rows[0]["relevance"]) > float(rows[1]["relevance"])


def test_every_recipe_that_a_page_names_is_in_the_makefile() -> None:
    recipes = set(re.findall(r"^([a-z-]+):", (CLONE / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")))
        assert named <= recipes, page


def test_every_recipe_is_in_the_help() -> None:
    makefile = (CLONE / "Makefile").read_text()
    recipes = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))
    assert recipes == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_only_known_programs_are_shown() -> None:
    known = {"git", "cd", "make", "export", "curl", "commentdesk"}
    assert {words[0] for page in FOLLOWED_PAGES for words in read_commands(page)} <= known


def test_every_score_is_explained_in_the_readme() -> None:
    section = read_page("README.md").split("## What the scores mean")[1].split("\n## ")[0]
    table = " ".join(line for line in section.splitlines() if line.startswith("|"))
    assert set(SCORES) - set(re.findall(r"[a-z_]+", table)) == set()


def test_the_figures_of_the_readme_are_those_of_the_evaluation() -> None:
    section = read_page("README.md").split("## How good it is")[1].split("\n## ")[0]
    shown = re.findall(r"(?<!\d)\.\d{3}", section)
    assert len(shown) > 3
    assert [figure for figure in shown if figure not in read_page("docs/evaluation.md")] == []


def test_the_release_that_was_evaluated_is_the_released_one() -> None:
    assert f"release {find_release().name}" in read_page("docs/evaluation.md")
