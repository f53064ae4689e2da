"""Columns that many tables share, and the metadata that all tables belong to."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC with its zone, on databases that do not store one (SQLite), too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raise ValueError for a time without a zone, which would be an unknown local time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 fixed
        """Return the time with the zone UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows only if the column is declared INTEGER. It reuses the highest id once that row is deleted, which
# PostgreSQL never does. Tables whose ids are kept elsewhere, on a page or in a job, have `sqlite_autoincrement`.
Number = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[int]:
    """Return a primary key that the database numbers."""
    return Column("id", Number, primary_key=True, autoincrement=True)


def site_column() -> Column[str]:
    """Return the column for the site that a row belongs to."""
    return Column("site", String(64), ForeignKey("sites.id"), nullable=False)


def time_column(name: str, *, nullable: bool = False) -> Column[datetime]:
    """Return a column for a time in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)


def comment_key() -> ForeignKeyConstraint:
    """Return the foreign key of a table with rows about a comment."""
    return ForeignKeyConstraint(["site", "comment_id"], ["comments.site", "comments.id"])
