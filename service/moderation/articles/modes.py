"""Modes: an editor opens, pre-moderates or closes an article or a section from the desk, whatever the CMS says."""

from service.domain.errors import NotFound
from service.domain.policy.rules import Mode
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.articles import modes
from service.store.insights import audit_log


def set_article_mode(runtime: Runtime, caller: Caller, *, article_id: str, mode: Mode | None) -> None:
    """Sets how an article takes comments from now on; None leaves it to its section and the CMS. Raises NotFound."""
    caller.require(Right.EDIT)
    with runtime.database.writing() as connection:
        if not modes.set_article_mode(connection, site=caller.site, article_id=article_id, mode=mode):
            raise NotFound("There is no article with this id.", field="id")
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="article.mode",
            subject=article_id,
            details={"to": str(mode) if mode else "as the CMS says"},
            now=runtime.clock(),
        )


def set_section_mode(runtime: Runtime, caller: Caller, *, section: str, mode: Mode | None) -> None:
    """Sets how a section takes comments where nothing is set for the article; None leaves it to the CMS."""
    caller.require(Right.EDIT)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        modes.set_section_mode(connection, site=caller.site, section=section, mode=mode, by=caller.name, now=now)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="section.mode",
            subject=section,
            details={"to": str(mode) if mode else "as the CMS says"},
            now=now,
        )


def read_set_modes(
    runtime: Runtime, caller: Caller, *, article_id: str, section: str | None
) -> tuple[Mode | None, Mode | None]:
    """What an editor has set for the article, and for its section."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return (
            modes.read_article_mode(connection, site=caller.site, article_id=article_id),
            modes.read_section_mode(connection, site=caller.site, section=section) if section else None,
        )
