"""House rules: the newest words of each guideline, as the review page shows them beside a reason."""

from sqlalchemy import Connection, func, select

from service.store.tables import guidelines


def read_house_rules(connection: Connection, *, site: str) -> dict[str, str]:
    """What each reason means on this site, by reason; reasons without words are left out."""
    newest = select(func.max(guidelines.c.id)).where(guidelines.c.site == site).group_by(guidelines.c.reason)
    query = select(guidelines.c.reason, guidelines.c.words).where(guidelines.c.id.in_(newest))
    return {row.reason: row.words for row in connection.execute(query) if row.words.strip()}
