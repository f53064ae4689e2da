"""Modes: an editor opens, pre-moderates or closes an article or a section, whatever mode the CMS has sent."""

from service.domain.errors import NotFound
from service.domain.policy.policy import Mode
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.articles import modes
from service.store.insights import audit_log

NO_MODE = "as in the CMS"


def set_article_mode(runtime: Runtime, caller: Caller, *, article_id: str, mode: Mode | None) -> None:
    """Set the mode of an article; with None, the mode of its section or of the CMS applies. Raises NotFound."""
    caller.require(Right.EDIT)
    with runtime.database.writing() as connection:
        if not modes.set_article_mode(connection, site=caller.site, article_id=article_id, mode=mode):
            raise NotFound("There is no article with this id.", field="id")
        new_mode = str(mode) if mode else NO_MODE
        audit_log.record(connection, caller, "article.mode", subject=article_id, now=runtime.clock(), to=new_mode)


def set_section_mode(runtime: Runtime, caller: Caller, *, section: str, mode: Mode | None) -> None:
    """Set the mode of a section for articles without a mode of their own; with None, that of the CMS applies."""
    caller.require(Right.EDIT)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        modes.set_section_mode(connection, site=caller.site, section=section, mode=mode, by=caller.name, now=now)
        new_mode = str(mode) if mode else NO_MODE
        audit_log.record(connection, caller, "section.mode", subject=section, now=now, to=new_mode)


def read_set_modes(
    runtime: Runtime, caller: Caller, *, article_id: str, section: str | None
) -> tuple[Mode | None, Mode | None]:
    """Return the modes that editors have set for the article and for its section."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return (
            modes.read_article_mode(connection, site=caller.site, article_id=article_id),
            modes.read_section_mode(connection, site=caller.site, section=section) if section else None,
        )
