"""Comparison of our toxicity scores with Perspective scores that were recorded earlier for the same texts."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeAlias

import numpy as np
from scipy.stats import spearmanr

from models.comment import Comment
from models.scorer import Scorer
from service.batch.comment_files import MAX_FIELD_CHARS, FileInvalid
from service.domain.errors import TextInvalid
from service.domain.text_validation import blank_control_characters, check_text

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 20
"""Bars of each histogram in the report, over scores from 0 to 1."""

MAX_DISAGREEMENTS = 50
"""Texts that the report lists: those on which the two scores differ the most."""

Scores: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A text with its recorded Perspective score. `line` is the line of the file on which it ends."""

    line: int
    id: str
    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both scores of a text. Ours is converted to Perspective's scale."""

    recorded: Recorded
    own_score: float

    @property
    def difference(self) -> float:
        """Our score minus Perspective's."""
        return self.own_score - self.recorded.score


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdShares:
    """Shares of the texts with a score at or above a threshold: by both systems, or by only one of them."""

    threshold: float
    both: float
    only_perspective: float
    only_commentdesk: float

    @property
    def same_side(self) -> float:
        """The share of texts on which both systems agree: both scores reach the threshold, or both are below."""
        return 1 - self.only_perspective - self.only_commentdesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Statistics over all pairs.

    `shares_perspective` and `shares_commentdesk` are histograms: the share of texts in each of BINS equal intervals of
    the score. `rank_correlation` is Spearman's, and None if a system has given all texts the same score.
    """

    count: int
    rank_correlation: float | None
    mean_difference: float
    shares_perspective: tuple[float, ...]
    shares_commentdesk: tuple[float, ...]
    thresholds: tuple[ThresholdShares, ...]
    disagreements: tuple[Pair, ...]


def read_recorded(file: TextIO, *, column: str, max_chars: int) -> Iterator[Recorded]:
    """Yield the rows of a CSV. `column` has the Perspective scores. Raises FileInvalid, which names line and field."""
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.DictReader(file, strict=True)
    try:
        names = set(reader.fieldnames or ())
        for name in ("text", column):
            if name not in names:
                raise FileInvalid(f"line 1: there is no column named '{name}'.")
        for row in reader:
            yield _read_row(row, line=reader.line_num, column=column, max_chars=max_chars)
    except csv.Error as error:
        raise FileInvalid(f"line {reader.line_num}: not CSV: {error}") from None
    except UnicodeDecodeError:
        raise FileInvalid("The file is not UTF-8.") from None


def score_recorded(scorer: Scorer, rows: Iterable[Recorded]) -> list[Pair]:
    """Score the rows on Perspective's scale. Texts in an unsupported language have no score and are left out."""
    pairs = []
    for row in rows:
        toxicity = scorer.assess(Comment(text=row.text), explain=False).scores["toxicity"]
        if toxicity is not None:
            pairs.append(Pair(recorded=row, own_score=scorer.perspective_scale.to_perspective(toxicity)))
    return pairs


def compare(pairs: Sequence[Pair]) -> Comparison:
    """Compare the pairs. Raises FileInvalid if there are none."""
    if not pairs:
        raise FileInvalid("There is no text with both scores.")
    perspective = np.array([pair.recorded.score for pair in pairs])
    commentdesk = np.array([pair.own_score for pair in pairs])
    # The rank correlation is undefined if one of the two has no variation. `ptp` is the maximum minus the minimum.
    varies = len(pairs) > 1 and np.ptp(perspective) > 0 and np.ptp(commentdesk) > 0
    by_difference = sorted(pairs, key=lambda pair: -abs(pair.difference))  # largest first
    return Comparison(
        count=len(pairs),
        rank_correlation=float(spearmanr(perspective, commentdesk).statistic) if varies else None,
        mean_difference=float((commentdesk - perspective).mean()),
        shares_perspective=_distribution(perspective),
        shares_commentdesk=_distribution(commentdesk),
        thresholds=tuple(_at(threshold, perspective, commentdesk) for threshold in THRESHOLDS),
        disagreements=tuple(by_difference[:MAX_DISAGREEMENTS]),
    )


def open_recorded(path: Path, *, column: str, max_chars: int) -> list[Recorded]:
    """Return all rows of a file. Raises FileInvalid or OSError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(read_recorded(file, column=column, max_chars=max_chars))


def _read_row(row: dict[str, str], *, line: int, column: str, max_chars: int) -> Recorded:
    text = blank_control_characters(row.get("text") or "")
    try:
        check_text(text, field="text", max_chars=max_chars)
        score = float(row.get(column) or "")
    except TextInvalid as error:
        raise FileInvalid(f"line {line}: text: {error}") from None
    except ValueError:
        raise FileInvalid(f"line {line}: {column}: not a number.") from None
    if not 0 <= score <= 1:
        raise FileInvalid(f"line {line}: {column}: a score must be between 0 and 1.")
    return Recorded(line=line, id=row.get("id") or "", text=text, score=score)


def _distribution(scores: Scores) -> tuple[float, ...]:
    counts, _ = np.histogram(scores, bins=BINS, range=(0, 1))
    return tuple(float(count) / len(scores) for count in counts)


def _at(threshold: float, perspective: Scores, commentdesk: Scores) -> ThresholdShares:
    above_perspective, above_commentdesk = perspective >= threshold, commentdesk >= threshold
    return ThresholdShares(
        threshold=threshold,
        both=float((above_perspective & above_commentdesk).mean()),
        only_perspective=float((above_perspective & ~above_commentdesk).mean()),
        only_commentdesk=float((~above_perspective & above_commentdesk).mean()),
    )
