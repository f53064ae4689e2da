"""Files of comments to be scored and files of scores, CSV or JSON lines, a row at a time; scores nothing."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Self, TextIO, TypeAlias

from models.comment import SCORES
from service.domain.errors import TextInvalid
from service.domain.text_validation import check_text, refuse_controls

MAX_FIELD_CHARS = 10_000_000
"""Characters in one CSV field: an article may be long, but an unclosed quote must not swallow the file."""

RESULT_COLUMNS = ("id", *SCORES, "model")
"""What is written for each row, in this order."""

_NOT_UTF8 = re.compile("[\udc80-\udcff]")

Identifier: TypeAlias = str | int


class FileFormat(StrEnum):
    """How rows are written down."""

    CSV = "csv"
    JSONL = "jsonl"

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """The format that a name's ending tells, if it tells one."""
        endings = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
        return cls(endings[path.suffix.lower()]) if path.suffix.lower() in endings else None


class FileInvalid(Exception):
    """The file as a whole cannot be read, so no row of it means anything."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be scored; `line` is the one that it starts on, counted from 1."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A comment to be scored; an id is whatever the file has there, in JSON it may be a number."""

    line: int
    text: str
    id: Identifier | None = None
    article_id: Identifier | None = None
    article_title: str = ""
    article_text: str = ""
    parent_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a model says of a row; `scores` has every name in SCORES, None being unknown."""

    id: Identifier | None
    scores: Mapping[str, float | None]
    model: str


_COLUMNS = tuple(field.name for field in fields(Row) if field.name != "line")
_IDS = frozenset({"id", "article_id"})


def read_rows(file: IO[bytes], written: FileFormat, *, longest: int) -> Iterator[Row | BadRow]:
    """Reads from the start of a file, which stays open; a text may have `longest` characters.

    Raises FileInvalid for a CSV without a column `text`. Columns that are not ours are passed over.
    """
    file.seek(0)
    # Bytes that are not UTF-8 become lone surrogates, so that the row which has them can be named.
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        for line, found in _read_csv(lines) if written is FileFormat.CSV else _read_jsonl(lines):
            yield BadRow(line, found) if isinstance(found, str) else _check_row(line, found, longest=longest)
    finally:
        lines.detach()


def _read_csv(lines: TextIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """The line number of each record with its values, or with what is wrong with it."""
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.reader(lines, strict=True)
    header = _read_header(reader)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"not CSV: {error}"
            continue
        if len(values) not in {0, len(header)}:
            yield line, f"it has {len(values)} fields, the header {len(header)}"
        elif values:
            yield line, {name: value for name, value in zip(header, values, strict=True) if value}


def _read_header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise FileInvalid(f"line 1: not CSV: {error}") from None
    for name in _COLUMNS:
        if header.count(name) > 1:
            raise FileInvalid(f"line 1: there are several columns named '{name}'.")
    if "text" not in header:
        raise FileInvalid("line 1: a CSV file begins with the names of its columns, and one is 'text'.")
    return header


def _read_jsonl(lines: TextIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    for line, written in enumerate(lines, start=1):
        if not written.strip():
            continue
        try:
            found = json.loads(written)
        except (ValueError, RecursionError) as error:
            yield line, f"not JSON: {getattr(error, 'msg', 'nested too deeply')}"
            continue
        yield line, found if isinstance(found, dict) else "not a JSON object"


def _check_row(line: int, found: Mapping[str, Any], *, longest: int) -> Row | BadRow:
    values = {name: found[name] for name in _COLUMNS if found.get(name) is not None}
    try:
        for name, value in values.items():
            _check_value(name, value)
        check_text(values.get("text", ""), field="text", longest=longest)
    except TextInvalid as error:
        return BadRow(line, f"{error.field}: {error}")
    return Row(line=line, **values)


def _check_value(name: str, value: object) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and name in _IDS:
        return
    if not isinstance(value, str):
        raise TextInvalid("It is not a string.", field=name)
    if _NOT_UTF8.search(value):
        raise TextInvalid("It is not UTF-8.", field=name)
    refuse_controls(value, field=name)


class ArticleFile:
    """The articles that rows have told of, kept on disk, for the rows that give no more than the id."""

    def __init__(self) -> None:
        """The file is nameless, and gone when closed."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  see close
        self._places: dict[Identifier, int] = {}
        # Rows of one article stand near each other, and the same string is sent to a process only once.
        self._read = lru_cache(maxsize=256)(self._read_at)

    def close(self) -> None:
        """Gives the disk back."""
        self._file.close()

    def note(self, row: Row) -> None:
        """Keeps the row's article, if it is the first to tell of it."""
        if row.article_id is None or row.article_id in self._places or not (row.article_title or row.article_text):
            return
        self._places[row.article_id] = self._file.seek(0, io.SEEK_END)
        self._file.write(json.dumps([row.article_title, row.article_text]) + "\n")

    def complete(self, row: Row) -> Row:
        """The row with the article of its id, unless it has its own or none is known."""
        if row.article_title or row.article_text or row.article_id not in self._places:
            return row
        title, text = self._read(self._places[row.article_id])
        return replace(row, article_title=title, article_text=text)

    def _read_at(self, place: int) -> tuple[str, str]:
        self._file.seek(place)
        title, text = json.loads(self._file.readline())
        return title, text


class ResultFile:
    """Where the scores go, a line for each row."""

    def __init__(self, file: TextIO, written: FileFormat) -> None:
        """Writes the header, where the format has one."""
        self._file = file
        self._csv = csv.writer(file, lineterminator="\n") if written is FileFormat.CSV else None
        if self._csv:
            self._csv.writerow(RESULT_COLUMNS)

    def write(self, results: Iterable[Result]) -> None:
        """Writes a line for each; unknown is empty, in JSON null."""
        for result in results:
            scores = (_write_score(name, result.scores[name]) for name in SCORES)
            values = (result.id, *scores, result.model)
            if self._csv:
                self._csv.writerow(values)
            else:
                self._file.write(json.dumps(dict(zip(RESULT_COLUMNS, values, strict=True)), ensure_ascii=False) + "\n")


def _write_score(name: str, score: float | None) -> float | int | None:
    if score is None:
        return None
    return int(score) if name == "spam" else round(score, 6)
