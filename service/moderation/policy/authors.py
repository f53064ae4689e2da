"""Authors as a site sees them: their record, and whether they are trusted or suspended."""

from service.domain.errors import NotFound
from service.domain.policy.rules import Trust
from service.domain.rights import Caller, Right
from service.domain.text_validation import refuse_controls
from service.moderation.comments.context import stored_author_id
from service.moderation.runtime import Runtime
from service.store.comments import authors, comments
from service.store.comments.authors import AuthorRecord
from service.store.insights import audit_log


def read_author(runtime: Runtime, caller: Caller, *, author_id: str) -> AuthorRecord:
    """The record of an author, by the CMS's own id; raises NotFound."""
    if Right.COMMENTS not in caller.rights:
        caller.require(Right.MODERATE)
    kept = stored_author_id(runtime, site=caller.site, author_id=author_id)
    with runtime.database.reading() as connection:
        record = authors.read_author_record(connection, site=caller.site, author_id=kept)
    if record is None:
        raise NotFound("No comment by this author has been seen.", field="id")
    return record


def trust_author(runtime: Runtime, caller: Caller, *, author_id: str, trust: Trust, note: str = "") -> AuthorRecord:
    """Trusts, suspends or neither; also for an author not seen yet."""
    caller.require(Right.MODERATE)
    refuse_controls(note, field="note")
    kept = stored_author_id(runtime, site=caller.site, author_id=author_id)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        authors.see_author(connection, site=caller.site, author_id=kept, name=None, now=now)
        authors.set_trust(connection, site=caller.site, author_id=kept, trust=trust, note=note)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="author.trust",
            subject=kept,
            details={"trust": str(trust)},
            now=now,
        )
        record = authors.read_author_record(connection, site=caller.site, author_id=kept)
    assert record is not None
    return record


def trust_author_of(runtime: Runtime, caller: Caller, *, comment_id: str, trust: Trust, note: str = "") -> None:
    """An editor trusts, suspends or neither the author of a comment; raises NotFound where that is unknown."""
    caller.require(Right.EDIT)
    refuse_controls(note, field="note")
    now = runtime.clock()
    with runtime.database.writing() as connection:
        comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id)
        if comment is None or comment.author_id is None:
            raise NotFound("Who wrote this comment is not known here.", field="id")
        authors.set_trust(connection, site=caller.site, author_id=comment.author_id, trust=trust, note=note)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="author.trust",
            subject=comment.author_id,
            # Not at which comment: when that is erased, nothing is to say who wrote it.
            details={"trust": str(trust)},
            now=now,
        )
