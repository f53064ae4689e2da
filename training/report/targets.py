"""The targets of a release, and whether an evaluation meets them.

A target for toxicity is met if the figure reaches it, and if the whole 95 % interval of the paired difference from
n-grams is above zero. Other targets have no such baseline. The figure alone decides about them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from training.evaluation.baselines import NGRAMS
from training.evaluation.benchmarks import IMPLICIT_HATE
from training.evaluation.fairness import SYNTHETIC_SET
from training.evaluation.results import Evaluation, OutOfFoldResult
from training.report.tables import Section, Table, format_figure, format_interval, format_signed
from training.statistics.bootstrap import Estimate, Measurement, PairedDifference

TOXICITY: Mapping[tuple[str, str], float] = {
    ("wikipedia_talk (held out)", "AUC"): 0.989,
    ("civil_balanced (held out)", "AUC"): 0.955,
    ("ucc", "AUC"): 0.80,
    ("c3", "AUC"): 0.79,
    ("c3", "recall, 10% held"): 0.42,
    ("wikipedia_context (out of fold)", "AUC"): 0.850,
    ("hatemoji_check", "AUC"): 0.80,
    (IMPLICIT_HATE, "AUC"): 0.80,
    (SYNTHETIC_SET, "AUC"): 0.985,
}
"""For a set and a metric, the value to reach."""

RELEVANCE_AND_COHERENCE: Mapping[tuple[str, str], float] = {
    ("c3, headline", "AUC, random other"): 0.86,
    ("c3, headline and thread", "AUC, random other"): 0.90,
    ("c3, headline", "AUC, nearest other"): 0.67,
    ("c3, headline and thread", "AUC, nearest other"): 0.75,
    ("cocolofa, article", "AUC, random other"): 0.97,
    ("cocolofa, article", "AUC, nearest other"): 0.85,
    ("ukpconvarg2", "AUC"): 0.72,
    ("corruptions unseen", "AUC"): 0.97,
}

MIN_BPSN = 0.96
"""For the worst identity term. BPSN is explained in `training.evaluation.fairness`."""

MIN_RECALL_KEPT = 0.9
MAX_FALSE_POSITIVES_ADDED = 0.02
MAX_PLAIN_INCOHERENT = 0.02
"""The share of plain comments that may be called incoherent."""

MAX_DIFFERENCE = 0.02
"""How far a group's hold rate may be from the rate of all groups. The charts show it as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target, the value that was reached, and whether that is enough.

    `difference` is the paired difference from n-grams, if the target has that baseline.
    """

    name: str
    target: str
    reached: Estimate
    difference: PairedDifference | None = None
    is_met: bool


def compare_with_targets(evaluation: Evaluation, out_of_fold: OutOfFoldResult | None = None) -> Iterator[Target]:
    """Yield every target that was measured, always in the same order. `out_of_fold` comes from the release's card."""
    yield from _compare_toxicity(evaluation, out_of_fold)
    yield from _compare_weaknesses(evaluation)
    rows = {(row.set, row.metric): row for row in (*evaluation.relevance, *evaluation.coherence)}
    for name, target in RELEVANCE_AND_COHERENCE.items():
        if row := rows.get(name):
            yield Target(name=", ".join(name), target=f"{target:.3f}", reached=row, is_met=row.value >= target)
    if row := rows.get(("plain comments", "called incoherent")):
        yield Target(
            name="plain comments called incoherent",
            target=f"under {MAX_PLAIN_INCOHERENT}",
            reached=row,
            is_met=row.value < MAX_PLAIN_INCOHERENT,
        )


def write_targets(evaluation: Evaluation, out_of_fold: OutOfFoldResult | None = None) -> Section:
    """Return the targets as a section."""
    rows = [
        (
            target.name,
            target.target,
            format_figure(target.reached.value),
            format_interval(target.reached),
            format_signed(target.difference) if target.difference else "",
            "yes" if target.is_met else "no",
        )
        for target in compare_with_targets(evaluation, out_of_fold)
    ]
    return Section(
        title="Targets",
        text="What this release should reach. A target for toxicity is met if the figure reaches it and the whole "
        "interval of the paired difference from n-grams on the same rows is above zero.",
        table=Table(("what", "target", "reached", "95 %", "more than n-grams", "met"), rows),
    )


def _compare_toxicity(evaluation: Evaluation, out_of_fold: OutOfFoldResult | None) -> Iterator[Target]:
    rows: list[Measurement] = [row for result in evaluation.toxicity for row in (result, *result.workloads)]
    # The baseline's name has the number of its training rows appended in a quick evaluation.
    differences: list[PairedDifference] = [row for row in evaluation.against if row.baseline.startswith(NGRAMS)]
    if out_of_fold:
        rows.append(out_of_fold.auc)
        differences.append(out_of_fold.difference)
    row_of, difference_of = {_key(row): row for row in rows}, {_key(row): row for row in differences}
    for name, target in TOXICITY.items():
        if row := row_of.get(name):
            difference = difference_of.get(name)
            yield Target(
                name=", ".join(name),
                target=f"{target:.3f}",
                reached=row,
                difference=difference,
                is_met=row.value >= target and difference is not None and difference.low > 0,
            )


def _compare_weaknesses(evaluation: Evaluation) -> Iterator[Target]:
    """Yield the targets for the worst identity term, the worst obfuscation and the furthest hold rate of a group."""
    for row in evaluation.identity_auc.worst:
        if row.metric == "BPSN":
            name = f"worst BPSN: {row.set}"
            yield Target(name=name, target=f"{MIN_BPSN:.3f}", reached=row, is_met=row.value >= MIN_BPSN)
    if kept := [row.recall_kept for row in evaluation.obfuscations if row.recall_kept]:
        worst = min(kept, key=_value)
        yield Target(
            name=f"worst obfuscation, recall kept: {worst.set}",
            target=f"{MIN_RECALL_KEPT:.3f}",
            reached=worst,
            is_met=worst.value >= MIN_RECALL_KEPT,
        )
    if added := [row.false_positives_added for row in evaluation.obfuscations if row.false_positives_added]:
        worst = max(added, key=_value)
        yield Target(
            name=f"worst obfuscation, false positives added: {worst.set}",
            target=f"under {MAX_FALSE_POSITIVES_ADDED}",
            reached=worst,
            is_met=worst.value < MAX_FALSE_POSITIVES_ADDED,
        )
    for which, rates in (("statements", evaluation.statements), ("mentions", evaluation.mentions)):
        if rates.terms:
            furthest = max(rates.terms, key=lambda row: abs(row.value))
            yield Target(
                name=f"{which}, furthest from the overall rate: {furthest.metric}",
                target=f"within {MAX_DIFFERENCE}",
                reached=furthest,
                is_met=abs(furthest.value) <= MAX_DIFFERENCE,
            )


def _key(row: Measurement) -> tuple[str, str]:
    return row.set, row.metric


def _value(row: Measurement) -> float:
    return row.value
