"""Inserts that handle an existing row. SQLAlchemy has ON CONFLICT only in the dialects of SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row. Return False, changing nothing, if a row with the same primary or unique key exists."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    keys = list(table.primary_key.columns)
    statement = dialect.insert(table).on_conflict_do_nothing().returning(*keys)
    return connection.execute(statement, values).one_or_none() is not None


def upsert_row(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    """Insert a row. If a row with the same primary key exists, set only the columns in `values`."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    keys = [column.name for column in table.primary_key.columns]
    updates = {name: value for name, value in values.items() if name not in keys}
    connection.execute(dialect.insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=updates))
