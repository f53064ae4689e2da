"""Sites: the tenants, each one publisher's comment section."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.store.tables import row_facts, sites
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One publisher's comment section; `language` is assumed for texts too short to tell."""

    id: str
    name: str
    language: str
    created_at: datetime


def add_site(connection: Connection, site: Site) -> bool:
    """Adds a site; False where its id is taken."""
    values = {"id": site.id, "name": site.name, "language": site.language, "created_at": site.created_at}
    return insert_new(connection, sites, values)


def find_site(connection: Connection, site: str) -> Site | None:
    """The site with this id."""
    row = connection.execute(select(sites).where(sites.c.id == site)).one_or_none()
    return Site(**row_facts(row)) if row else None


def list_sites(connection: Connection) -> list[Site]:
    """All sites, by id."""
    return [Site(**row_facts(row)) for row in connection.execute(select(sites).order_by(sites.c.id))]
