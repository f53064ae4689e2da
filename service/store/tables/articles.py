"""Articles, the moderation modes that editors set, and requests to fetch article pages."""

from sqlalchemy import JSON, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, Text

from service.store.tables.columns import metadata, time_column

articles = Table(
    "articles",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("url", Text, nullable=True),
    Column("section", String(255), nullable=True),
    Column("mode", String(16), nullable=False),
    # A mode that an editor has set. It takes precedence over `mode`, which the CMS sends.
    Column("editor_mode", String(16), nullable=True),
    # Embeddings by `encoder`. `passage_vectors` has one row for each [start, end] in `passage_spans`.
    Column("encoder", String(64), nullable=True),
    Column("title_vector", LargeBinary, nullable=True),
    Column("passage_vectors", LargeBinary, nullable=True),
    Column("passage_spans", JSON, nullable=True),
    time_column("created_at"),
    time_column("updated_at"),
    Index(None, "site", "url"),
    Index(None, "site", "section"),
)

# Modes that editors have set for a whole section.
section_modes = Table(
    "section_modes",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("section", String(255), primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("set_by", Text, nullable=False),
    time_column("set_at"),
)

# Requests to fetch an article's text from its web page, finished ones included.
article_fetches = Table(
    "article_fetches",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("article_id", String(255), primary_key=True),
    Column("url", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The time of the next attempt; NULL if there will be none.
    time_column("due_at", nullable=True),
    time_column("fetched_at", nullable=True),
    ForeignKeyConstraint(["site", "article_id"], ["articles.site", "articles.id"]),
    Index(None, "due_at"),
)
