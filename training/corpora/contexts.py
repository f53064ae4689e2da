"""Comments with contexts that they certainly belong to, made from the corpora.

There is almost no licensed article text. So most contexts stand in for an article: the comment that a reply responds
to, the heading above a comment on a talk page, or the first sentences of a long comment. Only five articles are real.
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
"""The most words of a headline that is made from a comment."""

MIN_SENTENCES, MIN_WORDS = 4, 50
"""A comment of this length can be split into a headline, an article and an end that are long enough to compare."""

PASSAGES, MAX_PASSAGES = 1_000, 12
"""Passages of this many comments are collected. Each stand-in article gets fewer than MAX_PASSAGES of them, because
real articles digress."""

# "== A heading ==" and the text after it. A quotation mark may come first.
_HEADING = re.compile(r"\s*[\"'`]*\s*=+\s*([^=\n]{3,80}?)\s*=+\s*(.+)", re.DOTALL)
# A short first line without punctuation, and the lines after it.
_FIRST_LINE = re.compile(r"\s*[\"'`]*\s*([^\n.!?,:=]{6,70})\s*\n+(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CommentInContext:
    """A comment in its own context.

    `group` identifies the context, such as an article. To make an off-topic comment, relevance swaps contexts, but only
    within a `source`.
    """

    source: str
    group: str
    comment: Comment


def pair_with_articles(rows: Sequence[Row]) -> Iterator[CommentInContext]:
    """Yield each comment of fox four times, with different parts of its context. There are five articles.

    The thread has the earlier rows of the same article.
    """
    threads: dict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        title, thread = row["article_title"], threads[row["article_title"]]
        article = Article(title, row["article_description"])
        parent = Passage(row["previous_comment"]) if row["previous_comment"].strip() else None
        earlier = tuple(thread[-MAX_EARLIER_COMMENTS:])
        views = {
            "headline": Comment(text=row["text"], article=Article(title)),
            "article": Comment(text=row["text"], article=article),
            "headline and thread": Comment(text=row["text"], article=Article(title), thread=earlier),
            "all": Comment(text=row["text"], article=article, parent=parent, thread=earlier),
        }
        for view, comment in views.items():
            yield CommentInContext(f"news, {view}", title, comment)
        thread.append(Passage(row["text"]))


def pair_with_parents(rows: Iterable[Row]) -> Iterator[CommentInContext]:
    """Yield each reply of wikipedia_context three times. Its parent comment is the parent, the headline or the article.

    A parent comment that stands in for a headline is cut to its first sentence.
    """
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
    """Yield the second half of each long comment, with a headline or an article made from the first half.

    The first sentence is the headline. The sentences after it, mixed with passages of other comments, are the article.
    """
    rng = np.random.default_rng(seed)
    # The first passages of a random sample of rows.
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
    if not spans:
        return ""
    start, end = spans[0]
    return " ".join(text[start:end].split()[:HEADLINE_WORDS])


def _first_passages(texts: Iterable[str]) -> list[str]:
    """Return the first passage of each text that has one."""
    passages = []
    for text in texts:
        spans = passage_spans(text)
        if spans:
            start, end = spans[0]
            passages.append(text[start:end])
    return passages


def _insert_among(body: str, passages: Sequence[str], rng: np.random.Generator) -> str:
    """Insert the body at a random position among a random number of passages."""
    count = int(rng.integers(MAX_PASSAGES))
    chosen = [passages[int(index)] for index in rng.integers(len(passages), size=count)]
    chosen.insert(int(rng.integers(len(chosen) + 1)), body.strip())
    return "\n".join(chosen)
