"""Sites: setting up a tenant."""

from service.domain.errors import NotFound
from service.moderation.desk import Desk
from service.store import audit, sites
from service.store.sites import Site


def open_site(desk: Desk, *, site: str, name: str, language: str = "en") -> Site:
    """The site with this id, made where it is not there yet."""
    now = desk.clock()
    with desk.database.writing() as connection:
        opened = Site(id=site, name=name, language=language, created_at=now)
        if sites.add_site(connection, opened):
            audit.record(connection, site=site, actor="operator", action="site.opened", subject=site, facts={}, now=now)
            return opened
        known = sites.find_site(connection, site)
    assert known is not None
    return known


def find_site(desk: Desk, *, site: str) -> Site:
    """The site with this id; raises NotFound."""
    with desk.database.reading() as connection:
        known = sites.find_site(connection, site)
    if known is None:
        raise NotFound(f"There is no site '{site}'.", field="site")
    return known
