"""`commentdesk coral` and `commentdesk article import`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli import build_cli
from service.moderation.access.sites import put_site
from service.settings import Settings
from service.startup.open_runtime import open_runtime


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path)
    with open_runtime(made) as runtime:
        put_site(runtime, site="main", name="My newsroom")
    return made


def run(settings: Settings, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(build_cli(), words, obj=settings, input=typed)


def test_a_coral_is_connected_changed_and_disconnected(settings: Settings) -> None:
    shown = run(settings, "coral", "connect", typed="empsec_secret\n").output
    number = shown.split(" to main is ready")[0].split()[-1]
    assert f"/coral/{number}/phase" in shown
    assert "empsec_secret" not in shown
    assert run(settings, "coral", "secret", number, "--secret", "whsec_hook").exit_code == 0
    assert run(settings, "coral", "list").output == f"{number}\tempsec,whsec\t\n"
    assert run(settings, "coral", "disconnect", number).exit_code == 0
    assert run(settings, "coral", "list").output == ""


def test_a_secret_that_coral_does_not_issue_is_refused(settings: Settings) -> None:
    result = run(settings, "coral", "connect", "--secret", "my password")
    assert result.exit_code == 1
    assert "my password" not in result.output


def test_articles_are_imported_from_a_file(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text("id,title\na-1,Tram to the hospital\n", encoding="utf-8")
    result = run(settings, "article", "import", str(tmp_path / "articles.csv"))
    assert "1 articles added" in result.output
    assert "Tram to the hospital" in run(settings, "article", "show", "a-1").output


def test_an_unreadable_file_is_named(settings: Settings, tmp_path: Path) -> None:
    result = run(settings, "article", "import", str(tmp_path / "nowhere.csv"))
    assert result.exit_code == 2
    assert "nowhere.csv" in result.output
