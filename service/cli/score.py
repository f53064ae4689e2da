"""`commentdesk score`: a file of comments in, a file of scores out. It needs neither server nor database."""

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
from service.batch.row_scorer import ROWS_PER_CHUNK, open_scorer, score_rows
from service.settings import Settings

BAD_INPUT = 2
"""Exit code if the input file is invalid."""

NO_RELEASE = 1
"""Exit code if no release can be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the first reading of the whole file found: how many rows, and the first bad one."""

    good: int
    bad: int
    first_bad: BadRow | None


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(score)


def score(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV or JSON Lines file; - is standard input.")],
    *,
    out: Annotated[Path, typer.Option(metavar="OUT", help="File for the scores; - is standard output.")],
    file_format: Annotated[
        FileFormat | None, typer.Option("--format", help="Format of - and of files not named .csv or .jsonl.")
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Skip bad rows and count them.")] = False,
    language: Annotated[str, typer.Option(help="Assumed for comments too short to detect it.")] = "en",
    jobs: Annotated[int, typer.Option(min=0, help="Rows scored in parallel; 0 is one per core.")] = 0,
) -> None:
    """Score a file of comments: one row out for each row in, in the same order.

    Columns: text, and optionally id, article_id, article_title, article_text, parent_text. One row with an article_id
    may give the article for all of them. A bad row stops the command before anything is written.
    """
    settings: Settings = context.obj
    reads = FileFormat.of(source) or file_format or FileFormat.of(out) or FileFormat.CSV
    writes = FileFormat.of(out) or file_format or reads
    with _reporting_errors(), _open_source(source) as file, closing(ArticleFile()) as articles:
        model = open_scorer(settings.releases_dir, language).model
        survey = _survey(read_rows(file, reads, max_chars=settings.max_comment_chars), articles)
        if survey.first_bad and not skip_bad:
            _stop(f"line {survey.first_bad.line}: {survey.first_bad.problem}")
        rows = _complete(read_rows(file, reads, max_chars=settings.max_comment_chars), articles)
        processes = min(jobs or joblib.cpu_count(), -(-survey.good // ROWS_PER_CHUNK) or 1)
        results = score_rows(rows, releases=settings.releases_dir, language=language, jobs=processes)
        with _open_out(out) as opened:
            _write(results, ResultFile(opened, writes), total=survey.good)
    first = f", the first on line {survey.first_bad.line}" if survey.first_bad else ""
    skipped = f", {survey.bad} bad rows skipped{first}" if survey.bad else ""
    typer.echo(f"{survey.good} rows scored by {model}{skipped}.", err=True)


def _survey(found: Iterable[Row | BadRow], articles: ArticleFile) -> Survey:
    """Read everything once before any scoring, so that a bad last row is reported now and not after an hour."""
    good, bad, first_bad = 0, 0, None
    for row in found:
        if isinstance(row, BadRow):
            bad, first_bad = bad + 1, first_bad or row
        else:
            good += 1
            articles.add(row)
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
    """Open the file, which is read twice; standard input and pipes are copied to disk first."""
    with nullcontext(typer.get_binary_stream("stdin")) if str(source) == "-" else source.open("rb") as file:
        if file.seekable():
            yield file
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            yield copy


@contextmanager
def _open_out(out: Path) -> Iterator[TextIO]:
    """Open a file that gets its name only when it is complete."""
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
    """Open standard output, a pipe or a device: everything is written at the end, or nothing."""
    with tempfile.TemporaryFile() as buffer:
        text = io.TextIOWrapper(buffer, encoding="utf-8", newline="")
        yield text
        text.detach()
        buffer.seek(0)
        with nullcontext(typer.get_binary_stream("stdout")) if str(out) == "-" else out.open("wb") as file:
            shutil.copyfileobj(buffer, file)


@contextmanager
def _reporting_errors() -> Iterator[None]:
    """Report errors that the user can correct in one line, without a traceback."""
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
