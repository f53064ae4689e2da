"""Modes: an editor opens, pre-moderates or closes an article or a section, whatever mode the CMS has sent."""

from service.domain.errors import NotFound
from service.domain.policy.site_policy import Mode
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.articles import modes
from service.store.insights import audit_log

MODE_OF_CMS = "as in the CMS"
"""What the audit log has in place of a mode when an editor removes one."""


def set_article_mode(runtime: Runtime, caller: Caller, *, article_id: str, mode: Mode | None) -> None:
    """Set the mode of an article. None removes it: then its section's mode applies, or else the CMS's.

    Raises NotFound.
    """
    caller.require(Right.EDIT)
    with runtime.database.writing() as connection:
        if not modes.set_article_mode(connection, site=caller.site, article_id=article_id, mode=mode):
            raise NotFound("There is no article with this id.", field="id")
        new_mode = str(mode) if mode else MODE_OF_CMS
        audit_log.record(connection, caller, "article.mode", subject=article_id, now=runtime.clock(), to=new_mode)


def set_section_mode(runtime: Runtime, caller: Caller, *, section: str, mode: Mode | None) -> None:
    """Set the mode of a section. Articles with their own mode ignore it. None removes it: then the CMS's applies."""
    caller.require(Right.EDIT)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        modes.set_section_mode(connection, site=caller.site, section=section, mode=mode, by=caller.name, now=now)
        new_mode = str(mode) if mode else MODE_OF_CMS
        audit_log.record(connection, caller, "section.mode", subject=section, now=now, to=new_mode)


def read_editor_modes(
    runtime: Runtime, caller: Caller, *, article_id: str, section: str | None
) -> tuple[Mode | None, Mode | None]:
    """Return the modes that editors have set: for the article, and for its section. Each is None if none was set."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return (
            modes.read_article_mode(connection, site=caller.site, article_id=article_id),
            modes.read_section_mode(connection, site=caller.site, section=section) if section else None,
        )
