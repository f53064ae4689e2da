"""Pairs that relevance is trained on: each comment in its own context, and in the context of another comment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.comment import Comment
from training.corpora.contexts import CommentInContext


@dataclass(frozen=True, slots=True)
class ContrastivePair:
    """A comment of the group `group`, such as an article, in the context of the group `context` of the same source."""

    source: str
    group: str
    context: str
    comment: Comment

    @property
    def label(self) -> int:
        """1 if the comment is in its own context, else 0."""
        return int(self.group == self.context)


def build_contrastive_pairs(comments: Sequence[CommentInContext], *, seed: int) -> list[ContrastivePair]:
    """Return each comment twice: in its own context, and in the context of a random comment of another group.

    The other group is of the same source, so that the style of a source does not reveal which context is the own one.

    Raises ValueError if a source has a single group.
    """
    rng = np.random.default_rng(seed)
    pairs = []
    for rows in _by_source(comments).values():
        for own in rows:
            other = _draw_other(rows, own, rng)
            pairs.append(ContrastivePair(own.source, own.group, own.group, own.comment))
            pairs.append(ContrastivePair(own.source, own.group, other.group, swap_context(own.comment, other.comment)))
    return pairs


def swap_context(comment: Comment, other: Comment) -> Comment:
    """Return the comment's text under the other's article, parent and thread."""
    return replace(comment, article=other.article, parent=other.parent, thread=other.thread)


def _draw_other(rows: Sequence[CommentInContext], own: CommentInContext, rng: np.random.Generator) -> CommentInContext:
    # Draw until the group differs. So many draws fail only if there is no other group.
    for _ in range(1_000):
        other = rows[int(rng.integers(len(rows)))]
        if other.group != own.group:
            return other
    raise ValueError(f"{own.source} has a single group, so its comments have no other context")


def _by_source(comments: Iterable[CommentInContext]) -> dict[str, list[CommentInContext]]:
    sources: dict[str, list[CommentInContext]] = defaultdict(list)
    for comment in comments:
        sources[comment.source].append(comment)
    return sources
