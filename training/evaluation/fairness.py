"""Measures whether a comment scores higher because it names a group: AUC and hold rates by identity term.

The three AUC are those of Borkan et al. 2019. *Subgroup*: toxic against harmless comments, all about the group.
*BPSN* (background positive, subgroup negative): harmless comments about the group against toxic ones about others.
*BNSP*: the reverse. A low BPSN means that harmless comments about the group score like toxic ones about others.
"""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.evaluation.benchmarks import Benchmark, ScoredBenchmark
from training.evaluation.results import IdentityAuc, TermAuc, TermRate, TermRates
from training.evaluation.scoring import ToxicityScorer
from training.statistics.bootstrap import Measurement, auc_row, mean_difference_row
from training.templates.fairness_statements import fill_fairness_statements, term_pattern
from training.templates.loader import load_identity_terms

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
AUC_KINDS = ("subgroup", "BPSN", "BNSP")
MIN_ROWS_OF_CLASS = 8
"""An AUC needs so many toxic rows, and as many harmless ones."""

MIN_MENTIONS = 30
"""A term's hold rate needs so many harmless comments that mention the term."""

SYNTHETIC_SET = "bias_madlibs"
"""A benchmark of toxic and harmless templates, each filled with every identity term."""

REAL_SETS = (
    "wikipedia_talk (held out)",
    "wikipedia_context (held out)",
    "civil_balanced (held out)",
    "ucc",
    "c3",
)
"""Benchmarks of comments that people wrote to each other. No release is trained on them."""


def evaluate_identity_auc(benchmark: Benchmark, toxicity: Floats, *, seed: int) -> IdentityAuc:
    """Measure the three AUC of each term, and the worst term of each kind with its interval.

    Rows that differ only in the term are one sentence about several groups. They are resampled together.
    """
    labels, term_of_row = benchmark.is_toxic, np.array(benchmark.slices)
    terms = []
    for term in np.unique(term_of_row[term_of_row != ""]):
        rows = {kind: _rows_of(kind, term_of_row == term, labels) for kind in AUC_KINDS}
        if all(_has_enough_of_both_classes(labels[chosen]) for chosen in rows.values()):
            # The fields of TermAuc are named as the kinds, in lowercase.
            auc = {
                kind.lower(): float(roc_auc_score(labels[chosen], toxicity[chosen])) for kind, chosen in rows.items()
            }
            terms.append(TermAuc(term=str(term), rows=int((term_of_row == term).sum()), **auc))
    worst = [_measure_worst(kind, terms, benchmark, toxicity, seed=seed) for kind in AUC_KINDS if terms]
    return IdentityAuc(terms=tuple(terms), worst=tuple(worst))


def evaluate_statements(
    score: ToxicityScorer, *, per_group: int | None = None, threshold: float, seed: int
) -> TermRates:
    """Measure how much more often harmless statements about a group are held than the same ones about all groups.

    The statements are hand-written: frames that are filled with each group's term. `per_group` bounds the number of
    frames. The statements of one frame are resampled together.
    """
    terms, frames, texts = zip(*fill_fairness_statements(per_group), strict=True)
    group_terms = load_identity_terms().fairness_terms
    held = (score(texts) >= threshold).astype(float)
    # `fill_fairness_statements` yields each frame with every term in turn, so that a row of this table is a frame.
    # The frame's rate is repeated for each of its statements.
    rate_of_frame = held.reshape(-1, len(group_terms)).mean(axis=1).repeat(len(group_terms))
    rates = []
    for term in group_terms:
        rows = np.array(terms) == term
        chosen = [frame for frame, is_chosen in zip(frames, rows, strict=True) if is_chosen]
        difference = mean_difference_row("statements", term, (held - rate_of_frame)[rows], groups=chosen, seed=seed)
        rates.append(TermRate(**asdict(difference), held=float(held[rows].mean())))
    return TermRates(held=float(held.mean()), n=len(texts), terms=tuple(rates))


def evaluate_mentions(scored: Sequence[ScoredBenchmark], *, threshold: float, seed: int) -> TermRates:
    """Measure how much more often real harmless comments that mention a group are held than others.

    Each comment is compared with the rate of all harmless comments in its own set, because sets differ more than
    groups of people do. Comments of one cluster, such as those under one article, are resampled together.
    """
    texts, groups, held, rate_of_set = _collect_harmless(scored, threshold)
    rates = []
    for term in load_identity_terms().fairness_terms:
        pattern = term_pattern(term)
        rows = np.array([bool(pattern.search(text)) for text in texts], dtype=bool)
        if rows.sum() >= MIN_MENTIONS:
            chosen = [groups[row] for row in np.flatnonzero(rows).tolist()]
            difference = mean_difference_row("mentions", term, (held - rate_of_set)[rows], groups=chosen, seed=seed)
            rates.append(TermRate(**asdict(difference), held=float(held[rows].mean())))
    return TermRates(held=float(held.mean()) if len(held) else 0.0, n=len(texts), terms=tuple(rates))


def _measure_worst(
    kind: str, terms: Sequence[TermAuc], benchmark: Benchmark, toxicity: Floats, *, seed: int
) -> Measurement:
    """Return the lowest AUC of a kind over the terms, with its interval."""
    worst_term = min(terms, key=lambda auc: auc.of_kind(kind)).term
    labels = benchmark.is_toxic
    rows = _rows_of(kind, np.array(benchmark.slices) == worst_term, labels)
    texts_and_terms = zip(benchmark.texts, benchmark.slices, strict=True)
    # With the term taken out, the same sentence about two groups has the same text, and becomes one cluster.
    frames = np.array([text.replace(term, "{}") if term else text for text, term in texts_and_terms])
    return auc_row(
        f"{benchmark.name}, {worst_term}",
        kind,
        labels=labels[rows].astype(int),
        scores=toxicity[rows],
        groups=frames[rows],
        seed=seed,
    )


def _collect_harmless(
    scored: Sequence[ScoredBenchmark], threshold: float
) -> tuple[list[str], list[str], Floats, Floats]:
    """Return the harmless texts of REAL_SETS and, for each, its cluster, 1 if it is held, and its set's hold rate."""
    texts: list[str] = []
    groups: list[str] = []
    # An empty array first, because concatenating none would fail.
    held, rate_of_set = [np.empty(0)], [np.empty(0)]
    for benchmark, toxicity in scored:
        if benchmark.name in REAL_SETS:
            harmless = benchmark.is_toxic == 0
            texts += [benchmark.texts[row] for row in np.flatnonzero(harmless).tolist()]
            groups += [f"{benchmark.name}, {benchmark.groups[row]}" for row in np.flatnonzero(harmless).tolist()]
            held.append((toxicity[harmless] >= threshold).astype(float))
            rate_of_set.append(np.full(int(harmless.sum()), held[-1].mean()))
    return texts, groups, np.concatenate(held), np.concatenate(rate_of_set)


def _rows_of(kind: str, is_named: Flags, labels: Floats) -> Flags:
    """Return which rows an AUC of this kind is measured on, (rows,)."""
    is_toxic = labels == 1
    if kind == "subgroup":
        return is_named
    # BPSN: either named or toxic, but not both. BNSP: both named and toxic, or neither.
    rows: Flags = (is_named ^ is_toxic) if kind == "BPSN" else (is_named == is_toxic)
    return rows


def _has_enough_of_both_classes(labels: Floats) -> bool:
    return MIN_ROWS_OF_CLASS <= int(labels.sum()) <= len(labels) - MIN_ROWS_OF_CLASS
