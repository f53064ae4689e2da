"""Analysis: one text scored in the context that its sender gives, whole and sentence by sentence; nothing is stored."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection

from models.comment import Article, Comment, Passage
from models.scorer import MAX_CHARS
from models.text.segmentation import sentence_spans
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.domain.urls import MAX_URL_CHARS, canonical_address
from service.moderation.intake.external import find_article_id
from service.moderation.runtime import Runtime
from service.moderation.scoring.live_models import Scoring
from service.store.access import sites
from service.store.articles import articles
from service.store.learning import site_models
from service.store.policy import policies

MAX_SENTENCES = 50
"""Sentences that are scored one by one; what a longer text has behind them is scored as one piece."""

MAX_ARTICLE_CHARS = 500_000
MAX_PARENT_CHARS = 20_000


class RecentArticles:
    """Articles that came with a text, embedded, for the next comments under them. In memory only; safe to share."""

    def __init__(self, most: int = 16) -> None:
        """Keeps the `most` recent ones."""
        self._most = most
        self._kept: OrderedDict[bytes, Article] = OrderedDict()
        self._lock = Lock()

    def embed(self, runtime: Runtime, text: str) -> Article:
        """The article with its embeddings, from memory where it is there."""
        key = hashlib.sha256(text.encode()).digest()
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        embedded = runtime.scorers.base.embed_article(Article("", text))
        with self._lock:
            self._kept[key] = embedded
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the text, in code points, end exclusive, with its scores."""

    start: int
    end: int
    scoring: Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The scores of the whole text and, where they were wanted, of each sentence."""

    whole: Scoring
    pieces: tuple[Piece, ...] = ()


def analyse(
    runtime: Runtime,
    caller: Caller,
    *,
    text: str,
    article: str = "",
    parent: str = "",
    language: str | None = None,
    by_sentence: bool = False,
    recent: RecentArticles | None = None,
) -> Analysis:
    """Scores a text beside an article, given as its text or as the address of a registered one.

    `language` is assumed where the text is too short to tell, the site's own unless given. `recent` may keep the
    article in memory. Raises TextInvalid.
    """
    caller.require(Right.SCORE)
    check_text(text, field="text", longest=max(MAX_CHARS, runtime.settings.max_comment_chars))
    with runtime.database.reading() as connection:
        site = sites.find_site(connection, caller.site)
        site_model = site_models.live_version(connection, site=caller.site)
        named = _find_named(connection, caller.site, article)
    known = named or _read_article(runtime, article[:MAX_ARTICLE_CHARS], recent)

    def score(piece: str) -> Scoring:
        comment = Comment(
            text=piece,
            article=known,
            parent=Passage(parent[:MAX_PARENT_CHARS]) if parent.strip() else None,
            language=language or (site.language if site else "en"),
        )
        assessment = runtime.scorers.base.assess(comment, explain=False)
        return runtime.scorers.add_site_score(assessment, site=caller.site, version=site_model)

    whole = score(text)
    spans = _cut(text) if by_sentence else []
    if len(spans) == 1:
        return Analysis(whole=whole, pieces=(Piece(start=spans[0][0], end=spans[0][1], scoring=whole),))
    pieces = tuple(Piece(start=start, end=end, scoring=score(text[start:end])) for start, end in spans)
    return Analysis(whole=whole, pieces=pieces)


def read_thresholds(runtime: Runtime, caller: Caller) -> Mapping[str, float | None]:
    """The thresholds at which the site's policy holds a comment, for clients that want yes or no."""
    caller.require(Right.SCORE)
    with runtime.database.reading() as connection:
        policy = policies.read_policy(connection, site=caller.site)
    return policy.with_defaults(runtime.scorers.base.recommended_thresholds).thresholds


def _find_named(connection: Connection, site: str, article: str) -> Article | None:
    if len(article) > MAX_URL_CHARS or canonical_address(article) is None or len(article.split()) > 1:
        return None
    article_id = find_article_id(connection, site=site, address=article)
    found = articles.find_article(connection, site=site, article_id=article_id)
    # An address says nothing about what is on the page, so it must not be read as if it were the article.
    return found.content if found else Article()


def _read_article(runtime: Runtime, text: str, recent: RecentArticles | None) -> Article | None:
    if not text.strip():
        return None
    return recent.embed(runtime, text) if recent else Article("", text)


def _cut(text: str) -> list[tuple[int, int]]:
    spans = sentence_spans(text)
    if len(spans) <= MAX_SENTENCES:
        return spans
    return [*spans[: MAX_SENTENCES - 1], (spans[MAX_SENTENCES - 1][0], spans[-1][1])]
