"""`commentdesk backup` and `restore`: everything is restored, or nothing is touched."""

import io
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli import build_cli
from service.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command of an installation whose data folder is `data` or another one."""

    def invoke(*words: str | Path, data: str = "data", **settings: str) -> Result:
        chosen = Settings(data_dir=tmp_path / data, **settings)  # type: ignore[arg-type]  # read as pydantic reads
        return CliRunner().invoke(build_cli(), [str(word) for word in words], obj=chosen, catch_exceptions=False)

    return invoke


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database of one table, a key and the model of a site."""
    folder = tmp_path / "data"
    model = folder / "releases" / "gazette" / "2026.1.0"
    model.mkdir(parents=True)
    (model / "card.json").write_text("{}", encoding="utf-8")
    (model.parent / ".2026.2.0.unfinished").write_text("half", encoding="utf-8")
    (folder / "secret.key").write_text("a key", encoding="utf-8")
    with closing(sqlite3.connect(folder / "commentdesk.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE pairs (n INTEGER, half INTEGER)")
        database.commit()
    return folder


def read_pairs(folder: Path) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(folder / "commentdesk.db")) as database:
        return database.execute("SELECT n, half FROM pairs ORDER BY n, half").fetchall()


def write_pairs(folder: Path, stop: threading.Event) -> None:
    """Each transaction writes two rows that belong together."""
    with closing(sqlite3.connect(folder / "commentdesk.db", isolation_level=None)) as database:
        n = 0
        while not stop.is_set():
            n += 1
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO pairs VALUES (?, 1)", (n,))
            database.execute("INSERT INTO pairs VALUES (?, 2)", (n,))
            database.execute("COMMIT")


def test_restore_brings_back_what_was_backed_up(run: Run, data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "commentdesk.db")) as database:
        database.execute("INSERT INTO pairs VALUES (1, 1)")
        database.commit()
        assert run("backup", tmp_path / "b.tar.gz").exit_code == 0
    assert run("restore", tmp_path / "b.tar.gz", data="again").exit_code == 0
    assert read_pairs(tmp_path / "again") == [(1, 1)]
    assert (tmp_path / "again" / "secret.key").read_text() == "a key"
    assert (tmp_path / "again" / "releases" / "gazette" / "2026.1.0" / "card.json").exists()
    assert not (tmp_path / "again" / "releases" / "gazette" / ".2026.2.0.unfinished").exists()


def test_a_backup_taken_while_others_write_has_whole_transactions(run: Run, data: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    writer = threading.Thread(target=write_pairs, args=(data, stop))
    writer.start()
    try:
        results = [run("backup", tmp_path / f"{n}.tar.gz") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert [result.exit_code for result in results] == [0, 0, 0]
    run("restore", tmp_path / "2.tar.gz", data="again")
    restored = read_pairs(tmp_path / "again")
    assert restored == read_pairs(data)[: len(restored)]
    assert len(restored) % 2 == 0


@pytest.mark.usefixtures("data")
def test_only_the_owner_may_read_an_archive_with_the_key(run: Run, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.tar.gz")
    run("restore", tmp_path / "b.tar.gz", data="again")
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "again" / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("data")
def test_a_backup_into_a_folder_is_named_by_its_time(run: Run, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    run("backup", tmp_path / "backups")
    (archive,) = (tmp_path / "backups").iterdir()
    assert archive.name.startswith("commentdesk-20")
    assert run("backup", archive).exit_code == 1


def test_restore_does_not_overwrite_a_folder_with_files(run: Run, data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.tar.gz")
    result = run("restore", tmp_path / "b.tar.gz")
    assert result.exit_code == 1
    assert "is not empty" in result.stderr
    assert (data / "secret.key").exists()


def test_force_moves_existing_files_away(run: Run, data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.tar.gz")
    (data / "secret.key").write_text("another key", encoding="utf-8")
    assert run("restore", tmp_path / "b.tar.gz", "--force").exit_code == 0
    (aside,) = data.glob("replaced-*")
    assert (data / "secret.key").read_text() == "a key"
    assert (aside / "secret.key").read_text() == "another key"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"secret.key": b"b key"}, "secret.key is not what was backed up"),
        ({"secret.key": None}, "secret.key is missing"),
        ({"stray": b"more"}, "stray is not what was backed up"),
        ({"../stray": b"more"}, "is not a plain file below the data folder"),
        ({"manifest.json": None}, "not an archive that `commentdesk backup` has written"),
    ],
)
@pytest.mark.usefixtures("data")
def test_a_changed_archive_is_refused(run: Run, tmp_path: Path, changes: dict[str, bytes | None], problem: str) -> None:
    run("backup", tmp_path / "b.tar.gz")
    change_archive(tmp_path / "b.tar.gz", tmp_path / "changed.tar.gz", changes)
    result = run("restore", tmp_path / "changed.tar.gz", data="again")
    assert result.exit_code == 1
    assert problem in result.stderr
    assert list((tmp_path / "again").iterdir()) == []


def change_archive(archive: Path, to: Path, changes: dict[str, bytes | None]) -> None:
    with tarfile.open(archive) as old:
        files = {member.name: old.extractfile(member).read() for member in old}  # type: ignore[union-attr]  # files
    with tarfile.open(to, "w:gz") as new:
        for name, content in {**files, **changes}.items():
            if content is not None:
                facts = tarfile.TarInfo(name)
                facts.size = len(content)
                new.addfile(facts, io.BytesIO(content))


@pytest.mark.usefixtures("data")
def test_a_truncated_archive_is_refused(run: Run, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.tar.gz")
    whole = (tmp_path / "b.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    assert "cannot be read" in run("restore", tmp_path / "half.tar.gz", data="again").stderr


@pytest.mark.usefixtures("data")
def test_postgresql_is_left_to_pg_dump(run: Run, tmp_path: Path) -> None:
    url = "postgresql+psycopg://nowhere/commentdesk"
    assert "pg_dump" in run("backup", tmp_path / "b.tar.gz", database_url=url).stderr
    result = run("restore", tmp_path / "b.tar.gz", data="again", database_url=url)
    assert "pg_restore" in result.stderr
    assert not (tmp_path / "again" / "commentdesk.db").exists()


def test_backup_without_a_database_writes_no_archive(run: Run, tmp_path: Path) -> None:
    result = run("backup", tmp_path / "nightly.tar.gz", data="elsewhere")

    assert result.exit_code == 1
    assert "COMMENTDESK_DATA_DIR" in result.stderr
    assert not (tmp_path / "nightly.tar.gz").exists()
