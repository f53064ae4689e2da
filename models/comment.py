"""What goes into the kernel and what comes out: plain values that know neither database nor HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]

ATTRIBUTES = ("severe_toxicity", "identity_attack", "insult", "profanity", "threat")
"""The attributes of toxicity, in the order in which they are stored and written."""

SCORES = ("toxicity", *ATTRIBUTES, "relevance", "coherence", "spam")
"""Every score, in the order in which it is stored and written."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text and, if it has been computed already, its embedding (shape (384,), unit length)."""

    text: str
    vector: Vector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVectors:
    """An article's embeddings, computed once. `spans` are (start, end) of each passage in the article's text.

    Shapes: title (384,), or None if the title is empty; passages (n, 384). `encoder` is the identity of the encoder.
    """

    encoder: str
    title: Vector | None
    passages: Vector
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article as far as it is known. A title or a text is enough to score relevance."""

    title: str = ""
    text: str = ""
    vectors: ArticleVectors | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything that a comment could be relevant to."""
        return bool(self.title.strip() or self.text.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment in its context.

    `thread` holds earlier comments under the same article, oldest first, without this one. `language` is the site's
    own, assumed if the text is too short to identify its language. `copies` is the number of near-duplicates that the
    site has seen already.
    """

    text: str
    article: Article | None = None
    parent: Passage | None = None
    thread: tuple[Passage, ...] = ()
    language: str = "en"
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the comment's original text, in code points, end exclusive, and how much it moved the score.

    `weight` is the change of the score's log-odds: above zero, the span raised the score.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceReasons:
    """What a relevance score is based on.

    `matched` are words that the comment and the article share, `missed` words that only the comment has. `passage` is
    the article's passage closest to the comment, and `passage_similarity` its cosine.
    """

    matched: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    passage: str = ""
    passage_similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why the scores are what they are. Offsets refer to the comment's original text."""

    toxicity: tuple[Span, ...] = ()
    coherence: tuple[Span, ...] = ()
    relevance: RelevanceReasons | None = None
    spam: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything that the kernel finds out about one comment.

    `scores` has every name in SCORES. None means unknown, and then `abstentions` has the reason: `too_short`,
    `too_generic`, `article_unknown` or `language_not_supported`. `vector` is the comment's embedding, for use when the
    comment is part of a thread. `decoded` is the text as the models read it, if that differs from what was written.
    """

    model: str
    language: str
    scores: Mapping[str, float | None]
    abstentions: Mapping[str, str] = field(default_factory=dict)
    explanation: Explanation = field(default_factory=Explanation)
    vector: Vector | None = None
    decoded: str = ""
