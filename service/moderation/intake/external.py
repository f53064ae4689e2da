"""Arrivals: comments that come through an adapter, without an id or an article's id of their own, and finding them
again when somebody has a word about them.
"""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.domain.errors import CommentChanged
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.domain.urls import page_id, spellings
from service.moderation.articles.registration import ArticleFacts, register_article
from service.moderation.comments.context import read_context, stored_author_id
from service.moderation.intake.filing import Evaluation, RecordedDecision, evaluate
from service.moderation.intake.submit import Submission, revise, submit
from service.moderation.runtime import Runtime
from service.net.pages import is_on_hosts
from service.store.articles import articles
from service.store.comments import comments, external_ids
from service.store.comments.external_ids import ExternalId

UNKNOWN_ARTICLE = "page-unknown"
"""The article of comments that come without an address: never registered, so their relevance is unknown."""

_TAG = re.compile(r"<[^<>]{1,500}>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalComment:
    """A comment as an adapter hands it on: `source` names the adapter, `address` its page, `external_id` its id there.

    `parent_id` and `author_id` are the other system's own; `known_id` is ours, where it is known to be a revision.
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
        """The id of its page."""
        return page_id(self.address) or UNKNOWN_ARTICLE

    @property
    def comment_id(self) -> str:
        """Its id where it came from, or one made of all that is known: sent again, it is the same comment."""
        if self.known_id or self.external_id:
            return self.known_id or self.external_id or ""
        parts = (self.source, self.page, self.parent_id or "", self.author_id or "", self.text)
        digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
        return f"{self.source}-{digest[:32]}"


def ingest(runtime: Runtime, caller: Caller, comment: ExternalComment) -> RecordedDecision:
    """Scores, decides and files it under its page's article, and notes where it came from.

    Raises what `intake.submit` raises, but for CommentChanged: an id with other words is a revision.
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
    external_id = _read_external_id(comment, now=runtime.clock())
    try:
        recorded = submit(runtime, caller, submission, external_id=external_id)
    except CommentChanged:
        # Also where only the article's id has become another since: the words then are the same.
        recorded = revise(runtime, caller, comment_id=submission.id, text=comment.text, external_id=external_id)
    if not recorded.is_new:
        # It was here before, perhaps by another way: then nothing is lost if this is not noted before the next time.
        with runtime.database.writing() as connection:
            external_ids.record_external_id(connection, site=caller.site, external_id=external_id)
    return recorded


def evaluate_only(runtime: Runtime, caller: Caller, comment: ExternalComment) -> Evaluation:
    """What would be decided about it, by the same policy; nothing is stored. Raises TextInvalid."""
    caller.require(Right.SCORE)
    check_text(comment.text, field="text", longest=runtime.settings.max_comment_chars)
    author_id = comment.author_id and stored_author_id(runtime, site=caller.site, author_id=comment.author_id)
    with runtime.database.reading() as connection:
        context = read_context(
            runtime,
            connection,
            site=caller.site,
            comment_id=comment.comment_id,
            article_id=find_article_id(connection, site=caller.site, address=comment.address),
            parent_id=_find_parent(connection, site=caller.site, comment=comment),
            author_id=author_id,
            posted_at=runtime.clock(),
            text=comment.text,
        )
    return evaluate(runtime, site=caller.site, text=comment.text, context=context)


def match_comment(
    runtime: Runtime, *, site: str, source: str, text: str, address: str = "", external_id: str | None = None
) -> str | None:
    """Our id of the comment that a later word is about: by its id there, or by its words on its page.

    What is found by its words gets the id with which it was looked for.
    """
    words = hash_body(text)
    page = page_id(address)
    with runtime.database.reading() as connection:
        found = external_id and external_ids.find_by_external_id(
            connection, site=site, source=source, external_id=external_id
        )
        if found or (external_id and _has_words(connection, site, external_id, words)):
            return found or external_id
        found = external_ids.find_by_body(connection, site=site, body_hash=words, page=page, external_id=external_id)
    if found and external_id:
        with runtime.database.writing() as connection:
            external_ids.set_external_id(connection, site=site, comment_id=found, external_id=external_id)
    return found


def find_article_id(connection: Connection, *, site: str, address: str) -> str:
    """The id of the article at an address, or the one that it will have if its page is imported later."""
    page = page_id(address)
    if page is None:
        return UNKNOWN_ARTICLE
    return articles.find_article_id(connection, site=site, page=page, addresses=spellings(address)) or page


def register_page(runtime: Runtime, caller: Caller, address: str) -> None:
    """Registers a page by its address alone, where it is one and not known yet."""
    with runtime.database.reading() as connection:
        article_id = find_article_id(connection, site=caller.site, address=address)
        known = articles.find_article(connection, site=caller.site, article_id=article_id)
    if known is None and article_id != UNKNOWN_ARTICLE:
        register_article(runtime, caller, article_id=article_id, facts=ArticleFacts(url=address))


def hash_body(text: str) -> str:
    """A hash that is the same for a text as plain text and as HTML, and however it is spaced."""
    plain = _SPACE.sub("", html.unescape(_TAG.sub("", text)))
    return hashlib.sha256(unicodedata.normalize("NFC", plain).encode()).hexdigest()


def _has_words(connection: Connection, site: str, comment_id: str, words: str) -> bool:
    """Whether the comment with this very id, which the CMS has sent by itself, reads like this."""
    if comments.find_comment(connection, site=site, comment_id=comment_id) is None:
        return False
    return hash_body(comments.list_revisions(connection, site=site, comment_id=comment_id)[-1].text) == words


def _find_parent(connection: Connection, *, site: str, comment: ExternalComment) -> str | None:
    if comment.parent_id is None:
        return None
    known = external_ids.find_by_external_id(
        connection, site=site, source=comment.source, external_id=comment.parent_id
    )
    return known or comment.parent_id


def _read_external_id(comment: ExternalComment, *, now: datetime) -> ExternalId:
    return ExternalId(
        comment_id=comment.comment_id,
        source=comment.source,
        body_hash=hash_body(comment.text),
        page=comment.page,
        external_id=comment.external_id,
        created_at=now,
    )
