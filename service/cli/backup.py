"""`commentdesk backup` and `restore`: the data folder as one archive, and back; PostgreSQL is for pg_dump."""

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

DATABASE, SECRET_KEY, RELEASES = "commentdesk.db", "secret.key", "releases"
"""What things are called inside an archive, and in a data folder by default."""

_NOT_OURS = ("replaced-", "lost+found")


def register(cli: typer.Typer) -> None:
    """Adds both commands."""
    cli.command()(backup)
    cli.command()(restore)


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="TO", help="An archive to be written, or a folder for it.")],
) -> None:
    """Write database, site models and key to one archive; safe while the service runs.

    Of PostgreSQL it holds the rest: dump the database itself with pg_dump, before this command.
    """
    settings: Settings = context.obj
    refuse_missing_database(settings)
    now = utc_now()
    archive = to / f"commentdesk-{now:%Y%m%dT%H%M%SZ}.tar.gz" if to.is_dir() else to
    with (
        _explained(),
        tempfile.TemporaryDirectory(dir=archive.absolute().parent, prefix=".backup-") as here,
    ):
        with Console(stderr=True).status("Copying the database"):
            files = {**_snapshot(settings, Path(here)), **_find_files(settings)}
        with Console(stderr=True).status(f"Writing {archive}"):
            write_archive(archive, files, _describe(files, settings, now))
    typer.echo(f"{archive}: {len(files)} files.", err=True)
    _say_what_is_missing(settings)


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="FROM", help="An archive that `backup` has written.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Put aside what is there.")] = False,
) -> None:
    """Fill the data folder from an archive, every file checked. Stop the service first."""
    settings: Settings = context.obj
    folder = settings.data_dir
    with _explained():
        folder.mkdir(parents=True, exist_ok=True)
        occupied = [path for path in folder.iterdir() if not path.name.startswith(_NOT_OURS)]
        if occupied and not force:
            raise FileExistsError(17, "is not empty. With --force, what is there is put aside", str(folder))
        # Inside the data folder, so that the last step is a rename also where the folder is a mounted volume.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as unpacked:
            manifest = unpack_archive(source, Path(unpacked))
            _put_aside(occupied, folder / f"replaced-{utc_now():%Y%m%dT%H%M%SZ}")
            _put_in_place(Path(unpacked), settings)
    typer.echo(f"{folder}: {len(manifest.files)} files of {manifest.made_at}.", err=True)
    if manifest.database != "sqlite":
        typer.echo("The database was PostgreSQL: restore it with pg_restore.", err=True)


def _snapshot(settings: Settings, folder: Path) -> dict[str, Path]:
    """A copy of the SQLite database as it is at one moment, taken by SQLite itself beside its writers."""
    path = settings.database_file
    if path is None:
        return {}
    # One step for all pages: in several, every write in between would make SQLite begin again.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(folder / DATABASE)) as target:
        source.backup(target)
    return {DATABASE: folder / DATABASE}


def _find_files(settings: Settings) -> dict[str, Path]:
    releases = settings.site_releases_dir
    # A name with a dot before it is a release that is still being written.
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


def _say_what_is_missing(settings: Settings) -> None:
    if settings.database_file is None:
        typer.echo("The database is PostgreSQL and not in this archive: dump it with pg_dump.", err=True)
    if settings.secret_key is not None:
        typer.echo("The secret key is a setting and not in this archive: keep it too.", err=True)


def _put_aside(occupied: list[Path], aside: Path) -> None:
    """Moves everything, journals too: an old journal beside a restored database would be applied to it."""
    for path in occupied:
        aside.mkdir(exist_ok=True)
        path.rename(aside / path.name)


def _put_in_place(unpacked: Path, settings: Settings) -> None:
    for path in unpacked.iterdir():
        path.rename(settings.data_dir / path.name)
    wanted, restored = settings.database_file, settings.data_dir / DATABASE
    if wanted is not None and restored.exists() and wanted != restored.absolute():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(restored, wanted)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        typer.echo(f"commentdesk: {reason}.", err=True)
        raise typer.Exit(1) from None
    except (ArchiveRefused, sqlite3.Error) as error:
        typer.echo(f"commentdesk: {error}", err=True)
        raise typer.Exit(1) from None
