"""`commentdesk score`: a file of comments in, a file of scores out; needs no server and no database."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, NoReturn, TextIO

import joblib
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.card import ReleaseRefused
from service.batch.comment_files import (
    ArticleFile,
    BadRow,
    FileFormat,
    FileInvalid,
    Result,
    ResultFile,
    Row,
    read_rows,
)
from service.batch.row_scorer import CHUNK, open_scorer, score_rows
from service.settings import Settings

BAD_INPUT = 2
"""The exit code where the file is to blame."""

NO_RELEASE = 1
"""The exit code where no released model can be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a first reading of the whole file has found."""

    good: int
    bad: int
    first_bad: BadRow | None


def register(cli: typer.Typer) -> None:
    """Adds the command."""
    cli.command()(score)


def score(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV or JSON lines; - is standard input.")],
    *,
    out: Annotated[Path, typer.Option(metavar="OUT", help="Where the scores go; - is standard output.")],
    written: Annotated[
        FileFormat | None, typer.Option("--format", help="What - is, or a file not named .csv or .jsonl.")
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out, and count them.")] = False,
    language: Annotated[str, typer.Option(help="Language of comments too short to tell it from.")] = "en",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 is one for each core.")] = 0,
) -> None:
    """Score a file of comments, one row out for each row in, in order.

    Columns: text and, where there, id, article_id, article_title, article_text, parent_text. An article may
    be given once, by any row with its article_id. A bad row stops the command before anything is written.
    """
    settings: Settings = context.obj
    reads = FileFormat.of(source) or written or FileFormat.of(out) or FileFormat.CSV
    writes = FileFormat.of(out) or written or reads
    with _explained(), _open_source(source) as file, closing(ArticleFile()) as articles:
        model = open_scorer(settings.releases_dir, language).model
        survey = _survey(read_rows(file, reads, longest=settings.max_comment_chars), articles)
        if survey.first_bad and not skip_bad:
            _stop(f"line {survey.first_bad.line}: {survey.first_bad.problem}")
        rows = _complete(read_rows(file, reads, longest=settings.max_comment_chars), articles)
        processes = min(jobs or joblib.cpu_count(), -(-survey.good // CHUNK) or 1)
        results = score_rows(rows, releases=settings.releases_dir, language=language, jobs=processes)
        with _open_out(out) as opened:
            _write(results, ResultFile(opened, writes), total=survey.good)
    first = f", the first on line {survey.first_bad.line}" if survey.first_bad else ""
    left_out = f", {survey.bad} bad rows left out{first}" if survey.bad else ""
    typer.echo(f"{survey.good} rows scored by {model}{left_out}.", err=True)


def _survey(found: Iterable[Row | BadRow], articles: ArticleFile) -> Survey:
    """Reads everything once before any work: a bad last row must not be noticed after an hour."""
    good, bad, first_bad = 0, 0, None
    for row in found:
        if isinstance(row, BadRow):
            bad, first_bad = bad + 1, first_bad or row
        else:
            good += 1
            articles.note(row)
    return Survey(good=good, bad=bad, first_bad=first_bad)


def _complete(found: Iterable[Row | BadRow], articles: ArticleFile) -> Iterator[Row]:
    return (articles.complete(row) for row in found if isinstance(row, Row))


def _write(results: Iterable[list[Result]], result_file: ResultFile, *, total: int) -> None:
    columns = (TextColumn("Scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Scoring", total=total)
        for chunk in results:
            result_file.write(chunk)
            progress.advance(task, len(chunk))


@contextmanager
def _open_source(source: Path) -> Iterator[IO[bytes]]:
    """The file, which is read twice; standard input and pipes are kept on disk for that."""
    with nullcontext(typer.get_binary_stream("stdin")) if str(source) == "-" else source.open("rb") as file:
        if file.seekable():
            yield file
            return
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(file, kept)
            yield kept


@contextmanager
def _open_out(out: Path) -> Iterator[TextIO]:
    """A file that gets its name only when it is complete."""
    if str(out) == "-" or (out.exists() and not out.is_file()):
        with _open_stream(out) as file:
            yield file
        return
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        with partial.open("x", encoding="utf-8", newline="") as file:
            yield file
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _open_stream(out: Path) -> Iterator[TextIO]:
    """Standard output, a pipe or a device: gets everything at the end, or nothing."""
    with tempfile.TemporaryFile() as kept:
        text = io.TextIOWrapper(kept, encoding="utf-8", newline="")
        yield text
        text.detach()
        kept.seek(0)
        with nullcontext(typer.get_binary_stream("stdout")) if str(out) == "-" else out.open("wb") as file:
            shutil.copyfileobj(kept, file)


@contextmanager
def _explained() -> Iterator[None]:
    """What a person can put right is said in a line, not in a traceback."""
    try:
        yield
    except FileInvalid as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except ReleaseRefused as error:
        _stop(str(error), code=NO_RELEASE)


def _stop(problem: str, *, code: int = BAD_INPUT) -> NoReturn:
    typer.echo(f"commentdesk score: {problem} Nothing was written.", err=True)
    raise typer.Exit(code)
