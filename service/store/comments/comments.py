"""Comments and their revisions: what readers wrote, and the state it is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from models.comment import Passage, Vector
from service.store.tables import articles, comments, revisions, row_as_dict
from service.store.upsert import insert_new
from service.store.vectors import pack, unpack


class State(StrEnum):
    """Where a comment stands: the verdict's word where there is one, the machine's otherwise."""

    APPROVED = "approved"
    HELD = "held"
    REJECTED = "rejected"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredComment:
    """A comment without its text, which is in its revisions."""

    site: str
    id: str
    article_id: str
    parent_id: str | None
    author_id: str | None
    revision: int
    state: State
    content_hash: str
    awaits_article: bool
    posted_at: datetime
    received_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One wording of a comment, with its embedding by the encoder named."""

    revision: int
    text: str
    received_at: datetime
    encoder: str | None = None
    vector: Vector | None = None


def insert_comment(connection: Connection, comment: StoredComment) -> bool:
    """Adds the comment; False where its id is taken."""
    values = {name: getattr(comment, name) for name in comment.__slots__}
    return insert_new(connection, comments, {**values, "state": str(comment.state)})


def insert_revision(connection: Connection, *, site: str, comment_id: str, revision: Revision) -> None:
    """Adds a wording."""
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
    """The comment with this id; `lock` keeps other writers off it until the transaction ends."""
    query = select(comments).where(_is(site, comment_id))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return StoredComment(**{**row_as_dict(row), "state": State(row.state)}) if row else None


def update_comment(connection: Connection, *, site: str, comment_id: str, **changes: object) -> None:
    """Changes columns of a comment."""
    connection.execute(update(comments).where(_is(site, comment_id)).values(**changes))


def set_state(connection: Connection, *, site: str, comment_id: str, state: State) -> None:
    """Moves a comment to another state."""
    update_comment(connection, site=site, comment_id=comment_id, state=str(state))


def list_revisions(connection: Connection, *, site: str, comment_id: str) -> list[Revision]:
    """All wordings, oldest first."""
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


def read_passage(connection: Connection, *, site: str, comment_id: str, encoder: str) -> Passage | None:
    """A comment's current text as context for another, with its embedding where `encoder` made it."""
    query = _passages().where(_is(site, comment_id), comments.c.erased_at.is_(None))
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
    """The newest `limit` comments under the article that stand and were posted before this time, oldest first."""
    query = (
        _passages()
        .where(
            comments.c.site == site,
            comments.c.article_id == article_id,
            comments.c.posted_at < before,
            comments.c.state == State.APPROVED,
            comments.c.id.not_in(leave_out),
        )
        .order_by(comments.c.posted_at.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return tuple(_passage(row.text, row.encoder, row.vector, encoder) for row in reversed(rows))


def count_neighbours(connection: Connection, *, site: str, article_id: str, most: int) -> int:
    """How many comments an article has, counted no further than `most`."""
    some = select(comments.c.id).where(comments.c.site == site, comments.c.article_id == article_id).limit(most)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def list_awaiting(
    connection: Connection, *, site: str | None, article_id: str | None, limit: int
) -> list[StoredComment]:
    """Comments scored without an article that has arrived since; of one article, or of any."""
    arrived = and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id)
    # An article that only has an address, so far, changes no score.
    has_words = or_(articles.c.title != "", articles.c.body != "")
    query = select(comments).join(articles, and_(arrived, has_words))
    query = query.where(comments.c.awaits_article, comments.c.erased_at.is_(None))
    if site is not None and article_id is not None:
        query = query.where(comments.c.site == site, comments.c.article_id == article_id)
    rows = connection.execute(query.order_by(comments.c.received_at).limit(limit))
    return [StoredComment(**{**row_as_dict(row), "state": State(row.state)}) for row in rows]


def _is(site: str, comment_id: str) -> ColumnElement[bool]:
    return and_(comments.c.site == site, comments.c.id == comment_id)


def _passages() -> Select[tuple[str, str | None, bytes | None]]:
    current = and_(
        revisions.c.site == comments.c.site,
        revisions.c.comment_id == comments.c.id,
        revisions.c.revision == comments.c.revision,
    )
    return select(revisions.c.text, revisions.c.encoder, revisions.c.vector).join(comments, current)


def _passage(text: str, made_by: str | None, packed: bytes | None, encoder: str) -> Passage:
    return Passage(text, unpack(packed) if made_by == encoder else None)
