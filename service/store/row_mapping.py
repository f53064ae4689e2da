"""Records and rows: a frozen dataclass as what is inserted, and a row as what makes one. Its fields are the columns."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, insert

from service.store.tables import row_as_dict


def insert_record(connection: Connection, table: Table, record: Any, *, site: str) -> int:
    """Inserts a record of a site and answers the number that the database gave it."""
    values = {"site": site, **record_facts(record)}
    return int(connection.execute(insert(table).returning(table.c.id), values).scalar_one())


def record_facts(record: Any) -> dict[str, Any]:
    """A record's fields by column, without a number that is the database's to give."""
    facts = {name: getattr(record, name) for name in record.__slots__ if name != "id"}
    # PostgreSQL's driver would write a member's name instead of its value.
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in facts.items()}


def row_without(row: Any, *names: str) -> dict[str, Any]:
    """A row by column, without those that its record does not have."""
    return {name: value for name, value in row_as_dict(row).items() if name not in names}
