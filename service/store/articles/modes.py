"""Modes that editors have set: of one article, or of a whole section, over what the CMS says."""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from service.domain.policy.rules import Mode
from service.store.tables import articles, section_modes
from service.store.upsert import put_row


def set_article_mode(connection: Connection, *, site: str, article_id: str, mode: Mode | None) -> bool:
    """Sets an article's mode, or leaves it to section and CMS again; False where there is no such article."""
    here = and_(articles.c.site == site, articles.c.id == article_id)
    statement = update(articles).where(here).values(editor_mode=str(mode) if mode else None)
    return connection.execute(statement).rowcount == 1


def set_section_mode(
    connection: Connection, *, site: str, section: str, mode: Mode | None, by: str, now: datetime
) -> None:
    """Sets a section's mode, or leaves it to the CMS again."""
    if mode is None:
        here = and_(section_modes.c.site == site, section_modes.c.section == section)
        connection.execute(delete(section_modes).where(here))
    else:
        values = {"site": site, "section": section, "mode": str(mode), "set_by": by, "set_at": now}
        put_row(connection, section_modes, values)


def read_section_mode(connection: Connection, *, site: str, section: str | None) -> Mode | None:
    """What an editor has set for a section."""
    here = and_(section_modes.c.site == site, section_modes.c.section == section)
    found = connection.execute(select(section_modes.c.mode).where(here)).scalar_one_or_none()
    return Mode(found) if found else None


def read_article_mode(connection: Connection, *, site: str, article_id: str) -> Mode | None:
    """What an editor has set for an article."""
    query = select(articles.c.editor_mode).where(articles.c.site == site, articles.c.id == article_id)
    found = connection.execute(query).scalar_one_or_none()
    return Mode(found) if found else None
