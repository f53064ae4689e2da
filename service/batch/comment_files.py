"""Reading files of comments and writing files of scores, as CSV or JSON Lines, one row at a time."""

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
from service.domain.text_validation import check_no_control_characters, check_text

MAX_FIELD_CHARS = 10_000_000
"""Characters of a CSV field. The limit stops the reader where a quote is never closed."""

RESULT_COLUMNS = ("id", *SCORES, "model")
"""Columns of the result, in this order."""

# Python's error handler "surrogateescape" decodes bytes that are not UTF-8 to these lone surrogates.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")

Identifier: TypeAlias = str | int


class FileFormat(StrEnum):
    """Format of a file of rows."""

    CSV = "csv"
    JSONL = "jsonl"

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return the format for the extension of a file name, or None if it is unknown."""
        formats = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
        name = formats.get(path.suffix.lower())
        return cls(name) if name else None


class FileInvalid(Exception):
    """The whole file cannot be read, not just a row of it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be scored. `line` is the line of the file on which it starts, from 1."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A comment to score. `id` is returned unchanged with the scores. In JSON, it may be a number."""

    line: int
    text: str
    id: Identifier | None = None
    article_id: Identifier | None = None
    article_title: str = ""
    article_text: str = ""
    parent_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The scores of a row by name in SCORES. An unknown score is None. `model` is the version of the release."""

    id: Identifier | None
    scores: Mapping[str, float | None]
    model: str


_COLUMNS = tuple(field.name for field in fields(Row) if field.name != "line")
_IDS = frozenset({"id", "article_id"})


def read_rows(file: IO[bytes], file_format: FileFormat, *, max_chars: int) -> Iterator[Row | BadRow]:
    """Yield the rows of an open file, from its start. Columns that are not fields of Row are ignored.

    A row is bad if its text has more than `max_chars` characters, for example. Raises FileInvalid if the header of a
    CSV has no column `text` or a column twice.
    """
    file.seek(0)
    # Bytes that are not UTF-8 become lone surrogates, so that the error can name their row.
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        numbered_rows = _read_csv(lines) if file_format is FileFormat.CSV else _read_jsonl(lines)
        for line, row in numbered_rows:
            # A string is the problem of a row that cannot be read.
            yield BadRow(line, row) if isinstance(row, str) else _check_row(line, row, max_chars=max_chars)
    finally:
        # Otherwise the wrapper would close the caller's file.
        lines.detach()


def _read_csv(lines: TextIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Yield the line on which each record starts, and its values by column or the problem that it has."""
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
        # A blank line has no values and is skipped.
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
        raise FileInvalid("line 1: the header of a CSV file needs a column 'text'.")
    return header


def _read_jsonl(lines: TextIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    for line, record in enumerate(lines, start=1):
        if not record.strip():
            continue
        try:
            row = json.loads(record)
        except (ValueError, RecursionError) as error:
            yield line, f"not JSON: {getattr(error, 'msg', 'nested too deeply')}"
            continue
        yield line, row if isinstance(row, dict) else "not a JSON object"


def _check_row(line: int, row: Mapping[str, Any], *, max_chars: int) -> Row | BadRow:
    # A column without a value gets the default of its field.
    values = {name: row[name] for name in _COLUMNS if row.get(name) is not None}
    try:
        for name, value in values.items():
            _check_value(name, value)
        check_text(values.get("text", ""), field="text", max_chars=max_chars)
    except TextInvalid as error:
        return BadRow(line, f"{error.field}: {error}")
    return Row(line=line, **values)


def _check_value(name: str, value: object) -> None:
    # In Python, a bool is an int.
    if isinstance(value, int) and not isinstance(value, bool) and name in _IDS:
        return
    if not isinstance(value, str):
        raise TextInvalid("It is not a string.", field=name)
    if _NOT_UTF8.search(value):
        raise TextInvalid("It is not UTF-8.", field=name)
    check_no_control_characters(value, field=name)


class ArticleFile:
    """A temporary file of articles by id.

    In a file of comments, only one row of an article needs its title and text. `complete` copies them to the other rows
    with the same article id. They are stored on disk, because they may not fit into memory.
    """

    def __init__(self) -> None:
        """Open the file. It is deleted when it is closed."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  see close
        self._offsets: dict[Identifier, int] = {}  # the position of each article in the file
        # Rows of one article are close together. Returning the same string object lets joblib send it only once.
        self._read = lru_cache(maxsize=256)(self._read_at)

    def close(self) -> None:
        """Delete the file."""
        self._file.close()

    def add(self, row: Row) -> None:
        """Store the row's article, unless it is stored already, has no id, or has neither title nor text."""
        if row.article_id is None or row.article_id in self._offsets or not (row.article_title or row.article_text):
            return
        self._offsets[row.article_id] = self._file.seek(0, io.SEEK_END)
        self._file.write(json.dumps([row.article_title, row.article_text]) + "\n")

    def complete(self, row: Row) -> Row:
        """Return the row with the stored article of its article id. A row with its own article is unchanged."""
        if row.article_title or row.article_text or row.article_id not in self._offsets:
            return row
        title, text = self._read(self._offsets[row.article_id])
        return replace(row, article_title=title, article_text=text)

    def _read_at(self, offset: int) -> tuple[str, str]:
        self._file.seek(offset)
        title, text = json.loads(self._file.readline())
        return title, text


class ResultFile:
    """A file of scores, with one line per comment, as CSV or JSON Lines."""

    def __init__(self, file: TextIO, file_format: FileFormat) -> None:
        """Write the header of a CSV. JSON Lines has none."""
        self._file = file
        self._csv = csv.writer(file, lineterminator="\n") if file_format is FileFormat.CSV else None
        if self._csv:
            self._csv.writerow(RESULT_COLUMNS)

    def write(self, results: Iterable[Result]) -> None:
        """Write one line per result. An unknown score is an empty field in CSV and null in JSON."""
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
    # Spam is found by rules and has only the scores 0 and 1. The others are probabilities.
    return int(score) if name == "spam" else round(score, 6)
