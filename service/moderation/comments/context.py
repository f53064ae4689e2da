"""The context of a comment: everything besides its text that scores and decision depend on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from models.comment import Comment, Passage
from models.simhash import fingerprint
from service.domain.policy.site_policy import Mode, Policy, Trust
from service.moderation.comments.near_duplicates import find_similar
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.articles import articles
from service.store.articles.articles import StoredArticle
from service.store.comments import authors, comments
from service.store.comments.comments import StoredComment
from service.store.learning import site_models
from service.store.policy import policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a comment belongs: its site, article, parent, author (a stored id) and time."""

    site: str
    comment_id: str
    article_id: str
    parent_id: str | None
    author_id: str | None
    posted_at: datetime

    @classmethod
    def of(cls, comment: StoredComment) -> "Placement":
        """Return the placement of a stored comment."""
        return cls(
            site=comment.site,
            comment_id=comment.id,
            article_id=comment.article_id,
            parent_id=comment.parent_id,
            author_id=comment.author_id,
            posted_at=comment.posted_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """The context in which a text is scored and decided.

    `copies` counts the near-duplicates of the text, `fingerprint` is its SimHash. `policy` includes the recommended
    thresholds of the model release. `site_model_version` is that of the site's own model; None if it has none.
    """

    article: StoredArticle | None
    parent: Passage | None
    thread: tuple[Passage, ...]
    language: str
    copies: int
    trust: Trust
    policy: Policy
    site_model_version: str | None
    fingerprint: int | None

    @property
    def mode(self) -> Mode:
        """The mode of the article; an unknown article is open."""
        return self.article.mode if self.article else Mode.OPEN

    @property
    def awaits_article(self) -> bool:
        """Whether the comment has to be scored again when its article's content arrives."""
        return self.article is None or not self.article.content.is_known

    def to_comment(self, text: str) -> Comment:
        """Return the text with its context as the input of the models."""
        return Comment(
            text=text,
            article=self.article.content if self.article else None,
            parent=self.parent,
            thread=self.thread,
            language=self.language,
            copies=self.copies,
        )


def read_context(runtime: Runtime, connection: Connection, placement: Placement, *, text: str) -> DecisionContext:
    """Read the context of a comment with this text. The comment itself need not be stored yet."""
    site, base = placement.site, runtime.scorers.base
    stored_site = sites.find_site(connection, site)
    simhash = fingerprint(text)
    similar = find_similar(connection, site=site, comment_id=placement.comment_id, fingerprint=simhash)
    return DecisionContext(
        article=articles.find_article(connection, site=site, article_id=placement.article_id),
        parent=_read_parent(runtime, connection, placement),
        thread=_read_thread(runtime, connection, placement),
        language=stored_site.language if stored_site else "en",
        copies=len(similar),
        trust=_read_trust(connection, placement),
        policy=policies.read_policy(connection, site=site).with_defaults(base.recommended_thresholds),
        site_model_version=site_models.live_version(connection, site=site),
        fingerprint=simhash,
    )


def _read_parent(runtime: Runtime, connection: Connection, placement: Placement) -> Passage | None:
    if placement.parent_id is None:
        return None
    encoder = runtime.scorers.base.encoder_hash
    return comments.read_passage(connection, site=placement.site, comment_id=placement.parent_id, encoder=encoder)


def _read_thread(runtime: Runtime, connection: Connection, placement: Placement) -> tuple[Passage, ...]:
    # The parent is passed to the models separately.
    left_out = [placement.comment_id] + ([placement.parent_id] if placement.parent_id else [])
    return comments.read_thread(
        connection,
        site=placement.site,
        article_id=placement.article_id,
        before=placement.posted_at,
        leave_out=left_out,
        encoder=runtime.scorers.base.encoder_hash,
        limit=runtime.settings.thread_context,
    )


def _read_trust(connection: Connection, placement: Placement) -> Trust:
    if placement.author_id is None:
        return Trust.NORMAL
    author = authors.find_author(connection, site=placement.site, author_id=placement.author_id)
    return author.trust if author else Trust.NORMAL
