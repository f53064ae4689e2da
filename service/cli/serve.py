"""`commentdesk serve`: the web process or processes, and on the embedded default a worker beside them."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from service.app import create_app
from service.cli.context import open_cli_runtime
from service.moderation.access.users import operator_of
from service.settings import Settings
from service.startup.first_run import SITE, load_samples, set_up
from service.startup.message import greet

RESTART_PAUSE_SECONDS = 1.0


def register(cli: typer.Typer) -> None:
    """Adds the command."""
    cli.command()(serve)


def serve(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the database, models and keys.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Load a sample article with some 20 comments.")] = False,
) -> None:
    """Start the service; the first run prints how to sign in and what to try."""
    stated = {"host": host, "port": port, "data_dir": data_dir}
    settings: Settings = context.obj.model_copy(update={k: v for k, v in stated.items() if v is not None})
    context.obj = settings
    door = _open_door(settings)
    with open_cli_runtime(context, makes_database=True) as runtime:
        first_run = set_up(runtime)
        if demo:
            load_samples(runtime, operator_of(SITE))
        greet(settings, model=runtime.scorers.base.version, first_run=first_run)
        scorer = runtime.scorers.base
    with _worker_beside(settings):
        if settings.web_processes == 1:
            _run_here(settings, create_app(settings, scorer=scorer, alone=True), door)
        else:
            _run_many(settings, door)


def _open_door(settings: Settings) -> socket.socket:
    """The listening socket, opened first, so that a port in use is said before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, asyncio sends an answer's body without waiting for the client to acknowledge its headers: 40 ms.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
        # Listening at once is what keeps a second service from binding the same port.
        door.listen(2048)
    except OSError as error:
        typer.echo(
            f"commentdesk: {settings.host}:{settings.port} cannot be listened on ({error.strerror}). "
            "Choose another with --port or COMMENTDESK_PORT.",
            err=True,
        )
        raise typer.Exit(1) from None
    door.set_inheritable(True)
    return door


def _run_here(settings: Settings, app: FastAPI, door: socket.socket) -> None:
    uvicorn.Server(_config(settings, app)).run(sockets=[door])


def _run_many(settings: Settings, door: socket.socket) -> None:
    os.environ.update(settings.as_environment())
    Multiprocess(_config(settings, "service.__main__:make_app"), sockets=[door]).run()


def _config(settings: Settings, app: FastAPI | str) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.web_processes,
        log_config=None,
        # Lines of our own say the route; uvicorn's would say the path, with its ids and query.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )


@contextmanager
def _worker_beside(settings: Settings) -> Iterator[None]:
    """A worker in a child process, started again should it die, stopped with us, and gone if we are killed."""
    if not settings.embedded_worker:
        yield
        return
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def supervise() -> None:
        while not stopping.is_set():
            # The child stops when its standard input closes, which the system does for us even on kill -9.
            worker = subprocess.Popen(
                [sys.executable, "-m", "service", "worker", "--beside"],
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
