"""Files of comments to score and files of scores, as CSV or JSON Lines, read and written row by row."""

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
"""Characters in one CSV field: an article may be long, but an unclosed quote must not swallow the file."""

RESULT_COLUMNS = ("id", *SCORES, "model")
"""Columns of the result, in this order."""

_NOT_UTF8 = re.compile("[\udc80-\udcff]")

Identifier: TypeAlias = str | int


class FileFormat(StrEnum):
    """Format of a file of rows."""

    CSV = "csv"
    JSONL = "jsonl"

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return the format that the file name's extension names, or None."""
        extensions = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
        return cls(extensions[path.suffix.lower()]) if path.suffix.lower() in extensions else None


class FileInvalid(Exception):
    """The file as a whole cannot be read, so none of its rows can be used."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be scored; `line` is the line on which it starts, counted from 1."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A comment to score. Its id is returned as it is in the file; in JSON it may be a number."""

    line: int
    text: str
    id: Identifier | None = None
    article_id: Identifier | None = None
    article_title: str = ""
    article_text: str = ""
    parent_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The scores of a row: one for every name in SCORES, None if unknown."""

    id: Identifier | None
    scores: Mapping[str, float | None]
    model: str


_COLUMNS = tuple(field.name for field in fields(Row) if field.name != "line")
_IDS = frozenset({"id", "article_id"})


def read_rows(file: IO[bytes], file_format: FileFormat, *, max_chars: int) -> Iterator[Row | BadRow]:
    """Read an open file from its start; a text may have up to `max_chars` characters.

    Other columns are ignored. Raises FileInvalid for a CSV without a column `text`.
    """
    file.seek(0)
    # Bytes that are not UTF-8 become lone surrogates, so that the error can name their row.
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        for line, row in _read_csv(lines) if file_format is FileFormat.CSV else _read_jsonl(lines):
            yield BadRow(line, row) if isinstance(row, str) else _check_row(line, row, max_chars=max_chars)
    finally:
        lines.detach()


def _read_csv(lines: TextIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Yield the line number of each record with its values, or with what is wrong with it."""
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
    values = {name: row[name] for name in _COLUMNS if row.get(name) is not None}
    try:
        for name, value in values.items():
            _check_value(name, value)
        check_text(values.get("text", ""), field="text", max_chars=max_chars)
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
    check_no_control_characters(value, field=name)


class ArticleFile:
    """Articles given by some rows, stored on disk for the rows that have only the article's id."""

    def __init__(self) -> None:
        """Open a temporary file without a name, which is deleted when it is closed."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  see close
        self._offsets: dict[Identifier, int] = {}
        # Rows of one article are close together. Returning the same string object lets joblib send it only once.
        self._read = lru_cache(maxsize=256)(self._read_at)

    def close(self) -> None:
        """Delete the file."""
        self._file.close()

    def add(self, row: Row) -> None:
        """Store the row's article if no earlier row had it."""
        if row.article_id is None or row.article_id in self._offsets or not (row.article_title or row.article_text):
            return
        self._offsets[row.article_id] = self._file.seek(0, io.SEEK_END)
        self._file.write(json.dumps([row.article_title, row.article_text]) + "\n")

    def complete(self, row: Row) -> Row:
        """Return the row with the article of its id, unless it has its own or none is stored."""
        if row.article_title or row.article_text or row.article_id not in self._offsets:
            return row
        title, text = self._read(self._offsets[row.article_id])
        return replace(row, article_title=title, article_text=text)

    def _read_at(self, offset: int) -> tuple[str, str]:
        self._file.seek(offset)
        title, text = json.loads(self._file.readline())
        return title, text


class ResultFile:
    """The file of scores, one line per row."""

    def __init__(self, file: TextIO, file_format: FileFormat) -> None:
        """Write the header, if the format has one."""
        self._file = file
        self._csv = csv.writer(file, lineterminator="\n") if file_format is FileFormat.CSV else None
        if self._csv:
            self._csv.writerow(RESULT_COLUMNS)

    def write(self, results: Iterable[Result]) -> None:
        """Write one line per result; an unknown score is empty, in JSON null."""
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
