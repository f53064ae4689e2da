"""Whether naming a group costs a comment: areas and false positives by identity term; it teaches nothing.

Subgroup, BPSN (the group's harmless comments against everybody else's toxic ones) and BNSP (the reverse) are after
Borkan et al. 2019. A low BPSN means that harmless comments about the group are scored like toxic ones about others.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.evaluation.benchmarks import Benchmark
from training.evaluation.bootstrap import auc_row
from training.evaluation.paired import difference_row
from training.templates.fairness_statements import TERMS, naming, write_statements

Floats = NDArray[np.float64]
Facts = dict[str, Any]
Score = Callable[[Sequence[str]], Floats]
"""Answers the toxicity of each text, shape (texts,)."""

AREAS = ("subgroup", "BPSN", "BNSP")
MIN_STATEMENTS = 8
"""Rows of each class that an area needs."""

MIN_MENTIONS = 30
"""Harmless mentions that a rate needs."""

WRITTEN = "bias_madlibs"
REAL = (
    "wikipedia_talk (held out)",
    "wikipedia_context (held out)",
    "civil_balanced (held out)",
    "ucc",
    "c3",
)
"""Sets of comments that people wrote to one another, none of which a release learns from."""


def evaluate_areas(benchmark: Benchmark, said: Floats, *, seed: int) -> Facts:
    """Answer the three areas of each term, and the worst of each kind with its interval.

    Rows that differ in the term alone, the same sentence about another group, are drawn together.
    """
    labels, named = benchmark.labels[:, 0], np.array(benchmark.slices)
    frames = np.array([text.replace(term, "{}") if term else text for text, term in _texts(benchmark)])
    terms: list[Facts] = []
    for term in np.unique(named[named != ""]):
        chosen = {kind: _rows_of(kind, named == term, labels) for kind in AREAS}
        if all(_is_enough(labels[rows]) for rows in chosen.values()):
            areas = {kind: float(roc_auc_score(labels[rows], said[rows])) for kind, rows in chosen.items()}
            terms.append({"term": str(term), "rows": int((named == term).sum()), **areas})
    worst = []
    for kind in AREAS if terms else ():
        term = min(terms, key=lambda fact: fact[kind])["term"]
        rows = _rows_of(kind, named == term, labels)
        name, classes = f"{benchmark.name}, {term}", labels[rows].astype(int)
        worst.append(auc_row(name, kind, labels=classes, scores=said[rows], groups=frames[rows], seed=seed))
    return {"terms": terms, "worst": worst}


def evaluate_statements(score: Score, *, most: int | None = None, threshold: float, seed: int) -> Facts:
    """Answer how much oftener than overall our harmless statements about each group are held, drawn by frame."""
    terms, frames, texts = zip(*write_statements(most), strict=True)
    held = (score(texts) >= threshold).astype(float)
    of_frame = held.reshape(-1, len(TERMS)).mean(axis=1).repeat(len(TERMS))
    rows = []
    for term in TERMS:
        of_term = np.array(terms) == term
        groups = [frame for frame, chosen in zip(frames, of_term, strict=True) if chosen]
        row = difference_row("statements", term, (held - of_frame)[of_term], groups=groups, seed=seed)
        rows.append({**row, "held": float(held[of_term].mean())})
    return {"held": float(held.mean()), "n": len(texts), "terms": rows}


def evaluate_mentions(scored: Sequence[tuple[Benchmark, Floats]], *, threshold: float, seed: int) -> Facts:
    """Answer the same for real harmless comments that mention a group.

    Each is compared with the rate of harmless comments of its own set, since sets differ more than groups do. Comments
    that belong together, such as those under one article, are drawn together.
    """
    texts, belonging, held, expected = _harmless(scored, threshold)
    rows: list[Facts] = []
    for term in TERMS:
        found = naming(term)
        mentions = np.array([bool(found.search(text)) for text in texts], dtype=bool)
        if mentions.sum() >= MIN_MENTIONS:
            groups = [belonging[place] for place in np.flatnonzero(mentions)]
            row = difference_row("mentions", term, (held - expected)[mentions], groups=groups, seed=seed)
            rows.append({**row, "held": float(held[mentions].mean())})
    return {"held": float(held.mean()) if len(held) else 0.0, "n": len(texts), "terms": rows}


def _harmless(
    scored: Sequence[tuple[Benchmark, Floats]], threshold: float
) -> tuple[list[str], list[str], Floats, Floats]:
    """Answer harmless texts, the group of its set that each belongs to, whether it is held, and its set's share."""
    texts: list[str] = []
    groups: list[str] = []
    held, expected = [np.empty(0)], [np.empty(0)]
    for benchmark, said in scored:
        if benchmark.name in REAL:
            harmless = benchmark.labels[:, 0] == 0
            texts += [text for text, chosen in zip(benchmark.texts, harmless, strict=True) if chosen]
            of_set = zip(benchmark.groups, harmless, strict=True)
            groups += [f"{benchmark.name}, {group}" for group, chosen in of_set if chosen]
            held.append((said[harmless] >= threshold).astype(float))
            expected.append(np.full(int(harmless.sum()), held[-1].mean()))
    return texts, groups, np.concatenate(held), np.concatenate(expected)


def _texts(benchmark: Benchmark) -> Iterator[tuple[str, str]]:
    return zip(benchmark.texts, benchmark.slices, strict=True)


def _rows_of(kind: str, is_named: NDArray[np.bool_], labels: Floats) -> NDArray[np.bool_]:
    toxic = labels == 1
    if kind == "subgroup":
        return is_named
    rows: NDArray[np.bool_] = (is_named ^ toxic) if kind == "BPSN" else (is_named == toxic)
    return rows


def _is_enough(labels: Floats) -> bool:
    return MIN_STATEMENTS <= int(labels.sum()) <= len(labels) - MIN_STATEMENTS
