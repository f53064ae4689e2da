"""Analysis of one text in a context that the client sends: as a whole and sentence by sentence, without storing it."""

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
from service.moderation.articles.lookup import find_article_id
from service.moderation.live_models import Scoring
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.articles import articles
from service.store.learning import site_models
from service.store.policy import policies

MAX_SENTENCES = 50
"""The sentences of a text that are scored one by one. The rest of a longer text is scored as one piece."""

MAX_ARTICLE_CHARS = 500_000
MAX_PARENT_CHARS = 20_000


class RecentArticles:
    """A cache of embedded articles that clients have sent, for the next comments on them. Safe to share."""

    def __init__(self, max_size: int = 16) -> None:
        """Take the number of articles to keep."""
        self._max_size = max_size
        self._cache: OrderedDict[bytes, Article] = OrderedDict()
        self._lock = Lock()

    def embed(self, runtime: Runtime, text: str) -> Article:
        """Return an article with its embeddings, from the cache if possible."""
        key = hashlib.sha256(text.encode()).digest()
        with self._lock:
            cached = self._cache.get(key)
            if cached is not None:
                self._cache.move_to_end(key)
                return cached
        embedded = runtime.scorers.base.embed_article(Article("", text))
        with self._lock:
            self._cache[key] = embedded
            while len(self._cache) > self._max_size:
                self._cache.popitem(last=False)
        return embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the text with its scores. Positions are in code points, `end` is exclusive."""

    start: int
    end: int
    scoring: Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The scores of the whole text and, if they were requested, of each sentence."""

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
    """Score a text with an article.

    `article` is the text of an article, or the address of a registered one. `language` is assumed for a text that is
    too short to detect its language; the default is the site's language. `recent` caches the article. Raises
    TextInvalid.
    """
    caller.require(Right.SCORE)
    check_text(text, field="text", max_chars=max(MAX_CHARS, runtime.settings.max_comment_chars))
    with runtime.database.reading() as connection:
        site = sites.find_site(connection, caller.site)
        site_model_version = site_models.live_version(connection, site=caller.site)
        registered = _find_registered(connection, caller.site, article)
    content = registered or _embed_article(runtime, article[:MAX_ARTICLE_CHARS], recent)

    def score(piece: str) -> Scoring:
        comment = Comment(
            text=piece,
            article=content,
            parent=Passage(parent[:MAX_PARENT_CHARS]) if parent.strip() else None,
            language=language or (site.language if site else "en"),
        )
        assessment = runtime.scorers.base.assess(comment, explain=False)
        return runtime.scorers.add_site_score(assessment, site=caller.site, version=site_model_version)

    whole = score(text)
    spans = _split(text) if by_sentence else []
    if len(spans) == 1:
        return Analysis(whole=whole, pieces=(Piece(start=spans[0][0], end=spans[0][1], scoring=whole),))
    pieces = tuple(Piece(start=start, end=end, scoring=score(text[start:end])) for start, end in spans)
    return Analysis(whole=whole, pieces=pieces)


def read_thresholds(runtime: Runtime, caller: Caller) -> Mapping[str, float | None]:
    """Return the thresholds of the site's policy, for clients that expect yes or no instead of scores."""
    caller.require(Right.SCORE)
    with runtime.database.reading() as connection:
        policy = policies.read_policy(connection, site=caller.site)
    return policy.with_defaults(runtime.scorers.base.recommended_thresholds).thresholds


def _find_registered(connection: Connection, site: str, article: str) -> Article | None:
    """Return the registered article if this is an address; None if it is a text."""
    if len(article) > MAX_URL_CHARS or canonical_address(article) is None or len(article.split()) > 1:
        return None
    article_id = find_article_id(connection, site=site, address=article)
    stored = articles.find_article(connection, site=site, article_id=article_id)
    # The address of an unknown article must not be taken for the article's text.
    return stored.content if stored else Article()


def _embed_article(runtime: Runtime, text: str, recent: RecentArticles | None) -> Article | None:
    if not text.strip():
        return None
    return recent.embed(runtime, text) if recent else Article("", text)


def _split(text: str) -> list[tuple[int, int]]:
    spans = sentence_spans(text)
    if len(spans) <= MAX_SENTENCES:
        return spans
    return [*spans[: MAX_SENTENCES - 1], (spans[MAX_SENTENCES - 1][0], spans[-1][1])]
