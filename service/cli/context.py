"""What commands share: opening the desk with a clear word where it cannot be, and acting as the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from models.card import ReleaseRefused
from service.domain.errors import DomainError
from service.domain.rights import Caller
from service.logs import configure_logs
from service.moderation.access.sites import find_site
from service.moderation.access.users import operator_of
from service.moderation.runtime import Runtime
from service.settings import Settings, SettingsInvalid
from service.startup.open_runtime import open_runtime

DEFAULT_SITE = "main"

SiteOption = Annotated[str, typer.Option("--site", help="The site's id.")]


@contextmanager
def open_cli_runtime(context: typer.Context, *, makes_database: bool = False) -> Iterator[Runtime]:
    """An open desk; a domain error, an unusable release or database ends the command with its message and exit 1.

    Only a command that says so makes a SQLite database where there is none: others were started in the wrong folder.
    """
    settings: Settings = context.obj
    configure_logs(settings.log_level)
    if not makes_database:
        refuse_missing_database(settings)
    try:
        with open_runtime(settings) as runtime:
            yield runtime
    except (DomainError, ReleaseRefused, SettingsInvalid) as error:
        typer.echo(f"commentdesk: {error}", err=True)
        raise typer.Exit(1) from None


def refuse_missing_database(settings: Settings) -> None:
    """Ends the command with a word about the data folder where SQLite's file is not in it."""
    file = settings.database_file
    if file is not None and not file.exists():
        typer.echo(
            f"commentdesk: {file} does not exist. Is COMMENTDESK_DATA_DIR the folder that `serve` uses?", err=True
        )
        raise typer.Exit(1)


def apply_event(runtime: Runtime, site: str) -> Caller:
    """The operator as a caller on this site; raises NotFound where there is none."""
    return operator_of(find_site(runtime, site=site).id)
