"""Join conditions that many queries share, as in `.join(comments, comment_of(verdicts))`."""

from sqlalchemy import ColumnElement, Table, and_

from service.store.tables import articles, authors, comments, revisions


def current_revision() -> ColumnElement[bool]:
    """Return the condition that joins `revisions` to `comments`: the current text of a comment."""
    return and_(
        revisions.c.site == comments.c.site,
        revisions.c.comment_id == comments.c.id,
        revisions.c.revision == comments.c.revision,
    )


def revision_of(table: Table) -> ColumnElement[bool]:
    """Return the condition that joins `revisions` to a table such as `verdicts`: the text that a row is about."""
    return and_(
        revisions.c.site == table.c.site,
        revisions.c.comment_id == table.c.comment_id,
        revisions.c.revision == table.c.revision,
    )


def comment_of(table: Table) -> ColumnElement[bool]:
    """Return the condition that joins `comments` to a table with a `comment_id`."""
    return and_(comments.c.site == table.c.site, comments.c.id == table.c.comment_id)


def article_of(table: Table) -> ColumnElement[bool]:
    """Return the condition that joins `articles` to a table with an `article_id`, such as `comments`."""
    return and_(articles.c.site == table.c.site, articles.c.id == table.c.article_id)


def author_of(table: Table) -> ColumnElement[bool]:
    """Return the condition that joins `authors` to a table with an `author_id`, such as `comments`."""
    return and_(authors.c.site == table.c.site, authors.c.id == table.c.author_id)
