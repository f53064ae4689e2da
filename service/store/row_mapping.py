"""Mapping between rows and frozen dataclasses, whose fields have the names of the columns."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, insert


def row_as_dict(row: Any) -> dict[str, Any]:
    """Return a row as a dictionary by column name."""
    return dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public access to column names, despite the underscore


def row_without(row: Any, *names: str) -> dict[str, Any]:
    """Return a row as a dictionary, without the columns that its dataclass does not have."""
    return {name: value for name, value in row_as_dict(row).items() if name not in names}


def record_as_dict(record: Any) -> dict[str, Any]:
    """Return the fields of a record by column name, without the id, which the database assigns."""
    fields = {name: getattr(record, name) for name in record.__slots__ if name != "id"}
    # PostgreSQL's driver would write the name of an enum member instead of its value.
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in fields.items()}


def insert_record(connection: Connection, table: Table, record: Any, *, site: str) -> int:
    """Insert a record of a site and return the id that the database gave it."""
    values = {"site": site, **record_as_dict(record)}
    return int(connection.execute(insert(table).returning(table.c.id), values).scalar_one())
