"""`commentdesk migrate`: bringing the database's schema up to date, before or instead of a start."""

import typer

from service.cli.context import open_cli_runtime
from service.store import schema


def register(cli: typer.Typer) -> None:
    """Adds the command."""
    cli.command()(migrate)


def migrate(context: typer.Context) -> None:
    """Bring the database's schema up to date."""
    with open_cli_runtime(context, makes_database=True) as runtime, runtime.database.reading() as connection:
        # Opening the desk has migrated it; this says that it took.
        assert schema.is_current(connection)
    typer.echo("The database is up to date.")
