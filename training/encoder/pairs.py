"""Pairs of a comment and its context, which the encoder learns to embed alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.comment import Comment
from training.corpora.contexts import pair_with_first_sentences, pair_with_headings, pair_with_parents
from training.corpora.keys import dedup_key, row_key
from training.corpora.licensed_corpora import Corpora

MAX_CHARS = 2_000
"""Characters of a text that the encoder is fine-tuned on."""


@dataclass(frozen=True, slots=True)
class PositivePair:
    """A comment and a text that it belongs to."""

    context: str
    comment: str


def build_positive_pairs(corpora: Corpora, *, seed: int, max_pairs: int = 8_000) -> list[PositivePair]:
    """Sample comments with the text that they respond to.

    They are comments on talk pages, and long news comments with their own first sentences. Only rows with an odd key
    are used, so that half of the training rows of relevance are new to the encoder. No label is read, so a comment may
    be used even if another corpus holds it out.
    """
    rows = {
        name: _with_odd_key(corpora.train_split_rows(name))
        for name in ("wikipedia_talk", "wikipedia_context", "civil_spans")
    }
    talk = [row for row in rows["wikipedia_talk"] if row["text_normalised"] == "0"]
    comments = [
        *pair_with_parents(rows["wikipedia_context"]),
        *pair_with_headings(talk),
        *pair_with_first_sentences([*rows["civil_spans"], *talk], seed=seed),
    ]
    # The keys of a dictionary are distinct and keep their order.
    distinct = {PositivePair(_previous_text(item.comment), item.comment.text[:MAX_CHARS]): None for item in comments}
    # Sorted by a hash, which is a shuffle that the seed decides.
    pairs = sorted(distinct, key=lambda pair: dedup_key(f"{seed}{pair.comment}{pair.context}"))
    return pairs[:max_pairs]


def _with_odd_key(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if int(row_key(row), 16) % 2]


def _previous_text(comment: Comment) -> str:
    """Return the comment replied to, or else the headline."""
    if comment.parent:
        return comment.parent.text[:MAX_CHARS]
    return comment.article.title[:MAX_CHARS] if comment.article else ""
