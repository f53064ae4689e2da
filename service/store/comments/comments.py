"""Comments and their revisions. A revision is one version of a comment's text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from models.comment import Passage, Vector
from service.domain.errors import CommentErased, NotFound
from service.domain.identifiers import NO_SUCH_COMMENT
from service.domain.states import CommentState
from service.store.joins import article_of, current_revision
from service.store.row_mapping import row_as_dict
from service.store.tables import articles, comments, revisions
from service.store.upsert import insert_new
from service.store.vectors import pack, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredComment:
    """A comment without its text, which is in its revisions.

    `revision` is the number of the current one. With `awaits_article`, the comment was scored before its article
    arrived.
    """

    site: str
    id: str
    article_id: str
    parent_id: str | None
    author_id: str | None
    revision: int
    state: CommentState
    content_hash: str
    awaits_article: bool
    posted_at: datetime
    received_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a comment's text. `vector` is its embedding by the encoder with the version `encoder`."""

    revision: int
    text: str
    received_at: datetime
    encoder: str | None = None
    vector: Vector | None = None


def insert_comment(connection: Connection, comment: StoredComment) -> bool:
    """Add a comment. Return False if its id is taken."""
    values = {name: getattr(comment, name) for name in comment.__slots__}
    return insert_new(connection, comments, {**values, "state": str(comment.state)})


def insert_revision(connection: Connection, *, site: str, comment_id: str, revision: Revision) -> None:
    """Add a revision."""
    values = {
        "site": site,
        "comment_id": comment_id,
        "revision": revision.revision,
        "text": revision.text,
        "received_at": revision.received_at,
        "encoder": revision.encoder,
        "vector": pack(revision.vector),
    }
    connection.execute(insert(revisions), values)


def find_comment(connection: Connection, *, site: str, comment_id: str, lock: bool = False) -> StoredComment | None:
    """Return the comment with this id. With `lock`, other transactions cannot change it until this one ends."""
    query = select(comments).where(_is_comment(site, comment_id))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _comment(row) if row else None


def require_comment(
    connection: Connection, *, site: str, comment_id: str, lock: bool = False, allow_erased: bool = False
) -> StoredComment:
    """Return the comment. Raises NotFound, or CommentErased for an erased one unless `allow_erased` is set."""
    comment = find_comment(connection, site=site, comment_id=comment_id, lock=lock)
    if comment is None:
        raise NotFound(NO_SUCH_COMMENT, field="id")
    if comment.state is CommentState.ERASED and not allow_erased:
        raise CommentErased(field="id")
    return comment


def update_comment(connection: Connection, *, site: str, comment_id: str, **columns: object) -> None:
    """Set columns of a comment. `columns` are the new values by column name."""
    connection.execute(update(comments).where(_is_comment(site, comment_id)).values(**columns))


def set_state(connection: Connection, *, site: str, comment_id: str, state: CommentState) -> None:
    """Change a comment's state."""
    update_comment(connection, site=site, comment_id=comment_id, state=str(state))


def list_revisions(connection: Connection, *, site: str, comment_id: str) -> list[Revision]:
    """Return all revisions of a comment, oldest first."""
    query = (
        select(revisions)
        .where(revisions.c.site == site, revisions.c.comment_id == comment_id)
        .order_by(revisions.c.revision)
    )
    return [
        Revision(
            revision=row.revision,
            text=row.text,
            received_at=row.received_at,
            encoder=row.encoder,
            vector=unpack(row.vector),
        )
        for row in connection.execute(query)
    ]


def read_text(connection: Connection, *, site: str, comment_id: str) -> str:
    """Return the current text of a stored comment."""
    query = select(revisions.c.text).where(revisions.c.site == site, revisions.c.comment_id == comment_id)
    newest = query.order_by(revisions.c.revision.desc()).limit(1)
    return str(connection.execute(newest).scalar_one())


def read_passage(connection: Connection, *, site: str, comment_id: str, encoder: str) -> Passage | None:
    """Return a comment's current text, to score a reply to it. None if the comment is unknown or erased.

    The stored embedding is included only if `encoder`, the version of the current encoder, has computed it.
    """
    query = _select_passages().where(_is_comment(site, comment_id), comments.c.erased_at.is_(None))
    row = connection.execute(query).one_or_none()
    return _passage(row.text, row.encoder, row.vector, encoder) if row else None


def read_thread(
    connection: Connection,
    *,
    site: str,
    article_id: str,
    before: datetime,
    leave_out: Sequence[str],
    encoder: str,
    limit: int,
) -> tuple[Passage, ...]:
    """Return the `limit` newest approved comments on an article that were posted before a time, oldest first.

    `leave_out` are ids of comments to skip. For `encoder`, see `read_passage`.
    """
    query = (
        _select_passages()
        .where(
            comments.c.site == site,
            comments.c.article_id == article_id,
            comments.c.posted_at < before,
            comments.c.state == CommentState.APPROVED,
            comments.c.id.not_in(leave_out),
        )
        .order_by(comments.c.posted_at.desc())
        .limit(limit)
    )
    # The query needs the newest first for its limit. The models expect them in order of time.
    rows = connection.execute(query).all()
    return tuple(_passage(row.text, row.encoder, row.vector, encoder) for row in reversed(rows))


def count_article_comments(connection: Connection, *, site: str, article_id: str, limit: int) -> int:
    """Count the comments on an article. Counting stops at `limit`, so that a long thread takes no longer."""
    on_article = select(comments.c.id).where(comments.c.site == site, comments.c.article_id == article_id)
    within_limit = on_article.limit(limit).subquery()
    return int(connection.execute(select(func.count()).select_from(within_limit)).scalar_one())


def list_awaiting(
    connection: Connection, *, site: str | None, article_id: str | None, limit: int
) -> list[StoredComment]:
    """Return comments that were scored before their article arrived, on one article or, with None, on all."""
    # Scores change only if the article has content, not just an address.
    has_content = or_(articles.c.title != "", articles.c.body != "")
    query = select(comments).join(articles, and_(article_of(comments), has_content))
    query = query.where(comments.c.awaits_article, comments.c.erased_at.is_(None))
    if site is not None and article_id is not None:
        query = query.where(comments.c.site == site, comments.c.article_id == article_id)
    rows = connection.execute(query.order_by(comments.c.received_at).limit(limit))
    return [_comment(row) for row in rows]


def _is_comment(site: str, comment_id: str) -> ColumnElement[bool]:
    return and_(comments.c.site == site, comments.c.id == comment_id)


def _comment(row: Any) -> StoredComment:
    return StoredComment(**row_as_dict(row, state=CommentState(row.state)))


def _select_passages() -> Select[tuple[str, str | None, bytes | None]]:
    return select(revisions.c.text, revisions.c.encoder, revisions.c.vector).join(comments, current_revision())


def _passage(text: str, vector_encoder: str | None, vector: bytes | None, encoder: str) -> Passage:
    # Vectors of two encoders cannot be compared.
    return Passage(text, unpack(vector) if vector_encoder == encoder else None)
