"""Our toxicity beside scores that Perspective gave to the same texts: how they are spread, where they disagree."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
from scipy.stats import spearmanr

from service.batch.comment_files import MAX_FIELD_CHARS, FileInvalid
from service.domain.errors import TextInvalid
from service.domain.text_validation import blank_controls, check_text

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 20
MAX_DISAGREEMENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A text with the score that it got from Perspective; `line` is where it stands in the file."""

    line: int
    id: str
    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both scores of a text, on Perspective's scale."""

    recorded: Recorded
    ours: float

    @property
    def difference(self) -> float:
        """How much higher we score."""
        return self.ours - self.recorded.score


@dataclass(frozen=True, slots=True, kw_only=True)
class AtThreshold:
    """Shares of the texts at one threshold: at or above it by both, by one alone, and how many are on the same side."""

    threshold: float
    both: float
    only_perspective: float
    only_ours: float

    @property
    def same_side(self) -> float:
        """The share on which a threshold's yes or no does not change."""
        return 1 - self.only_perspective - self.only_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the pairs add up to; the shares are of all texts, in BINS equal steps of the score."""

    count: int
    rank_correlation: float | None
    mean_difference: float
    shares_perspective: tuple[float, ...]
    shares_ours: tuple[float, ...]
    thresholds: tuple[AtThreshold, ...]
    disagreements: tuple[Pair, ...]


def read_recorded(file: TextIO, *, column: str, longest: int) -> Iterator[Recorded]:
    """The rows of a CSV with the columns `text` and `column`; raises FileInvalid naming the line and the field."""
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.DictReader(file, strict=True)
    try:
        names = set(reader.fieldnames or ())
        for name in ("text", column):
            if name not in names:
                raise FileInvalid(f"line 1: there is no column named '{name}'.")
        for found in reader:
            yield _read_row(found, line=reader.line_num, column=column, longest=longest)
    except csv.Error as error:
        raise FileInvalid(f"line {reader.line_num}: not CSV: {error}") from None
    except UnicodeDecodeError:
        raise FileInvalid("The file is not UTF-8.") from None


def compare(pairs: Sequence[Pair]) -> Comparison:
    """Adds the pairs up; raises FileInvalid where there are none."""
    if not pairs:
        raise FileInvalid("There is no text that both have scored.")
    theirs = np.array([pair.recorded.score for pair in pairs])
    ours = np.array([pair.ours for pair in pairs])
    varies = len(pairs) > 1 and np.ptp(theirs) > 0 and np.ptp(ours) > 0
    apart = sorted(pairs, key=lambda pair: -abs(pair.difference))
    return Comparison(
        count=len(pairs),
        rank_correlation=float(spearmanr(theirs, ours).statistic) if varies else None,
        mean_difference=float((ours - theirs).mean()),
        shares_perspective=_spread(theirs),
        shares_ours=_spread(ours),
        thresholds=tuple(_at(threshold, theirs, ours) for threshold in THRESHOLDS),
        disagreements=tuple(apart[:MAX_DISAGREEMENTS]),
    )


def open_recorded(path: Path, *, column: str, longest: int) -> list[Recorded]:
    """All rows of a file; raises FileInvalid, OSError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(read_recorded(file, column=column, longest=longest))


def _read_row(found: dict[str, str], *, line: int, column: str, longest: int) -> Recorded:
    text = blank_controls(found.get("text") or "")
    try:
        check_text(text, field="text", longest=longest)
        score = float(found.get(column) or "")
    except TextInvalid as error:
        raise FileInvalid(f"line {line}: text: {error}") from None
    except ValueError:
        raise FileInvalid(f"line {line}: {column}: not a number.") from None
    if not 0 <= score <= 1:
        raise FileInvalid(f"line {line}: {column}: a score lies between 0 and 1.")
    return Recorded(line=line, id=found.get("id") or "", text=text, score=score)


def _spread(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, ...]:
    counts, _ = np.histogram(scores, bins=BINS, range=(0, 1))
    return tuple(float(count) / len(scores) for count in counts)


def _at(
    threshold: float,
    theirs: np.ndarray[tuple[int], np.dtype[np.float64]],
    ours: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> AtThreshold:
    above_theirs, above_ours = theirs >= threshold, ours >= threshold
    return AtThreshold(
        threshold=threshold,
        both=float((above_theirs & above_ours).mean()),
        only_perspective=float((above_theirs & ~above_ours).mean()),
        only_ours=float((~above_theirs & above_ours).mean()),
    )
