"""What the commands share: options, opening a release, showing progress, and ending with an error."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from models.release import Release

DIFFERENT, REFUSED = 1, 2
"""Exit codes: `compare-cards` found a difference; a command ended with an error."""

RELEASES = Path("models/released")

CorporaFolder = Annotated[Path, typer.Option("--corpora", "--data", help="The folder of corpora.", exists=True)]
ReleaseFolder = Annotated[Path, typer.Option(help="The folder of one release, or of several to take the newest of.")]
Seed = Annotated[int, typer.Option(help="The seed of everything random.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes; 0 for one on each core.")]
Cache = Annotated[Path | None, typer.Option(help="A folder that keeps features and embeddings for the next run.")]


def make_console() -> "Console":
    """Return a console that prints to standard error, so that standard output has results only."""
    from rich.console import Console

    return Console(stderr=True)


def with_progress(items: Iterable[Any], name: str) -> Iterable[Any]:
    """Yield the items, with a progress bar on standard error."""
    from rich.progress import track

    return track(list(items), description=name, console=make_console())


def exit_with_error(problem: Exception) -> NoReturn:
    """Print the problem to standard error as one line, and end the command with the exit code REFUSED."""
    typer.echo(str(problem), err=True)
    sys.exit(REFUSED)


def count_jobs(jobs: int) -> int:
    """Return the number of processes. 0 stands for one on each core."""
    import joblib

    return jobs or int(joblib.cpu_count())


def open_newest(folder: Path) -> "tuple[Path, Release]":
    """Open the release in a folder, or the newest one in its subfolders, and return its own folder and the release.

    Raises ReleaseRefused if no release opens.
    """
    from models.card import CARD_FILE, read_card
    from models.release import newest_release, open_release

    if (folder / CARD_FILE).exists():
        return folder, open_release(folder)
    release = newest_release(folder)
    own_folder = folder / release.version
    # Fails at once, and not after hours of work, if the folder is not named after the release's version.
    read_card(own_folder)
    return own_folder, release
