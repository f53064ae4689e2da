"""What the commands share: options, opening a release, showing progress, and refusing."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from models.release import Release

DIFFERENT = 1
REFUSED = 2

RELEASES = Path("models/released")

CorporaFolder = Annotated[Path, typer.Option("--corpora", "--data", help="The folder of corpora.", exists=True)]
ReleaseFolder = Annotated[Path, typer.Option(help="The folder of one release, or of several: then the newest.")]
Seed = Annotated[int, typer.Option(help="The seed of everything random.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes; 0 for one on each core.")]
Cache = Annotated[Path | None, typer.Option(help="A folder that keeps features and embeddings for the next run.")]


def make_console() -> "Console":
    """Return a console on the standard error, where progress goes."""
    from rich.console import Console

    return Console(stderr=True)


def with_progress(items: Iterable[Any], name: str) -> Iterable[Any]:
    """Show a progress bar on the standard error."""
    from rich.progress import track

    return track(list(items), description=name, console=make_console())


def exit_with_error(problem: Exception) -> NoReturn:
    """End the command with one line on the standard error."""
    typer.echo(str(problem), err=True)
    sys.exit(REFUSED)


def count_jobs(jobs: int) -> int:
    """Return the number of processes that was asked for; 0 stands for one on each core."""
    import joblib

    return jobs or int(joblib.cpu_count())


def open_newest(folder: Path) -> "tuple[Path, Release]":
    """Open the release in a folder, or else the newest of those below it, and return its own folder with it.

    Raises ReleaseRefused.
    """
    from models.card import CARD_FILE, read_card
    from models.release import newest_release, open_release

    if (folder / CARD_FILE).exists():
        return folder, open_release(folder)
    release = newest_release(folder)
    own_folder = folder / release.version
    # A release in a folder of another name than its version is refused now, and not after all the work.
    read_card(own_folder)
    return own_folder, release
