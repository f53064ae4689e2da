"""Sites, the tenants of the service. A site is one publisher's comment section."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.store.row_mapping import row_as_dict
from service.store.tables import sites
from service.store.upsert import upsert_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A publisher's comment section. `language` (`en`) is assumed for texts that are too short to detect theirs."""

    id: str
    name: str
    language: str
    created_at: datetime


def put_site(connection: Connection, site: Site) -> None:
    """Add a site, or change the one with its id."""
    upsert_row(connection, sites, asdict(site))


def find_site(connection: Connection, site: str) -> Site | None:
    """Return the site with this id."""
    row = connection.execute(select(sites).where(sites.c.id == site)).one_or_none()
    return Site(**row_as_dict(row)) if row else None


def list_sites(connection: Connection) -> list[Site]:
    """Return all sites, ordered by id."""
    return [Site(**row_as_dict(row)) for row in connection.execute(select(sites).order_by(sites.c.id))]
