"""Input and output of the models: comments in their context, and assessments. Independent of database and HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]

ATTRIBUTES = ("severe_toxicity", "identity_attack", "insult", "profanity", "threat")
"""The attributes of toxicity, in the order in which they are stored and exported."""

SCORES = ("toxicity", *ATTRIBUTES, "relevance", "coherence", "spam")
"""The names of all scores, in the order in which they are stored and exported."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and its embedding, shape (384,), unit length. The embedding is None if it is not computed yet."""

    text: str
    vector: Vector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVectors:
    """An article's embeddings, computed once for all of its comments.

    `title` has shape (384,), or is None if the article has no title. `passages` has shape (n, 384), and `spans` has the
    (start, end) of each passage in the article's text. `encoder` is the hash of the encoder's files.
    """

    encoder: str
    title: Vector | None
    passages: Vector
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article. Either the title or the text may be unknown (empty): one of them is enough to score relevance."""

    title: str = ""
    text: str = ""
    vectors: ArticleVectors | None = None

    @property
    def is_known(self) -> bool:
        """Whether the article has a title or a text, which relevance needs."""
        return bool(self.title.strip() or self.text.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment in its context.

    `parent` is the comment that it replies to. `thread` has earlier comments under the same article, oldest first.
    `language` is the language of the site, used if the text is too short to identify its own. `copies` is the number of
    near-duplicates that the site already has.
    """

    text: str
    article: Article | None = None
    parent: Passage | None = None
    thread: tuple[Passage, ...] = ()
    language: str = "en"
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a comment's text (in code points, end exclusive), and how much it moved a score.

    `weight` is the change of the score's log-odds. If it is positive, the span raised the score.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceReasons:
    """The evidence for a relevance score.

    `matched` are words of the comment that are also in the article, and `missed` are words that are not. `passage` is
    the article's passage that is most similar to the comment, and `passage_similarity` is their cosine.
    """

    matched: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    passage: str = ""
    passage_similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The evidence for the scores. Spans are offsets in the comment's original text. `spam` has reason codes."""

    toxicity: tuple[Span, ...] = ()
    coherence: tuple[Span, ...] = ()
    relevance: RelevanceReasons | None = None
    spam: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The scores of one comment and everything else that the models found out about it.

    `model` is the version of the release. `scores` has a value for every name in SCORES. None means unknown, and then
    `abstentions` has the reason: `too_short`, `too_generic`, `article_unknown` or `language_not_supported`. `vector` is
    the comment's embedding, for scoring later comments of the thread. `decoded` is the normalised text, or empty if it
    is equal to the original.
    """

    model: str
    language: str
    scores: Mapping[str, float | None]
    abstentions: Mapping[str, str] = field(default_factory=dict)
    explanation: Explanation = field(default_factory=Explanation)
    vector: Vector | None = None
    decoded: str = ""
