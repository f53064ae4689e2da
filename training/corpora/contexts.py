"""Comments in contexts that they are known to belong to, made from the corpora.

There is almost no licensed article text, so most contexts are stand-ins: the comment that a reply responds to, the
heading above a comment on a talk page, or the first sentences of a long comment. Five real articles are among them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.comment import Article, Comment, Passage
from models.relevance.features import MAX_EARLIER_COMMENTS
from models.text.segmentation import passage_spans, sentence_spans

Row = Mapping[str, str]

HEADLINE_WORDS = 14
MIN_SENTENCES, MIN_WORDS = 4, 50
"""What a comment needs to be split into a beginning, a middle and an end that are each worth comparing."""

PASSAGES, MAX_PASSAGES = 1_000, 12
"""Passages of other comments that are collected, and added to one stand-in article at most: real articles digress."""

_HEADING = re.compile(r"\s*[\"'`]*\s*=+\s*([^=\n]{3,80}?)\s*=+\s*(.+)", re.DOTALL)
_FIRST_LINE = re.compile(r"\s*[\"'`]*\s*([^\n.!?,:=]{6,70})\s*\n+(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CommentInContext:
    """A comment in its own context.

    `group` identifies the context, such as an article. Contexts are swapped only within a `source`.
    """

    source: str
    group: str
    comment: Comment


def pair_with_articles(rows: Sequence[Row]) -> Iterator[CommentInContext]:
    """Yield comments of fox in four views of their article, of which there are five with headline and summary.

    The thread is the earlier rows of the same article.
    """
    threads: dict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        title, thread = row["article_title"], threads[row["article_title"]]
        article = Article(title, row["article_description"])
        parent = Passage(row["previous_comment"]) if row["previous_comment"].strip() else None
        earlier = tuple(thread[-MAX_EARLIER_COMMENTS:])
        for view, comment in {
            "headline": Comment(text=row["text"], article=Article(title)),
            "article": Comment(text=row["text"], article=article),
            "headline and thread": Comment(text=row["text"], article=Article(title), thread=earlier),
            "all": Comment(text=row["text"], article=article, parent=parent, thread=earlier),
        }.items():
            yield CommentInContext(f"news, {view}", title, comment)
        thread.append(Passage(row["text"]))


def pair_with_parents(rows: Iterable[Row]) -> Iterator[CommentInContext]:
    """Yield replies of wikipedia_context. The comment replied to is the parent, or stands in for an article."""
    for row in rows:
        text, parent = row["text"], row["parent_text"].strip()
        if parent and text.strip():
            passage = Passage(parent)
            headline = first_sentence(parent)
            yield CommentInContext("reply, parent", parent, Comment(text=text, parent=passage, thread=(passage,)))
            yield CommentInContext("reply, headline", parent, Comment(text=text, article=Article(headline)))
            yield CommentInContext("reply, article", parent, Comment(text=text, article=Article(headline, parent)))


def pair_with_headings(rows: Iterable[Row]) -> Iterator[CommentInContext]:
    """Yield comments of wikipedia_talk that begin with a heading of at least two words."""
    for row in rows:
        match = _HEADING.match(row["text"]) or _FIRST_LINE.match(row["text"])
        if match and len(match[1].split()) > 1 and match[2].strip():
            yield CommentInContext("heading", match[1], Comment(text=match[2], article=Article(match[1])))


def pair_with_first_sentences(rows: Sequence[Row], *, seed: int) -> Iterator[CommentInContext]:
    """Yield the ends of long comments, under a headline and an article that are made of the same comment.

    The first sentence is the headline. The part up to the middle, among passages of other comments, is the article.
    """
    rng = np.random.default_rng(seed)
    passages = _first_passages(rows[int(row)]["text"] for row in rng.permutation(len(rows))[:PASSAGES])
    for row in rows:
        text, spans = row["text"], sentence_spans(row["text"])
        if len(spans) >= MIN_SENTENCES and len(text.split()) >= MIN_WORDS:
            middle = spans[len(spans) // 2][0]
            end, headline = text[middle:], first_sentence(text)
            body = _insert_among(text[spans[1][0] : middle], passages, rng)
            yield CommentInContext("opening, headline", text, Comment(text=end, article=Article(headline)))
            yield CommentInContext("opening, article", text, Comment(text=end, article=Article(headline, body)))


def first_sentence(text: str) -> str:
    """Return a text's first sentence, cut to the length of a headline."""
    spans = sentence_spans(text)
    return " ".join(text[slice(*spans[0])].split()[:HEADLINE_WORDS]) if spans else ""


def _first_passages(texts: Iterable[str]) -> list[str]:
    return [text[slice(*spans[0])] for text in texts if (spans := passage_spans(text))]


def _insert_among(body: str, passages: Sequence[str], rng: np.random.Generator) -> str:
    chosen = [passages[int(index)] for index in rng.integers(len(passages), size=int(rng.integers(MAX_PASSAGES)))]
    chosen.insert(int(rng.integers(len(chosen) + 1)), body.strip())
    return "\n".join(chosen)
