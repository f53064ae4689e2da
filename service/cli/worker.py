"""`commentdesk work`: a worker that delivers webhooks, scores what waited for its article, and tidies up."""

import sys
import threading
from typing import Annotated

import typer

from service.cli.context import open_cli_runtime
from service.jobs.worker import Stop, run_worker, stop_on_signals


def register(cli: typer.Typer) -> None:
    """Adds the command."""
    cli.command()(worker)


def worker(
    context: typer.Context,
    *,
    beside: Annotated[
        bool,
        typer.Option("--beside", hidden=True, help="Stop when standard input closes: `serve` started us."),
    ] = False,
) -> None:
    """Run a worker alone: for PostgreSQL, or several machines."""
    stop: Stop = Stop()
    stop_on_signals(stop)
    if beside:
        threading.Thread(target=_stop_with_input, args=(stop,), daemon=True).start()
    with open_cli_runtime(context) as runtime:
        run_worker(runtime, stop=stop)


def _stop_with_input(stop: Stop) -> None:
    sys.stdin.buffer.read()
    stop.put(0)
