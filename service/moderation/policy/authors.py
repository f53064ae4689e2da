"""Authors of a site: how their comments were decided, and whether they are trusted or suspended."""

from service.domain.errors import NotFound
from service.domain.policy.site_policy import Trust
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_no_control_characters
from service.moderation.comments.author_ids import stored_author_id
from service.moderation.runtime import Runtime
from service.store.comments import authors, comments
from service.store.comments.authors import AuthorRecord
from service.store.insights import audit_log


def read_author(runtime: Runtime, caller: Caller, *, author_id: str) -> AuthorRecord:
    """Return the record of an author, by the id in the CMS. Raises NotFound."""
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    stored_id = stored_author_id(runtime, site=caller.site, author_id=author_id)
    with runtime.database.reading() as connection:
        record = authors.read_author_record(connection, site=caller.site, author_id=stored_id)
    if record is None:
        raise NotFound("No comment by this author has been seen.", field="id")
    return record


def trust_author(runtime: Runtime, caller: Caller, *, author_id: str, trust: Trust, note: str = "") -> AuthorRecord:
    """Set whether an author is trusted, suspended or neither, even before their first comment."""
    caller.require(Right.MODERATE)
    check_no_control_characters(note, field="note")
    stored_id = stored_author_id(runtime, site=caller.site, author_id=author_id)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        authors.record_author(connection, site=caller.site, author_id=stored_id, name=None, now=now)
        authors.set_trust(connection, site=caller.site, author_id=stored_id, trust=trust, note=note)
        audit_log.record(connection, caller, "author.trust", subject=stored_id, now=now, trust=str(trust))
        record = authors.read_author_record(connection, site=caller.site, author_id=stored_id)
    assert record is not None
    return record


def trust_author_of(runtime: Runtime, caller: Caller, *, comment_id: str, trust: Trust, note: str = "") -> None:
    """Set whether the author of a comment is trusted, suspended or neither. Raises NotFound if there is no author."""
    caller.require(Right.EDIT)
    check_no_control_characters(note, field="note")
    now = runtime.clock()
    with runtime.database.writing() as connection:
        comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id)
        if comment is None or comment.author_id is None:
            raise NotFound("The author of this comment is not known.", field="id")
        authors.set_trust(connection, site=caller.site, author_id=comment.author_id, trust=trust, note=note)
        # The entry does not name the comment: after its erasure, nothing may show who wrote it.
        audit_log.record(connection, caller, "author.trust", subject=comment.author_id, now=now, trust=str(trust))
