"""The command line: a table of commands, whose modules are imported only when they are used.

Each module here is one command or group of commands and adds itself with `register`. A command finds the settings in
its context's `obj`, where `__main__` has put them.
"""

import importlib
import importlib.metadata
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command as `--help` lists it; `help` is the first sentence of its own help, which a test compares."""

    module: str
    help: str


COMMANDS = {
    "serve": CommandEntry("serve", "Start the web service and, unless switched off, a worker."),
    "worker": CommandEntry("worker", "Run a worker on its own: for PostgreSQL, or on another machine."),
    "score": CommandEntry("score", "Score a file of comments: one row out for each row in, in the same order."),
    "shadow": CommandEntry("shadow", "Compare our toxicity scores with recorded Perspective scores, offline."),
    "retrain": CommandEntry("retrain", "Fit a site model on verdicts; it goes live only if it beats the live model."),
    "model": CommandEntry("retrain", "List, promote or roll back a site's own models."),
    "token": CommandEntry("token", "Create, list and revoke API tokens."),
    "user": CommandEntry("user", "Manage the people who moderate, their passwords and sign-in links."),
    "site": CommandEntry("site", "Add and list sites: one for each publication."),
    "article": CommandEntry("article", "Save, show and import the articles that comments are about."),
    "coral": CommandEntry("coral", "Connect a site to Coral: its moderation phase and its webhooks."),
    "audit-log": CommandEntry("audit_log", "Show who changed what on a site, newest first."),
    "migrate": CommandEntry("migrate", "Update the database schema."),
    "backup": CommandEntry("backup", "Write the data folder to one archive; safe while the service runs."),
    "restore": CommandEntry("backup", "Fill the data folder from an archive; stop the service first."),
}
"""In the order in which the help lists them."""


class LazyGroup(TyperGroup):
    """Lists commands from the table, and replaces a listed command by the real one when it is called.

    Importing every module would take seconds of processor time, most of it for the models.
    """

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and remaining arguments; the command's module is imported here."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else listed, rest


def load_command(name: str) -> Any:
    """Import a command's module and return the command, or the group of commands, as Typer builds it."""
    module = importlib.import_module(f"service.cli.{COMMANDS[name].module}")
    registered = typer.Typer()
    module.register(registered)
    return get_group(registered).commands[name]


def build_cli() -> typer.Typer:
    """Build `commentdesk` without importing any command."""
    cli = typer.Typer(
        name="commentdesk",
        cls=LazyGroup,
        help="Comment moderation for newsrooms: relevance, coherence and toxicity scores, with reasons.",
        no_args_is_help=True,
        add_completion=False,
        # A decorated traceback shows the values of variables, and those hold comments and secrets.
        pretty_exceptions_enable=False,
    )
    cli.callback()(_accept_version)
    for name, entry in COMMANDS.items():
        cli.command(name, cls=TyperCommand, help=entry.help)(_not_loaded)
    return cli


def _not_loaded() -> None:
    raise AssertionError("LazyGroup loads a command before it runs.")


def _print_version(asked: bool) -> None:  # noqa: FBT001  Typer calls it with a position
    if asked:
        typer.echo(importlib.metadata.version("commentdesk"))
        raise typer.Exit


def _accept_version(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    # Typer needs a function for the options that precede a command; the callback of this one does the work.
    del version
