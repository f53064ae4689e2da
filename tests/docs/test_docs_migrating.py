"""The examples of the migration page run as they stand there, and its table is the code's."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from service.compat.akismet.routes import router as akismet
from service.compat.openai.translation import CATEGORY_TO_SCORE
from service.compat.perspective.attributes import ATTRIBUTES
from tests.support.docs_pages import find_release, read_blocks, read_page
from tests.support.processes import Service, running_service

PAGE = "docs/migrating-from-perspective.md"
ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service")) as running:
        yield running


def run(service: Service, command: list[str], code: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(service.folder), "KEY": service.token}
    written = code.replace(ADDRESS, service.address)
    done = subprocess.run([*command, written], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_curl_example_is_answered(service: Service) -> None:
    (code,) = (block for block in read_blocks(PAGE, "sh") if block.startswith("curl"))
    if shutil.which("curl") is None:
        pytest.skip("curl is not here")
    assert '"INSULT"' in run(service, ["sh", "-c"], code)


def test_the_python_example_prints_a_score(service: Service) -> None:
    with_library, alone = read_blocks(PAGE, "python")
    assert "googleapiclient" in with_library, "which the client tests run"
    assert 0.5 < float(run(service, [sys.executable, "-c"], alone)) < 1


def test_the_javascript_example_prints_a_score(service: Service) -> None:
    (code,) = read_blocks(PAGE, "js")
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    assert 0.5 < float(run(service, ["node", "--input-type=module", "-e"], code)) < 1


def test_the_php_example_prints_a_score(service: Service) -> None:
    (code,) = read_blocks(PAGE, "php")
    if shutil.which("php") is None:
        pytest.skip("php is not here")
    assert 0.5 < float(run(service, ["php", "-r"], code.removeprefix("<?php\n"))) < 1


def test_every_supported_attribute_is_in_the_table() -> None:
    section = read_page(PAGE).split("## Attributes")[1].split("\n## ")[0]
    shown = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", section, re.MULTILINE))
    assert set(shown) == {name for name in ATTRIBUTES if not name.endswith("_EXPERIMENTAL")}
    for name, words in shown.items():
        attribute = ATTRIBUTES[name]
        expected = attribute.score_name if attribute.score_name != "likely_to_reject" else "your site's own model"
        assert words == (f"1 − {expected}" if attribute.is_complement else expected)


def test_the_agreement_with_perspective_matches_the_report() -> None:
    section = read_page(PAGE).split("## Thresholds")[1].split("\n## ")[0]
    report = (find_release() / "report.md").read_text(encoding="utf-8")
    measured = report.split("## Perspective's scale, rows that the release's own scale was fitted on")[1].split(
        "\n## "
    )[0]
    rows = re.findall(r"^\| 0(\.\d) \| (\d+) \| (\d+) \|[^|]*\|[^|]*\| 0(\.\d\d) ", measured, re.MULTILINE)
    assert len(rows) > 2
    assert re.findall(r"^\| (\.\d) \| (\d+) \| (\d+) \| (\.\d\d) \|$", section, re.MULTILINE) == rows
    (count,) = re.findall(r"recorded scores, (\d+) rows", measured)
    (correlation,) = re.findall(r"Rank correlation 0(\.\d+)", measured)
    assert f"{int(count):,} comments" in section
    assert f"rank correlation of {correlation}" in section


def test_every_route_and_category_of_the_other_formats_is_described() -> None:
    page = read_page("docs/other-formats.md")
    assert [route.path for route in akismet.routes if f"`{route.path}`" not in page] == []  # type: ignore[attr-defined]
    assert dict(re.findall(r"^\| `([a-z/]+)` \| ([a-z_]+) \|$", page, re.MULTILINE)) == dict(CATEGORY_TO_SCORE)
