"""Mapping between rows and frozen dataclasses. A field has the name of its column."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, insert


def row_as_dict(row: Any, **replaced: Any) -> dict[str, Any]:
    """Return a row as a dictionary by column name. `replaced` are values to use instead of those in the row."""
    return {**row._mapping, **replaced}  # noqa: SLF001  public in SQLAlchemy, despite the underscore


def row_without(row: Any, *names: str, **replaced: Any) -> dict[str, Any]:
    """Return the same dictionary without the columns `names`, which the dataclass does not have as fields."""
    return {name: value for name, value in row_as_dict(row, **replaced).items() if name not in names}


def record_as_dict(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by column name, without the id: the database assigns it."""
    fields = {name: getattr(record, name) for name in record.__slots__ if name != "id"}
    # PostgreSQL's driver would write the name of an enum member instead of its value.
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in fields.items()}


def insert_record(connection: Connection, table: Table, record: Any, *, site: str) -> int:
    """Insert a dataclass as a row of this site. Return the id that the database assigned."""
    values = {"site": site, **record_as_dict(record)}
    return int(connection.execute(insert(table).returning(table.c.id), values).scalar_one())
