"""Articles with their embeddings, from which the relevance of comments is computed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, and_, case, or_, select, update

from models.comment import Article, ArticleVectors
from service.domain.policy.site_policy import Mode
from service.store.row_mapping import row_as_dict
from service.store.tables import articles, section_modes
from service.store.upsert import upsert_row
from service.store.vectors import pack, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article of a site. `content` is its title and text with their embeddings.

    `cms_mode` is the moderation mode that the CMS has sent. `mode` is the mode in force: the one that an editor has set
    for the article or its section, or else `cms_mode`.
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


def fill_article(connection: Connection, article: StoredArticle, content: Article, *, now: datetime) -> bool:
    """Set the content of an article that has no text. Return False if the stored article differs from `article`."""
    is_unchanged = and_(
        articles.c.site == article.site,
        articles.c.id == article.id,
        articles.c.url == article.url,
        articles.c.title == article.content.title,
        articles.c.body == "",
    )
    statement = update(articles).where(is_unchanged).values(**_content_columns(content), updated_at=now)
    return connection.execute(statement).rowcount == 1


def find_article(connection: Connection, *, site: str, article_id: str) -> StoredArticle | None:
    """Return the article with this id and the mode in force for it."""
    is_section_of_article = and_(section_modes.c.site == articles.c.site, section_modes.c.section == articles.c.section)
    query = (
        select(articles, section_modes.c.mode.label("section_mode"))
        .outerjoin(section_modes, is_section_of_article)
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
    """Return the id of the article that has one of the URLs `addresses` or the id `page` (made from its address).

    Of several matches, an article with a title or text is preferred to one without, then the oldest one.
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
    # All three columns are NULL together if the article has no embeddings. `isinstance` also tells mypy their types.
    if not isinstance(encoder, str) or not isinstance(spans, list):
        return None
    title = columns["title_vector"]
    passages = unpack(packed if isinstance(packed, bytes) else b"")
    assert passages is not None
    return ArticleVectors(
        encoder=encoder,
        title=unpack(title) if isinstance(title, bytes) else None,
        # The bytes have no shape: there is one row of the matrix per span, a passage's start and end in the text.
        passages=passages.reshape(len(spans), -1) if spans else np.zeros((0, 0), dtype=np.float32),
        spans=tuple((start, end) for start, end in spans),
    )
