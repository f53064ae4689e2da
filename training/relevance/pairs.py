"""Comments in contexts of which we know that they belong together: what relevance learns from; measures nothing.

There is almost no licensed article text, so most contexts are stand-ins: the comment that a reply answers, the
heading over a comment on a talk page, the sentences that open a long comment. Five real articles are among them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.comment import Article, Comment, Passage
from models.relevance.features import MAX_THREAD
from models.text.segmentation import passage_spans, sentence_spans
from training.corpora.registry import Corpora, dedup_key, key

Row = Mapping[str, str]

HEADLINE_WORDS = 14
MIN_SENTENCES, MIN_WORDS = 4, 50
"""What a comment needs to be cut into an opening, a middle and an end that are each worth comparing."""

MAX_CHARS = 2_000
"""Characters of a text that the encoder is tuned on."""

PAGES, MAX_PAGES = 1_000, 12
"""Of so many foreign passages, up to a dozen stand in a stand-in article: real ones wander as well."""

_HEADING = re.compile(r"\s*[\"'`]*\s*=+\s*([^=\n]{3,80}?)\s*=+\s*(.+)", re.DOTALL)
_FIRST_LINE = re.compile(r"\s*[\"'`]*\s*([^\n.!?,:=]{6,70})\s*\n+(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment in its own context. `group` is the article; contexts are swapped only within a `source`."""

    source: str
    group: str
    comment: Comment


@dataclass(frozen=True, slots=True)
class Contrast:
    """A comment in the context of `context`: its own group's (label 1), or another group's of its source (0)."""

    source: str
    group: str
    context: str
    comment: Comment

    @property
    def label(self) -> int:
        """1 where the comment belongs, else 0."""
        return int(self.group == self.context)


@dataclass(frozen=True, slots=True)
class Together:
    """A text, and what it was said under."""

    context: str
    comment: str


def pair_up(corpora: Corpora, *, seed: int, most: int = 8_000) -> list[Together]:
    """Draw texts with what they answer or stand under: what the encoder learns to find alike.

    They are comments of talk pages, and long news comments with their own openings; none under its article. Rows whose
    key is odd, so that half of what relevance is fitted on was not seen here. No label is read, so that a comment
    which the other corpus of Civil Comments holds out gives nothing away.
    """
    rows = {name: _odd(corpora.split_rows(name)) for name in ("wikipedia_talk", "wikipedia_context", "civil_spans")}
    talk = [row for row in rows["wikipedia_talk"] if row["text_normalised"] == "0"]
    placed = [
        *place_under_parents(rows["wikipedia_context"]),
        *place_under_headings(talk),
        *place_under_openings([*rows["civil_spans"], *talk], seed=seed),
    ]
    found = {Together(_said_above(item.comment), item.comment.text[:MAX_CHARS]): None for item in placed}
    pairs = sorted(found, key=lambda pair: dedup_key(f"{seed}{pair.comment}{pair.context}"))
    return pairs[:most]


def _odd(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if int(key(row), 16) % 2]


def _said_above(comment: Comment) -> str:
    above = comment.parent.text if comment.parent else comment.article.title if comment.article else ""
    return above[:MAX_CHARS]


def contrast(placed: Sequence[Placed], *, seed: int) -> list[Contrast]:
    """Each comment twice: where it belongs, and in the context of a random row of another group of its source."""
    rng = np.random.default_rng(seed)
    contrasts = []
    for rows in _by_source(placed).values():
        for item in rows:
            other = _another(rows, item, rng)
            contrasts.append(Contrast(item.source, item.group, item.group, item.comment))
            contrasts.append(Contrast(item.source, item.group, other.group, in_context(item.comment, other.comment)))
    return contrasts


def in_context(comment: Comment, other: Comment) -> Comment:
    """The comment's text under the other's article, parent and thread."""
    return replace(comment, article=other.article, parent=other.parent, thread=other.thread)


