"""Sections on toxicity: AUC and workloads by set, attributes, lengths and kinds of comments."""

from collections.abc import Iterator, Sequence

from models.card import Card
from training.evaluation.results import AttributeResult, Evaluation, OutOfFoldResult, SetResult, SliceResult
from training.evaluation.toxicity_metrics import WORKLOADS
from training.report.tables import (
    Section,
    Table,
    format_figure,
    format_interval,
    format_percent,
    format_signed,
    tabulate,
)


def write_sections(card: Card, evaluation: Evaluation, out_of_fold: OutOfFoldResult | None) -> Iterator[Section]:
    """Yield the sections."""
    yield _write_sets(evaluation.toxicity, threshold=card.thresholds.get("toxicity"))
    yield _write_out_of_fold(card, out_of_fold)
    yield _write_attributes(evaluation.attributes)
    yield _write_lengths(evaluation.lengths)
    yield _write_slices(evaluation.slices)
    yield Section(
        title="Recall at a workload",
        text="The share of all toxic comments that is found when the comments with the highest scores are held, up to "
        "a share of all comments. Only sets at their natural rate are shown: elsewhere toxic comments are too many for "
        "it to mean anything.",
        table=tabulate(row for result in evaluation.toxicity for row in result.workloads),
    )


def _write_sets(results: Sequence[SetResult], *, threshold: float | None) -> Section:
    workloads = " / ".join(f"{workload:.0%}" for workload in WORKLOADS)
    rows = [
        (
            row.set,
            *map(str, (row.n, row.positives, row.duplicates)),
            format_figure(row.value),
            format_interval(row),
            format_figure(row.baseline_auc),
            " / ".join(f"{recall:.0%}" for recall in row.recall),
            *map(format_percent, (row.held, row.missed)),
        )
        for row in results
    ]
    header = (
        "set",
        "rows",
        "toxic",
        "duplicates",
        "AUC",
        "95 %",
        "n-grams before",
        f"recall, {workloads} held",
        "held",
        "missed",
    )
    return Section(
        title="Toxicity",
        text="AUC is the area under the ROC curve. “n-grams before” is the AUC of n-grams before this release. "
        "“Duplicates” are rows that were left out because the release trains on the same text. “Held” is the share of "
        f"comments held at the recommended threshold, {threshold or 0.5}, and “missed” is the share of toxic comments "
        "among the others.",
        table=Table(header, rows),
        charts=("roc", "precision", "workload", "recall"),
    )


def _write_out_of_fold(card: Card, result: OutOfFoldResult | None) -> Section:
    auc = card.metrics["toxicity"]["auc_out_of_fold"]
    text = "Sources whose held-out split is too small or missing. Each row was scored by a model trained without it."
    if result:
        corpus = result.auc.set.split(" ")[0]
        auc_text = f"{format_figure(result.auc.value)} ({format_interval(result.auc)})"
        text += (
            f" Together with its held-out rows, {result.auc.n} in all, {corpus} reaches {auc_text}, "
            f"{format_signed(result.difference)} more than n-grams on the same rows."
        )
    rows = [(name, format_figure(value)) for name, value in auc.items()]
    return Section(title="Toxicity, out of fold", text=text, table=Table(("set", "AUC"), rows))


def _write_attributes(results: Sequence[AttributeResult]) -> Section:
    rows = [
        (row.set, row.metric, str(row.n), str(row.positives), format_figure(row.value), format_interval(row))
        for row in results
    ]
    header = ("set", "attribute", "rows", "positives", "AUC", "95 %")
    return Section(title="Attributes", text="Labels are scarce: read the intervals.", table=Table(header, rows))


def _write_lengths(results: Sequence[SliceResult]) -> Section:
    rows = [(row.set, row.slice, str(row.rows), format_figure(row.auc)) for row in results]
    return Section(title="Toxicity by length", table=Table(("set", "words", "rows", "AUC"), rows))


def _write_slices(results: Sequence[SliceResult]) -> Section:
    rows = [
        (row.set, row.slice, str(row.rows), format_figure(row.auc), format_percent(row.mean_of_negatives))
        for row in results
    ]
    return Section(
        title="Toxicity by kind and by group named",
        text="The last column is the mean score of comments that are not toxic. If it is high for a group of people, "
        "that suggests bias towards the group's name.",
        table=Table(("set", "slice", "rows", "AUC", "mean score of harmless"), rows),
    )
