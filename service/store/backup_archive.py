"""The archive of a backup: a tar.gz of files, and a manifest with their hashes."""

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

MANIFEST = "manifest.json"
FORMAT = 1


class ArchiveRefused(Exception):
    """The archive is damaged, or was not written by `commentdesk backup`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The contents of an archive: `files` are SHA-256 hashes by name.

    `commentdesk` is the version that has written it, and `database` is `sqlite` or `postgresql`.
    """

    made_at: str
    commentdesk: str
    database: str
    has_secret_key: bool
    files: Mapping[str, str]
    format: int = FORMAT


def write_archive(to: Path, files: Mapping[str, Path], manifest: Manifest) -> None:
    """Write an archive that only its owner can read. Raises FileExistsError if `to` exists."""
    if to.exists():
        raise FileExistsError(errno.EEXIST, "exists already", str(to))
    # Write to a temporary file and rename it, so that an interrupted backup leaves no partial archive.
    partial = to.with_name(f".{to.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar,
        ):
            _add_manifest(tar, manifest)
            for name, path in files.items():
                tar.add(path, arcname=name, recursive=False)
        partial.rename(to)
    finally:
        partial.unlink(missing_ok=True)


def unpack_archive(archive: Path, folder: Path) -> Manifest:
    """Unpack an archive into an empty folder and check every hash. Raises ArchiveRefused, which names the file."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            manifest = _read_manifest(tar)
            hashes = {member.name: _unpack(tar, member, folder) for member in tar if member.name != MANIFEST}
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveRefused(f"{archive} cannot be read ({error}).") from error
    # Files that only the manifest or only the archive has are refused, too.
    for name in sorted(manifest.files.keys() | hashes.keys()):
        if manifest.files.get(name) != hashes.get(name):
            reason = "is missing" if name not in hashes else "is not what was backed up"
            raise ArchiveRefused(f"{archive}: {name} {reason}.")
    return manifest


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    content = json.dumps(asdict(manifest), indent=2).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    try:
        manifest = json.load(_open_member(tar, tar.getmember(MANIFEST)))
        if manifest["format"] != FORMAT:
            raise ArchiveRefused(f"This archive has format {manifest['format']}; this version reads format {FORMAT}.")
        return Manifest(**manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveRefused("This is not an archive that `commentdesk backup` has written.") from error


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    """Write one file below the folder and return its hash. Raises ArchiveRefused for a name that leads out of it.

    An archive is untrusted input.
    """
    name = PurePosixPath(member.name)
    if not member.isreg() or name.is_absolute() or ".." in name.parts:
        raise ArchiveRefused(f"{member.name} is not a plain file below the data folder.")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        shutil.copyfileobj(_open_member(tar, member), file)
    return hash_file(path)


def _open_member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    if file is None:
        raise ArchiveRefused(f"{member.name} is not a plain file.")
    return file
