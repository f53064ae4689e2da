"""The processes of `commentdesk serve`: one web process or several, and a worker in a child process."""

import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from service.app import create_app
from service.cli.context import open_cli_runtime
from service.moderation.access.users import operator_of
from service.settings import Settings
from service.startup.first_run import SITE, load_samples, set_up
from service.startup.message import print_start_message

RESTART_PAUSE_SECONDS = 1.0


def run(context: typer.Context, settings: Settings, *, demo: bool) -> None:
    """Serve until the process is stopped; a port that is taken or an unusable release ends it with exit code 1.

    Enables garbage collection, which the command disables while it imports and opens everything.
    """
    listener = _open_listener(settings)
    with open_cli_runtime(context, creates_database=True) as runtime:
        first_run = set_up(runtime)
        if demo:
            load_samples(runtime, operator_of(SITE))
        print_start_message(settings, model=runtime.scorers.base.version, first_run=first_run)
        scorer = runtime.scorers.base
    # What was imported and opened stays, so the collector never needs to walk it.
    gc.freeze()
    gc.enable()
    with _supervised_worker(settings):
        if settings.web_processes == 1:
            app = create_app(settings, scorer=scorer, freeze_gc=True)
            uvicorn.Server(_config(settings, app)).run(sockets=[listener])
        else:
            _run_many(settings, listener)


def _open_listener(settings: Settings) -> socket.socket:
    """Open the listening socket before anything else is started, so that a port in use is reported first."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With IPPROTO_TCP named, asyncio sets TCP_NODELAY. Otherwise a response's body waits up to 40 ms until the client
    # acknowledges the headers.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        # Listening at once keeps a second service from binding the same port.
        listener.listen(2048)
    except OSError as error:
        typer.echo(
            f"commentdesk: cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Choose another port with --port or COMMENTDESK_PORT.",
            err=True,
        )
        raise typer.Exit(1) from None
    listener.set_inheritable(True)
    return listener


def _run_many(settings: Settings, listener: socket.socket) -> None:
    # The web processes are new Python processes: they read their settings from the environment.
    os.environ.update(settings.as_environment())
    Multiprocess(_config(settings, "service.app:create_app_from_environment"), sockets=[listener]).run()


def _config(settings: Settings, app: FastAPI | str) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.web_processes,
        log_config=None,
        # Our own metrics name the route; uvicorn's log would have the path, with its ids and query.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )


@contextmanager
def _supervised_worker(settings: Settings) -> Iterator[None]:
    """Run a worker in a child process: restarted if it dies, stopped with us, and gone if we are killed."""
    if not settings.embedded_worker:
        yield
        return
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def supervise() -> None:
        while not stopping.is_set():
            # The worker stops when its standard input closes, which the system does for us even on kill -9.
            worker = subprocess.Popen(
                [sys.executable, "-m", "service", "worker", "--embedded"],
                stdin=subprocess.PIPE,
                env=settings.as_environment(),
            )
            running[:] = [worker]
            worker.wait()
            stopping.wait(RESTART_PAUSE_SECONDS)

    supervisor = threading.Thread(target=supervise, name="worker-supervisor", daemon=True)
    supervisor.start()
    try:
        yield
    finally:
        stopping.set()
        for worker in running:
            worker.terminate()
        supervisor.join(timeout=30)
