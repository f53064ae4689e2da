"""`commentdesk migrate`: update the database schema without starting the service."""

import typer

from service.cli.context import open_cli_runtime
from service.store import schema


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(migrate)


def migrate(context: typer.Context) -> None:
    """Update the database schema."""
    with open_cli_runtime(context, creates_database=True) as runtime, runtime.database.reading() as connection:
        # Opening the runtime has migrated the database; make sure of it.
        assert schema.is_current(connection)
    typer.echo("The database is up to date.")
