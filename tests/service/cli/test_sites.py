"""`commentdesk site` and `commentdesk audit-log`, and the error of every command in the wrong folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli import build_cli
from service.moderation.access.sites import find_site
from service.moderation.runtime import Runtime
from service.settings import Settings
from tests.support.builders import a_site

Run = Callable[..., Result]


@pytest.fixture
def run(runtime: Runtime) -> Run:
    def command(*words: str) -> Result:
        return CliRunner().invoke(build_cli(), list(words), obj=runtime.settings)

    return command


def test_a_second_site_has_its_own_users(run: Run) -> None:
    run("site", "save", "gazette", "--name", "The Gazette")
    run("site", "save", "herald", "--name", "The Herald", "--language", "fr")
    run("user", "add", "ana@news.example", "--site", "herald")

    assert run("site", "list").stdout == "gazette\tThe Gazette\ten\nherald\tThe Herald\tfr\n"
    assert "ana@news.example" in run("user", "list", "--site", "herald").stdout
    assert not run("user", "list", "--site", "gazette").stdout


def test_renaming_a_site_keeps_its_language(runtime: Runtime, run: Run) -> None:
    run("site", "save", "main", "--language", "fr")
    run("site", "save", "main", "--name", "The Harbour Post")

    site = find_site(runtime, site="main")
    assert (site.name, site.language) == ("The Harbour Post", "fr")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Main Street",), "id"),
        (("main", "--name", " "), "name"),
        (("main", "--language", "english"), "language"),
    ],
)
def test_an_invalid_site_is_refused_with_the_reason(run: Run, words: tuple[str, ...], says: str) -> None:
    result = run("site", "save", *words)

    assert result.exit_code == 1
    assert says in result.stderr
    assert not run("site", "list").stdout


def test_the_audit_log_lists_who_did_what_newest_first(runtime: Runtime, run: Run) -> None:
    a_site(runtime, "main")
    run("user", "add", "ana@news.example", "--name", "Ana", "--role", "editor")
    run("token", "create", "CMS")

    newest, added, created = run("audit-log").stdout.splitlines()

    assert "\toperator\ttoken.created\t" in newest
    assert '\toperator\tuser.added\tAna\t{"role": "editor"}' in added
    assert "\tsite.created\tmain\t" in created
    assert run("audit-log", "--lines", "1").stdout.splitlines() == [newest]
    assert run("audit-log", "--subject", "main").stdout.splitlines() == [created]


def test_the_audit_log_of_a_site_has_no_entries_of_another(runtime: Runtime, run: Run) -> None:
    a_site(runtime, "main")
    a_site(runtime, "herald")

    assert "main" not in run("audit-log", "--site", "herald").stdout


def test_a_command_in_the_wrong_folder_reports_it_and_creates_nothing(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"

    result = CliRunner().invoke(build_cli(), ["token", "list"], obj=Settings(data_dir=elsewhere))

    assert result.exit_code == 1
    assert "COMMENTDESK_DATA_DIR" in result.stderr
    assert not elsewhere.exists()
