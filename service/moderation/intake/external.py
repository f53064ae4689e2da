"""Comments from other systems, which arrive through an adapter.

They may have no id, and they name their article by its address. Later requests refer to a comment by the other system's
id or only by its text.
"""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection

from service.domain.errors import CommentChanged
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.domain.urls import page_id
from service.moderation.articles.lookup import UNKNOWN_ARTICLE, find_article_id, register_page
from service.moderation.comments.author_ids import stored_author_id
from service.moderation.comments.context import Placement, read_context
from service.moderation.intake.decide import Evaluation, evaluate
from service.moderation.intake.record import RecordedDecision
from service.moderation.intake.submit import Submission, revise, submit
from service.moderation.runtime import Runtime
from service.net.pages import is_on_hosts
from service.store.comments import comments, external_ids
from service.store.comments.external_ids import ExternalId

_TAG = re.compile(r"<[^<>]{1,500}>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalComment:
    """A comment as an adapter passes it on.

    `source` names the adapter, and `address` is that of its page. `external_id`, `parent_id` and `author_id` are ids of
    the other system. `known_id` is our own id, if the comment is known to be a revision.
    """

    source: str
    text: str
    address: str = ""
    external_id: str | None = None
    known_id: str | None = None
    parent_id: str | None = None
    author_id: str | None = None
    author_name: str | None = None

    @property
    def page(self) -> str:
        """The id of the page under which the comment was written."""
        return page_id(self.address) or UNKNOWN_ARTICLE

    @property
    def comment_id(self) -> str:
        """Our id of the comment: a known one, the external one, or a hash of the comment.

        With the hash, a comment that is sent again has the same id.
        """
        system_id = self.known_id or self.external_id
        if system_id:
            return system_id
        parts = (self.source, self.page, self.parent_id or "", self.author_id or "", self.text)
        digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
        return f"{self.source}-{digest[:32]}"


def ingest(runtime: Runtime, caller: Caller, comment: ExternalComment) -> RecordedDecision:
    """Score, decide and store a comment under the article of its page. A different text of a known id is a revision.

    Raises CommentErased, TextInvalid.
    """
    if is_on_hosts(comment.address, runtime.settings.article_fetch_hosts):
        register_page(runtime, caller, comment.address)
    with runtime.database.reading() as connection:
        article_id = find_article_id(connection, site=caller.site, address=comment.address)
        parent_id = _find_parent(connection, site=caller.site, comment=comment)
    submission = Submission(
        id=comment.comment_id,
        article_id=article_id,
        text=comment.text,
        parent_id=parent_id,
        author_id=comment.author_id,
        author_name=comment.author_name,
    )
    external_id = _to_external_id(runtime, comment)
    try:
        recorded = submit(runtime, caller, submission, external_id=external_id)
    except CommentChanged:
        # The article's id is part of the comparison. If only that has changed, `revise` changes nothing.
        recorded = revise(runtime, caller, comment_id=submission.id, text=comment.text, external_id=external_id)
    if not recorded.is_new:
        # The comment may have arrived in another way first, without an external id.
        with runtime.database.writing() as connection:
            external_ids.record_external_id(connection, site=caller.site, external_id=external_id)
    return recorded


def find_or_ingest(runtime: Runtime, caller: Caller, comment: ExternalComment) -> str:
    """Return our id of a comment that a client gives feedback on; ingest the comment if it is not known.

    Raises NotAllowed, CommentErased, TextInvalid.
    """
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    check_text(comment.text, field="text", max_chars=runtime.settings.max_comment_chars)
    comment_id = match_comment(
        runtime,
        site=caller.site,
        source=comment.source,
        text=comment.text,
        address=comment.address,
        external_id=comment.external_id,
    )
    return comment_id or ingest(runtime, caller, comment).comment.id


def evaluate_only(runtime: Runtime, caller: Caller, comment: ExternalComment) -> Evaluation:
    """Return the decision on a comment without storing anything. Raises TextInvalid."""
    caller.require(Right.SCORE)
    check_text(comment.text, field="text", max_chars=runtime.settings.max_comment_chars)
    author_id = comment.author_id
    if author_id:
        author_id = stored_author_id(runtime, site=caller.site, author_id=author_id)
    with runtime.database.reading() as connection:
        placement = Placement(
            site=caller.site,
            comment_id=comment.comment_id,
            article_id=find_article_id(connection, site=caller.site, address=comment.address),
            parent_id=_find_parent(connection, site=caller.site, comment=comment),
            author_id=author_id,
            posted_at=runtime.clock(),
        )
        context = read_context(runtime, connection, placement, text=comment.text)
    return evaluate(runtime, site=caller.site, text=comment.text, context=context)


def match_comment(
    runtime: Runtime, *, site: str, source: str, text: str, address: str = "", external_id: str | None = None
) -> str | None:
    """Return our id of a stored comment: by its external id, or by its text and page. None if there is none.

    A comment that is found by its text gets the external id.
    """
    body_hash = hash_body(text)
    with runtime.database.reading() as connection:
        if external_id:
            comment_id = external_ids.find_by_external_id(connection, site=site, source=source, external_id=external_id)
            # The CMS may have sent the comment itself, with the same id.
            if comment_id or _has_text(connection, site, external_id, body_hash):
                return comment_id or external_id
        comment_id = external_ids.find_by_body(
            connection, site=site, body_hash=body_hash, page=page_id(address), external_id=external_id
        )
    if comment_id and external_id:
        with runtime.database.writing() as connection:
            external_ids.set_external_id(connection, site=site, comment_id=comment_id, external_id=external_id)
    return comment_id


def hash_body(text: str) -> str:
    """Return a hash that is the same for a text in plain text and in HTML, and with any spacing."""
    plain = _SPACE.sub("", html.unescape(_TAG.sub("", text)))
    return hashlib.sha256(unicodedata.normalize("NFC", plain).encode()).hexdigest()


def _has_text(connection: Connection, site: str, comment_id: str, body_hash: str) -> bool:
    """Return whether there is a comment with this id and text."""
    if comments.find_comment(connection, site=site, comment_id=comment_id) is None:
        return False
    return hash_body(comments.read_text(connection, site=site, comment_id=comment_id)) == body_hash


def _find_parent(connection: Connection, *, site: str, comment: ExternalComment) -> str | None:
    if comment.parent_id is None:
        return None
    known_id = external_ids.find_by_external_id(
        connection, site=site, source=comment.source, external_id=comment.parent_id
    )
    return known_id or comment.parent_id


def _to_external_id(runtime: Runtime, comment: ExternalComment) -> ExternalId:
    return ExternalId(
        comment_id=comment.comment_id,
        source=comment.source,
        body_hash=hash_body(comment.text),
        page=comment.page,
        external_id=comment.external_id,
        created_at=runtime.clock(),
    )
