"""Types and columns that many tables share, and the `MetaData` that all tables belong to."""

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
    """A column type for times in UTC. Python always sees them with a zone, which SQLite cannot store."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a time to UTC. Raises ValueError if it has no zone, because its offset from UTC is unknown."""
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


# Names of indexes and constraints are fixed, because migrations refer to them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite assigns ids only to a column that is declared INTEGER. It reuses the highest id once that row is deleted, which
# PostgreSQL never does. Tables whose ids are also kept elsewhere (on a page or in a job) set `sqlite_autoincrement`.
Number = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[int]:
    """Return a primary key whose values the database assigns."""
    return Column("id", Number, primary_key=True, autoincrement=True)


def site_column() -> Column[str]:
    """Return the column for the site that a row belongs to."""
    return Column("site", String(64), ForeignKey("sites.id"), nullable=False)


def time_column(name: str, *, nullable: bool = False) -> Column[datetime]:
    """Return a column for a time in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)


def comment_key() -> ForeignKeyConstraint:
    """Return a foreign key from the columns `site` and `comment_id` to a comment."""
    return ForeignKeyConstraint(["site", "comment_id"], ["comments.site", "comments.id"])
