"""Articles with their embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, and_, case, or_, select, update

from models.comment import Article, ArticleVectors
from service.domain.policy.policy import Mode
from service.store.row_mapping import row_as_dict
from service.store.tables import articles, section_modes
from service.store.upsert import upsert_row
from service.store.vectors import pack, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article of a site; `content` is what the models see.

    `mode` is in force. It differs from the `cms_mode` that the CMS has sent if an editor has set another mode for the
    article or its section.
    """

    site: str
    id: str
    content: Article
    url: str | None = None
    section: str | None = None
    mode: Mode = Mode.OPEN
    cms_mode: Mode = Mode.OPEN
    created_at: datetime
    updated_at: datetime


def put_article(connection: Connection, article: StoredArticle) -> None:
    """Add or replace an article with its embeddings."""
    upsert_row(
        connection,
        articles,
        {
            "site": article.site,
            "id": article.id,
            "url": article.url,
            "section": article.section,
            "mode": str(article.cms_mode),
            "created_at": article.created_at,
            "updated_at": article.updated_at,
            **_content_columns(article.content),
        },
    )


def fill_article(connection: Connection, known: StoredArticle, content: Article, *, now: datetime) -> bool:
    """Set the content of an article without text. Return False, changing nothing, if it has changed in the meantime."""
    is_unchanged = and_(
        articles.c.site == known.site,
        articles.c.id == known.id,
        articles.c.url == known.url,
        articles.c.title == known.content.title,
        articles.c.body == "",
    )
    statement = update(articles).where(is_unchanged).values(**_content_columns(content), updated_at=now)
    return connection.execute(statement).rowcount == 1


def find_article(connection: Connection, *, site: str, article_id: str) -> StoredArticle | None:
    """Return the article with this id."""
    of_section = and_(section_modes.c.site == articles.c.site, section_modes.c.section == articles.c.section)
    query = (
        select(articles, section_modes.c.mode.label("section_mode"))
        .outerjoin(section_modes, of_section)
        .where(articles.c.site == site, articles.c.id == article_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return StoredArticle(
        site=site,
        id=article_id,
        content=replace(Article(row.title, row.body), vectors=_vectors(row_as_dict(row))),
        url=row.url,
        section=row.section,
        # The editor's mode for the article comes first, then the one for the section, then that of the CMS.
        mode=Mode(row.editor_mode or row.section_mode or row.mode),
        cms_mode=Mode(row.mode),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def find_article_id(connection: Connection, *, site: str, page: str, addresses: Sequence[str]) -> str | None:
    """Return the id of the article with one of these addresses, or with the id `page`.

    If there are several, articles with a title or text come before those without, then the oldest.
    """
    is_match = or_(articles.c.url.in_(addresses), articles.c.id == page)
    has_content = case((or_(articles.c.title != "", articles.c.body != ""), 1), else_=0)
    query = select(articles.c.id).where(articles.c.site == site, is_match)
    return connection.execute(query.order_by(has_content.desc(), articles.c.created_at).limit(1)).scalar_one_or_none()


def _content_columns(content: Article) -> dict[str, object]:
    vectors = content.vectors
    return {
        "title": content.title,
        "body": content.text,
        "encoder": vectors.encoder if vectors else None,
        "title_vector": pack(vectors.title) if vectors else None,
        "passage_vectors": pack(vectors.passages) if vectors else None,
        "passage_spans": [list(span) for span in vectors.spans] if vectors else None,
    }


def _vectors(columns: dict[str, object]) -> ArticleVectors | None:
    encoder, packed, spans = columns["encoder"], columns["passage_vectors"], columns["passage_spans"]
    if not isinstance(encoder, str) or not isinstance(spans, list):
        return None
    title = columns["title_vector"]
    passages = unpack(packed if isinstance(packed, bytes) else b"")
    assert passages is not None
    return ArticleVectors(
        encoder=encoder,
        title=unpack(title) if isinstance(title, bytes) else None,
        passages=passages.reshape(len(spans), -1) if spans else np.zeros((0, 0), dtype=np.float32),
        spans=tuple((start, end) for start, end in spans),
    )
