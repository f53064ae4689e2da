"""What commands share: an open runtime, a clear message if it cannot be opened, and the operator as caller."""

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
from service.store.database import find_sqlite_file

DEFAULT_SITE = "main"

SiteOption = Annotated[str, typer.Option("--site", help="Id of the site.")]


@contextmanager
def open_cli_runtime(context: typer.Context, *, creates_database: bool = False) -> Iterator[Runtime]:
    """Open the runtime for a command; the models are opened on first use.

    A domain error, an unusable release or an unusable setting ends the command with its message and exit code 1.
    Without `creates_database` a missing SQLite file ends the command too: it was run in the wrong folder.
    """
    settings: Settings = context.obj
    configure_logs(settings.log_level)
    if not creates_database:
        refuse_missing_database(settings)
    try:
        with open_runtime(settings) as runtime:
            yield runtime
    except (DomainError, ReleaseRefused, SettingsInvalid) as error:
        typer.echo(f"commentdesk: {error}", err=True)
        raise typer.Exit(1) from None


def refuse_missing_database(settings: Settings) -> None:
    """End the command with exit code 1 if the data folder has no SQLite file."""
    file = find_sqlite_file(settings.resolved_database_url)
    if file is not None and not file.exists():
        typer.echo(
            f"commentdesk: {file} does not exist. Set COMMENTDESK_DATA_DIR to the folder that `serve` uses.", err=True
        )
        raise typer.Exit(1)


def operator_on(runtime: Runtime, site: str) -> Caller:
    """Return the operator as a caller on this site. Raises NotFound if there is no such site."""
    return operator_of(find_site(runtime, site=site).id)