def place_under_articles(rows: Sequence[Row]) -> Iterator[Placed]:
    """fox: five articles with headline and summary, in four views; the thread is the earlier rows."""
    threads: dict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        title, thread = row["article_title"], threads[row["article_title"]]
        article = Article(title, row["article_description"])
        parent = Passage(row["previous_comment"]) if row["previous_comment"].strip() else None
        earlier = tuple(thread[-MAX_THREAD:])
        for view, comment in {
            "headline": Comment(text=row["text"], article=Article(title)),
            "article": Comment(text=row["text"], article=article),
            "headline and thread": Comment(text=row["text"], article=Article(title), thread=earlier),
            "all": Comment(text=row["text"], article=article, parent=parent, thread=earlier),
        }.items():
            yield Placed(f"news, {view}", title, comment)
        thread.append(Passage(row["text"]))


def place_under_parents(rows: Iterable[Row]) -> Iterator[Placed]:
    """wikipedia_context: true replies; what they answer is a parent, or stands for an article."""
    for row in rows:
        text, parent = row["text"], row["parent_text"].strip()
        if parent and text.strip():
            said = Passage(parent)
            yield Placed("reply, parent", parent, Comment(text=text, parent=said, thread=(said,)))
            yield Placed("reply, headline", parent, Comment(text=text, article=Article(opening(parent))))
            yield Placed("reply, article", parent, Comment(text=text, article=Article(opening(parent), parent)))


def place_under_headings(rows: Iterable[Row]) -> Iterator[Placed]:
    """wikipedia_talk: comments that begin with a heading of at least two words."""
    for row in rows:
        found = _HEADING.match(row["text"]) or _FIRST_LINE.match(row["text"])
        if found and len(found[1].split()) > 1 and found[2].strip():
            yield Placed("heading", found[1], Comment(text=found[2], article=Article(found[1])))


def place_under_openings(rows: Sequence[Row], *, seed: int) -> Iterator[Placed]:
    """Long comments: the opening sentence for a headline, the middle (among foreign passages) for an article."""
    rng = np.random.default_rng(seed)
    pages = _pages([rows[int(place)]["text"] for place in rng.permutation(len(rows))[:PAGES]])
    for row in rows:
        text, spans = row["text"], sentence_spans(row["text"])
        if len(spans) >= MIN_SENTENCES and len(text.split()) >= MIN_WORDS:
            middle = spans[len(spans) // 2][0]
            end = text[middle:]
            body = _among(text[spans[1][0] : middle], pages, rng)
            yield Placed("opening, headline", text, Comment(text=end, article=Article(opening(text))))
            yield Placed("opening, article", text, Comment(text=end, article=Article(opening(text), body)))


def opening(text: str) -> str:
    """A text's first sentence, at most as long as a headline."""
    spans = sentence_spans(text)
    return " ".join(text[slice(*spans[0])].split()[:HEADLINE_WORDS]) if spans else ""


def _pages(texts: Iterable[str]) -> list[str]:
    """The first passage of each text."""
    return [text[slice(*spans[0])] for text in texts if (spans := passage_spans(text))]


def _among(body: str, pages: Sequence[str], rng: np.random.Generator) -> str:
    chosen = [pages[int(place)] for place in rng.integers(len(pages), size=int(rng.integers(MAX_PAGES)))]
    chosen.insert(int(rng.integers(len(chosen) + 1)), body.strip())
    return "\n".join(chosen)


def _another(rows: Sequence[Placed], item: Placed, rng: np.random.Generator) -> Placed:
    """A random row of another group. Raises ValueError where a source seems to have one group only."""
    for _ in range(1_000):
        other = rows[int(rng.integers(len(rows)))]
        if other.group != item.group:
            return other
    raise ValueError(f"{item.source} has a single group, so that nothing can be contrasted")


def _by_source(placed: Iterable[Placed]) -> dict[str, list[Placed]]:
    sources: dict[str, list[Placed]] = defaultdict(list)
    for item in placed:
        sources[item.source].append(item)
    return sources
