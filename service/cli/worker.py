"""`commentdesk worker`: delivers webhooks, rescores comments whose article arrived, and cleans up."""

import sys
import threading
from typing import Annotated

import typer

from service.cli.context import open_cli_runtime
from service.jobs.worker import Stop, run_worker, stop_on_signals


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(worker)


def worker(
    context: typer.Context,
    *,
    embedded: Annotated[
        bool,
        typer.Option("--embedded", hidden=True, help="Stop when standard input closes: for a worker of `serve`."),
    ] = False,
) -> None:
    """Run a worker on its own: for PostgreSQL, or on another machine."""
    stop: Stop = Stop()
    stop_on_signals(stop)
    if embedded:
        threading.Thread(target=_stop_with_input, args=(stop,), daemon=True).start()
    with open_cli_runtime(context) as runtime:
        run_worker(runtime, stop=stop)


def _stop_with_input(stop: Stop) -> None:
    sys.stdin.buffer.read()
    stop.put(0)
