"""Sites: setting up a tenant, and naming it."""

import re

from service.domain.errors import NotFound, SiteInvalid
from service.moderation.access.users import OPERATOR
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.access.sites import Site
from service.store.insights import audit_log

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2}")


def put_site(runtime: Runtime, *, site: str, name: str | None = None, language: str | None = None) -> Site:
    """The site with this id, made where it is not there yet and else given what is stated.

    Unless stated, a new site is called by its id and its short comments are taken for English. Raises SiteInvalid.
    """
    _check(site, name=name, language=language)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        before = sites.find_site(connection, site)
        after = Site(
            id=site,
            name=name or (before.name if before else site),
            language=language or (before.language if before else "en"),
            created_at=before.created_at if before else now,
        )
        if after == before:
            return after
        sites.put_site(connection, after)
        audit_log.record(
            connection,
            site=site,
            actor=OPERATOR,
            action="site.changed" if before else "site.opened",
            subject=site,
            details={"name": after.name, "language": after.language},
            now=now,
        )
    return after


def find_site(runtime: Runtime, *, site: str) -> Site:
    """The site with this id; raises NotFound."""
    with runtime.database.reading() as connection:
        known = sites.find_site(connection, site)
    if known is None:
        raise NotFound(f"There is no site '{site}'.", field="site")
    return known


def list_sites(runtime: Runtime) -> list[Site]:
    """All sites, by id."""
    with runtime.database.reading() as connection:
        return sites.list_sites(connection)


def _check(site: str, *, name: str | None, language: str | None) -> None:
    if not _ID.fullmatch(site):
        raise SiteInvalid("A site's id is up to 64 small letters, digits, - and _.", field="site")
    if name is not None and not name.strip():
        raise SiteInvalid("A site's name is not empty.", field="name")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise SiteInvalid("A language is two small letters, such as en.", field="language")
