"""Numbers that are given once: SQLite no longer gives that of a deleted row again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("strokes", "escalations", "verdicts", "deliveries", "second_reviews")
"""Those whose rows are deleted while a page, a worker or another row holds on to their number."""

AGAIN, ONCE = "PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"


def upgrade() -> None:
    _make_anew(AGAIN, ONCE)


def downgrade() -> None:
    _make_anew(ONCE, AGAIN)


def _make_anew(old: str, new: str) -> None:
    """Copies each table into one that is made by the same statement, all but its key; others' keys go by its name.

    Not by reflection, which leaves out constraints or names, depending on the version of what reflects.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one():
        raise RuntimeError("With a table, SQLite would delete the rows that belong to its rows.")
    for table in TABLES:
        query = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL ORDER BY type DESC")
        made, *indexes = connection.execute(query, {"table": table}).scalars()
        before, after = made[made.index("(") :].split(old)
        for statement in (
            f"CREATE TABLE made_anew {before}{new}{after}",
            f"INSERT INTO made_anew SELECT * FROM {table}",  # noqa: S608  our own names
            f"DROP TABLE {table}",
            f"ALTER TABLE made_anew RENAME TO {table}",
            *indexes,
        ):
            connection.exec_driver_sql(statement)
