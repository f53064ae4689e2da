"""Site models: models that a site has trained on its own verdicts, which one is live, and how each was evaluated."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from service.store.row_mapping import insert_record, row_without
from service.store.tables import site_models


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSiteModel:
    """One fitted site model.

    `base` is the release of the base models that it was trained on top of. `state` is `candidate`, `refused`, `live`,
    `retired` or `discarded`. `gate_report` is the comparison with the live model that decides whether it goes live.
    """

    version: str
    base: str
    state: str
    gate_report: dict[str, Any]
    created_at: datetime
    promoted_at: datetime | None = None


def add_site_model(connection: Connection, *, site: str, model: StoredSiteModel) -> None:
    """Add a site model."""
    insert_record(connection, site_models, model, site=site)


def promote_site_model(connection: Connection, *, site: str, version: str, now: datetime) -> None:
    """Make a site model live and retire the one that is live now."""
    of_site = site_models.c.site == site
    connection.execute(update(site_models).where(of_site, site_models.c.state == "live").values(state="retired"))
    connection.execute(
        update(site_models).where(of_site, site_models.c.version == version).values(state="live", promoted_at=now)
    )


def discard_live_model(connection: Connection, *, site: str) -> None:
    """Discard the live site model. The site then uses only the base models."""
    is_live = (site_models.c.site == site) & (site_models.c.state == "live")
    connection.execute(update(site_models).where(is_live).values(state="discarded"))


def restore_site_model(connection: Connection, *, site: str, version: str) -> None:
    """Make an earlier site model live again. `promoted_at` stays the time of its first promotion."""
    is_model = (site_models.c.site == site) & (site_models.c.version == version)
    connection.execute(update(site_models).where(is_model).values(state="live"))


def live_version(connection: Connection, *, site: str) -> str | None:
    """Return the version of the site's live model, if it has one."""
    query = select(site_models.c.version).where(site_models.c.site == site, site_models.c.state == "live")
    version: str | None = connection.execute(query).scalar_one_or_none()
    return version


def list_site_models(connection: Connection, *, site: str) -> list[StoredSiteModel]:
    """Return all models of a site, newest first."""
    query = select(site_models).where(site_models.c.site == site).order_by(site_models.c.id.desc())
    return [StoredSiteModel(**row_without(row, "id", "site")) for row in connection.execute(query)]
