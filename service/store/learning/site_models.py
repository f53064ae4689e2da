"""A site's own releases: which there are, which is live, and how each fared at the gate."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from service.store.row_mapping import insert_record, row_without
from service.store.tables import site_models


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSiteModel:
    """One fitted site model; `gate_report` holds the comparison that the gate looked at."""

    version: str
    base: str
    state: str
    gate_report: dict[str, Any]
    created_at: datetime
    promoted_at: datetime | None = None


def add_release(connection: Connection, *, site: str, release: StoredSiteModel) -> None:
    """Adds a release in the state that it has."""
    insert_record(connection, site_models, release, site=site)


def promote_release(connection: Connection, *, site: str, version: str, now: datetime) -> None:
    """Makes one release live and retires the one that was."""
    own = site_models.c.site == site
    connection.execute(update(site_models).where(own, site_models.c.state == "live").values(state="retired"))
    connection.execute(
        update(site_models).where(own, site_models.c.version == version).values(state="live", promoted_at=now)
    )


def discard_live(connection: Connection, *, site: str) -> None:
    """Takes the live release back for good, which leaves the site with the base alone."""
    live = (site_models.c.site == site) & (site_models.c.state == "live")
    connection.execute(update(site_models).where(live).values(state="discarded"))


def restore_release(connection: Connection, *, site: str, version: str) -> None:
    """Makes an earlier release live again; when it was first promoted stays known."""
    this = (site_models.c.site == site) & (site_models.c.version == version)
    connection.execute(update(site_models).where(this).values(state="live"))


def live_version(connection: Connection, *, site: str) -> str | None:
    """The version of the site's live model, if it has one."""
    query = select(site_models.c.version).where(site_models.c.site == site, site_models.c.state == "live")
    version: str | None = connection.execute(query).scalar_one_or_none()
    return version


def list_releases(connection: Connection, *, site: str) -> list[StoredSiteModel]:
    """All releases of a site, newest first."""
    query = select(site_models).where(site_models.c.site == site).order_by(site_models.c.id.desc())
    return [StoredSiteModel(**row_without(row, "id", "site")) for row in connection.execute(query)]
