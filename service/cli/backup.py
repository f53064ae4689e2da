"""`commentdesk backup` and `restore`: the data folder to one archive and back. PostgreSQL is left to pg_dump."""

import importlib.metadata
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.engine import make_url

from service.cli.context import refuse_missing_database
from service.moderation.runtime import utc_now
from service.settings import Settings
from service.store.backup_archive import ArchiveRefused, Manifest, hash_file, unpack_archive, write_archive
from service.store.database import find_sqlite_file

DATABASE, SECRET_KEY, RELEASES = "commentdesk.db", "secret.key", "releases"
"""Names inside an archive, and by default in a data folder."""

# Folders from an earlier restore, and what a file system keeps at the root of a volume.
_IGNORED_PREFIXES = ("replaced-", "lost+found")


def register(cli: typer.Typer) -> None:
    """Add both commands."""
    cli.command()(backup)
    cli.command()(restore)


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="TO", help="Archive to write, or a folder for it.")],
) -> None:
    """Write the data folder to one archive; safe while the service runs.

    The archive has the SQLite database, the site models and the secret key. With PostgreSQL, dump the database with
    pg_dump before this command.
    """
    settings: Settings = context.obj
    refuse_missing_database(settings)
    now = utc_now()
    archive = to / f"commentdesk-{now:%Y%m%dT%H%M%SZ}.tar.gz" if to.is_dir() else to
    with (
        _reporting_errors(),
        tempfile.TemporaryDirectory(dir=archive.absolute().parent, prefix=".backup-") as copy_folder,
    ):
        with Console(stderr=True).status("Copying the database"):
            files = {**_snapshot(settings, Path(copy_folder)), **_find_files(settings)}
        with Console(stderr=True).status(f"Writing {archive}"):
            write_archive(archive, files, _describe(files, settings, now))
    typer.echo(f"{archive}: wrote {len(files)} files.", err=True)
    _report_missing(settings)


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Archive that `backup` wrote.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Move existing files to a subfolder first.")] = False,
) -> None:
    """Fill the data folder from an archive; stop the service first.

    Every file is checked against the archive's manifest.
    """
    settings: Settings = context.obj
    folder = settings.data_dir
    with _reporting_errors():
        folder.mkdir(parents=True, exist_ok=True)
        occupied = [path for path in folder.iterdir() if not path.name.startswith(_IGNORED_PREFIXES)]
        if occupied and not force:
            raise FileExistsError(17, "is not empty; --force moves its files to a subfolder", str(folder))
        # Inside the data folder, so that the last step is a rename even if the folder is a mounted volume.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as unpacked:
            manifest = unpack_archive(source, Path(unpacked))
            _move_away(occupied, folder / f"replaced-{utc_now():%Y%m%dT%H%M%SZ}")
            _move_into_place(Path(unpacked), settings)
    typer.echo(f"{folder}: restored {len(manifest.files)} files from {manifest.made_at}.", err=True)
    if manifest.database != "sqlite":
        typer.echo("The database was PostgreSQL: restore it with pg_restore.", err=True)


def _snapshot(settings: Settings, folder: Path) -> dict[str, Path]:
    """Copy the SQLite database as it is at one moment, with SQLite's own backup while others write."""
    path = find_sqlite_file(settings.resolved_database_url)
    if path is None:
        return {}
    # All pages in one step: with several, each write in between would make SQLite start again.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(folder / DATABASE)) as target:
        source.backup(target)
    return {DATABASE: folder / DATABASE}


def _find_files(settings: Settings) -> dict[str, Path]:
    releases = settings.site_releases_dir
    # A name that starts with a dot is a release that is still being written.
    complete = (
        path
        for path in sorted(releases.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(releases).parts)
    )
    files = {f"{RELEASES}/{path.relative_to(releases).as_posix()}": path for path in complete}
    key = settings.data_dir / SECRET_KEY
    return {**files, SECRET_KEY: key} if key.exists() else files


def _describe(files: Mapping[str, Path], settings: Settings, now: datetime) -> Manifest:
    return Manifest(
        made_at=now.isoformat(timespec="seconds"),
        commentdesk=importlib.metadata.version("commentdesk"),
        database=make_url(settings.resolved_database_url).get_backend_name(),
        has_secret_key=SECRET_KEY in files,
        files={name: hash_file(path) for name, path in files.items()},
    )


def _report_missing(settings: Settings) -> None:
    if find_sqlite_file(settings.resolved_database_url) is None:
        typer.echo("This archive does not contain the PostgreSQL database: dump it with pg_dump.", err=True)
    if settings.secret_key is not None:
        typer.echo("This archive does not contain the secret key, which is a setting: keep a copy.", err=True)


def _move_away(occupied: list[Path], target: Path) -> None:
    """Move everything, journals too: SQLite would apply an old journal to the restored database."""
    for path in occupied:
        target.mkdir(exist_ok=True)
        path.rename(target / path.name)


def _move_into_place(unpacked: Path, settings: Settings) -> None:
    for path in unpacked.iterdir():
        path.rename(settings.data_dir / path.name)
    wanted, restored = find_sqlite_file(settings.resolved_database_url), settings.data_dir / DATABASE
    if wanted is not None and restored.exists() and wanted != restored.absolute():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(restored, wanted)


@contextmanager
def _reporting_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        typer.echo(f"commentdesk: {reason}.", err=True)
        raise typer.Exit(1) from None
    except (ArchiveRefused, sqlite3.Error) as error:
        typer.echo(f"commentdesk: {error}", err=True)
        raise typer.Exit(1) from None
