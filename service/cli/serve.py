"""`commentdesk serve`: the options; `service.cli.server` has the processes."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from service.settings import Settings


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(serve)


def serve(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the database, site models and keys.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Load a sample article with about 20 comments.")] = False,
) -> None:
    """Start the web service and, unless switched off, a worker.

    The first start prints a sign-in link, an API token and three requests to try.
    """
    # Starting creates millions of objects that stay; the collector would walk them again and again for half a second.
    # `run` enables it again.
    gc.disable()
    from service.cli.server import run  # imports the models and the web application

    options = {"host": host, "port": port, "data_dir": data_dir}
    settings: Settings = context.obj.model_copy(update={k: v for k, v in options.items() if v is not None})
    context.obj = settings
    run(context, settings, demo=demo)
