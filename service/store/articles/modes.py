"""Moderation modes, such as open or closed, that editors have set for an article or a section of the site.

They take precedence over the mode that the CMS sends with an article.
"""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from service.domain.policy.site_policy import Mode
from service.store.tables import articles, section_modes
from service.store.upsert import upsert_row


def set_article_mode(connection: Connection, *, site: str, article_id: str, mode: Mode | None) -> bool:
    """Set the editor's mode of an article; None removes it. Return False if there is no such article."""
    is_article = and_(articles.c.site == site, articles.c.id == article_id)
    statement = update(articles).where(is_article).values(editor_mode=str(mode) if mode else None)
    return connection.execute(statement).rowcount == 1


def set_section_mode(
    connection: Connection, *, site: str, section: str, mode: Mode | None, by: str, now: datetime
) -> None:
    """Set the editor's mode of a section; None removes it."""
    if mode is None:
        is_section = and_(section_modes.c.site == site, section_modes.c.section == section)
        connection.execute(delete(section_modes).where(is_section))
    else:
        values = {"site": site, "section": section, "mode": str(mode), "set_by": by, "set_at": now}
        upsert_row(connection, section_modes, values)


def read_section_mode(connection: Connection, *, site: str, section: str | None) -> Mode | None:
    """Return the mode that an editor has set for a section, if any. An article without a section has none."""
    is_section = and_(section_modes.c.site == site, section_modes.c.section == section)
    mode = connection.execute(select(section_modes.c.mode).where(is_section)).scalar_one_or_none()
    return Mode(mode) if mode else None


def read_article_mode(connection: Connection, *, site: str, article_id: str) -> Mode | None:
    """Return the mode that an editor has set for an article itself, if any."""
    query = select(articles.c.editor_mode).where(articles.c.site == site, articles.c.id == article_id)
    mode = connection.execute(query).scalar_one_or_none()
    return Mode(mode) if mode else None
