"""The command line: each module here is one command or group of commands, and adds itself with `register`.

A command finds the settings in its context's `obj`, where `__main__` has put them.
"""

import importlib.metadata
from typing import Annotated

import typer

from service.cli import (
    article,
    audit_log,
    backup,
    coral,
    migrate,
    retrain,
    score,
    serve,
    shadow,
    site,
    token,
    user,
    worker,
)

_MODULES = (serve, worker, score, shadow, retrain, token, user, site, article, coral, audit_log, migrate, backup)


def build_cli() -> typer.Typer:
    """Assembles `commentdesk` from the modules, in the order in which the help lists them."""
    cli = typer.Typer(
        name="commentdesk",
        help="Comment moderation for newsrooms: relevance, coherence and toxicity, with reasons.",
        no_args_is_help=True,
        add_completion=False,
        # A decorated traceback shows the values of variables, and those hold comments and secrets.
        pretty_exceptions_enable=False,
    )
    cli.callback()(_take_version)
    for module in _MODULES:
        module.register(cli)
    return cli


def _print_version(asked: bool) -> None:  # noqa: FBT001  the signature is Typer's
    if asked:
        typer.echo(importlib.metadata.version("commentdesk"))
        raise typer.Exit


def _take_version(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    # Typer wants a function that takes the options standing before any command; this one's callback acts.
    del version
