"""Sites: opening and changing them."""

import re

from service.domain.errors import NotFound, SiteInvalid
from service.moderation.access.users import operator_of
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.access.sites import Site
from service.store.insights import audit_log

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2}")


def put_site(runtime: Runtime, *, site: str, name: str | None = None, language: str | None = None) -> Site:
    """Open the site with this id, or change the name and language of an existing one. Return the site.

    By default, a new site has its id as its name, and English as its language. Raises SiteInvalid.
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
        action = "site.changed" if before else "site.created"
        audit_log.record(
            connection, operator_of(site), action, subject=site, now=now, name=after.name, language=after.language
        )
    return after


def find_site(runtime: Runtime, *, site: str) -> Site:
    """Return the site with this id. Raises NotFound."""
    with runtime.database.reading() as connection:
        known = sites.find_site(connection, site)
    if known is None:
        raise NotFound(f"There is no site '{site}'.", field="site")
    return known


def list_sites(runtime: Runtime) -> list[Site]:
    """Return all sites, ordered by id."""
    with runtime.database.reading() as connection:
        return sites.list_sites(connection)


def _check(site: str, *, name: str | None, language: str | None) -> None:
    if not _ID.fullmatch(site):
        raise SiteInvalid("A site's id has up to 64 lowercase letters, digits, - and _.", field="site")
    if name is not None and not name.strip():
        raise SiteInvalid("A site's name must not be empty.", field="name")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise SiteInvalid("A language is two lowercase letters, such as en.", field="language")
