"""Circumstances: what is known around a comment when it is scored and decided, read in one go before scoring."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from models.comment import Comment, Passage
from models.simhash import MAX_DISTANCE, bands, fingerprint, hamming_distance
from service.domain.policy.rules import Mode, Policy, Trust
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.articles import articles
from service.store.articles.articles import StoredArticle
from service.store.comments import authors, comments, near_duplicates
from service.store.learning import site_models
from service.store.policy import policies


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """A comment's context: `policy` has the release's thresholds filled in."""

    article: StoredArticle | None
    parent: Passage | None
    thread: tuple[Passage, ...]
    language: str
    copies: int
    trust: Trust
    policy: Policy
    site_model: str | None
    fingerprint: int | None

    @property
    def mode(self) -> Mode:
        """How the article takes comments; an unknown one is open."""
        return self.article.mode if self.article else Mode.OPEN

    def to_comment(self, text: str) -> Comment:
        """The comment as the kernel takes it."""
        return Comment(
            text=text,
            article=self.article.content if self.article else None,
            parent=self.parent,
            thread=self.thread,
            language=self.language,
            copies=self.copies,
        )


def read_context(
    runtime: Runtime,
    connection: Connection,
    *,
    site: str,
    comment_id: str,
    article_id: str,
    parent_id: str | None,
    author_id: str | None,
    posted_at: datetime,
    text: str,
) -> DecisionContext:
    """Reads the context of a comment that has, or is about to get, this text; `author_id` as it is kept."""
    base = runtime.scorers.base
    encoder = base.encoder_identity
    home = sites.find_site(connection, site)
    author = authors.find_author(connection, site=site, author_id=author_id) if author_id else None
    mark = fingerprint(text)
    parent = comments.read_passage(connection, site=site, comment_id=parent_id, encoder=encoder) if parent_id else None
    return DecisionContext(
        article=articles.find_article(connection, site=site, article_id=article_id),
        parent=parent,
        thread=comments.read_thread(
            connection,
            site=site,
            article_id=article_id,
            before=posted_at,
            leave_out=[comment_id, *([parent_id] if parent_id else [])],
            encoder=encoder,
            limit=runtime.settings.thread_context,
        ),
        language=home.language if home else "en",
        copies=_count_near_duplicates(connection, site=site, comment_id=comment_id, mark=mark),
        trust=author.trust if author else Trust.NORMAL,
        policy=policies.read_policy(connection, site=site).with_defaults(base.recommended_thresholds),
        site_model=site_models.live_version(connection, site=site),
        fingerprint=mark,
    )


def stored_author_id(runtime: Runtime, *, site: str, author_id: str) -> str:
    """The author id as it is stored: a keyed hash, so that the database alone names nobody, or plain by setting."""
    if not runtime.settings.hash_author_ids:
        return author_id
    message = f"author\x00{site}\x00{author_id}".encode()
    return hmac.new(runtime.secret_key, message, hashlib.sha256).hexdigest()[:40]


def _count_near_duplicates(connection: Connection, *, site: str, comment_id: str, mark: int | None) -> int:
    if mark is None:
        return 0
    candidates = near_duplicates.list_candidates(connection, site=site, bands=bands(mark), leave_out=comment_id)
    return sum(hamming_distance(mark, other) <= MAX_DISTANCE for other in candidates.values())
