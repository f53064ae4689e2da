"""`commentdesk token` and `commentdesk user`."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from service.cli import build_cli
from service.domain.rights import Right
from service.moderation.access import sessions
from service.moderation.access.sign_in_throttle import SignInThrottle
from service.moderation.access.tokens import authenticate_token
from service.moderation.runtime import Runtime
from tests.support.builders import a_site

ANA = "ana@news.example"
Run = Callable[..., Result]


@pytest.fixture
def run(runtime: Runtime) -> Run:
    """Run a command on the runtime's database, on the site `main`."""
    a_site(runtime, "main")

    def command(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(build_cli(), list(words), obj=runtime.settings, input=typed)

    return command


def test_a_token_is_created_listed_and_revoked(runtime: Runtime, run: Run) -> None:
    secret = run("token", "create", "CMS", "--days", "400").stdout.strip()
    caller = authenticate_token(runtime, secret)
    assert caller.rights == {Right.SCORE, Right.COMMENTS}
    token_id = caller.name.partition(":")[2]
    assert f"{token_id}\tCMS\tcomments,score\tuntil 20" in run("token", "list").stdout
    run("token", "revoke", token_id)
    assert run("token", "list").stdout.strip().endswith("revoked")


def test_a_token_has_the_rights_that_it_is_given(runtime: Runtime, run: Run) -> None:
    secret = run("token", "create", "desk", "--right", "moderate", "--right", "score").stdout.strip()
    assert authenticate_token(runtime, secret).rights == {Right.SCORE, Right.MODERATE}


@pytest.mark.parametrize(
    "words",
    [
        ("token", "revoke", "none"),
        ("token", "create", "CMS", "--site", "none"),
        ("user", "sign-in-link", ANA),
        ("user", "add", "not an address"),
    ],
)
def test_an_impossible_request_exits_with_1_and_a_message(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert result.stderr.startswith("commentdesk: ")
    assert "Traceback" not in result.output


def test_an_added_user_signs_in_by_link(runtime: Runtime, run: Run) -> None:
    run("user", "add", ANA, "--name", "Ana", "--role", "editor")
    assert run("user", "list").stdout == f"{ANA}\tAna\teditor\tlinks only\n"
    link = run("user", "sign-in-link", ANA).stdout.strip()
    assert link.startswith(f"{runtime.settings.resolved_public_url}/sign-in/")
    opened = sessions.sign_in_with_link(runtime, secret=link.rpartition("/")[2])
    assert sessions.read_session(runtime, secret=opened.secret).user_name == "Ana"


def test_a_password_is_read_from_a_pipe_and_not_shown(runtime: Runtime, run: Run) -> None:
    run("user", "add", ANA)
    result = run("user", "password", ANA, typed="correct horse battery\n")
    assert "correct horse" not in result.output
    opened = sessions.sign_in_with_password(
        runtime, SignInThrottle(per_minute=9), email=ANA, password="correct horse battery", address="192.0.2.1"
    )
    assert opened.site_count == 1


def test_a_disabled_user_is_listed_as_disabled_until_enabled(run: Run) -> None:
    run("user", "add", ANA)
    run("user", "disable", ANA)
    assert run("user", "list").stdout.strip().endswith("disabled")
    run("user", "enable", ANA)
    assert run("user", "list").stdout.strip().endswith("links only")
