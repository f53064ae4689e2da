"""What releases aim for, and whether one gets there; the figures are measured elsewhere.

An area of toxicity counts as reached when the figure is, and the paired difference from n-grams is above zero with
its whole 95 % interval. Elsewhere there is no such baseline, so the figure decides, and the interval stands beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from training.evaluation.baselines import NGRAMS
from training.evaluation.benchmarks import UNTAUGHT
from training.evaluation.fairness import WRITTEN
from training.report.tables import Facts, Section, Table, write_figure, write_interval

TOXICITY: Mapping[tuple[str, str], float] = {
    ("wikipedia_talk (held out)", "AUC"): 0.989,
    ("civil_balanced (held out)", "AUC"): 0.955,
    ("ucc", "AUC"): 0.80,
    ("c3", "AUC"): 0.79,
    ("c3", "recall, 10% held"): 0.42,
    ("wikipedia_context (out of fold)", "AUC"): 0.850,
    ("hatemoji_check", "AUC"): 0.80,
    (UNTAUGHT, "AUC"): 0.80,
    (WRITTEN, "AUC"): 0.985,
}
ROWS: Mapping[tuple[str, str], float] = {
    ("c3, headline", "AUC, random other"): 0.86,
    ("c3, headline and thread", "AUC, random other"): 0.90,
    ("c3, headline", "AUC, nearest other"): 0.67,
    ("c3, headline and thread", "AUC, nearest other"): 0.75,
    ("cocolofa, article", "AUC, random other"): 0.97,
    ("cocolofa, article", "AUC, nearest other"): 0.85,
    ("ukpconvarg2", "AUC"): 0.72,
    ("corruptions unseen", "AUC"): 0.97,
}
"""Of relevance and coherence."""

MIN_BPSN = 0.96
MIN_RECALL_KEPT = 0.9
MAX_FALSE_POSITIVES_ADDED = 0.02
MAX_PLAIN_HELD = 0.02
MAX_DIFFERENCE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is aimed for and reached, and whether that is enough; `beside` is the paired difference from n-grams."""

    name: str
    aim: str
    reached: Mapping[str, Any]
    beside: Mapping[str, Any] | None = None
    is_met: bool


def compare_with_aims(measured: Facts) -> Iterator[Aim]:
    """Answer every aim for which there is a figure, in one order; `out_of_fold` may be there too, from the card."""
    yield from _areas(measured)
    yield from _habits(measured)
    known = {(row["set"], row["measure"]): row for row in (*measured["relevance"], *measured["coherence"])}
    for name, aim in ROWS.items():
        if row := known.get(name):
            yield Aim(name=", ".join(name), aim=f"{aim:.3f}", reached=row, is_met=row["value"] >= aim)
    if row := known.get(("plain comments", "called incoherent")):
        is_met = row["value"] < MAX_PLAIN_HELD
        yield Aim(name="plain comments called incoherent", aim=f"under {MAX_PLAIN_HELD}", reached=row, is_met=is_met)


def write_aims(measured: Facts) -> Section:
    """Answer the aims as a section."""
    rows = [
        (
            aim.name,
            aim.aim,
            write_figure(aim.reached["value"]),
            write_interval(aim.reached),
            f"{aim.beside['value']:+.3f} ({aim.beside['low']:+.3f} to {aim.beside['high']:+.3f})" if aim.beside else "",
            "yes" if aim.is_met else "no",
        )
        for aim in compare_with_aims(measured)
    ]
    return Section(
        title="Aims",
        text="What this release was to reach. Toxicity counts as reached when the figure is, and the whole interval of "
        "the paired difference from n-grams on the same rows is above zero.",
        table=Table(("what", "aim", "reached", "95 %", "more than n-grams", "met"), rows),
    )


def _areas(measured: Facts) -> Iterator[Aim]:
    rows = [row for table in measured["toxicity"] for row in (table, *table["workloads"])]
    others = [row for row in measured["against"] if str(row["peer"]).startswith(NGRAMS)]
    if out_of_fold := measured.get("out_of_fold"):
        rows, others = [*rows, out_of_fold["area"]], [*others, out_of_fold["beside"]]
    found, beside = ({(row["set"], row["measure"]): row for row in each} for each in (rows, others))
    for name, aim in TOXICITY.items():
        if row := found.get(name):
            other = beside.get(name)
            is_met = row["value"] >= aim and other is not None and other["low"] > 0
            yield Aim(name=", ".join(name), aim=f"{aim:.3f}", reached=row, beside=other, is_met=is_met)


def _habits(measured: Facts) -> Iterator[Aim]:
    for row in measured["areas"]["worst"]:
        if row["measure"] == "BPSN":
            is_met = row["value"] >= MIN_BPSN
            yield Aim(name=f"worst BPSN: {row['set']}", aim=f"{MIN_BPSN:.3f}", reached=row, is_met=is_met)
    if kept := [row["kept"] for row in measured["disguises"] if row["kept"]]:
        worst = min(kept, key=_value)
        name = f"worst disguise, recall kept: {worst['set']}"
        yield Aim(name=name, aim=f"{MIN_RECALL_KEPT:.3f}", reached=worst, is_met=worst["value"] >= MIN_RECALL_KEPT)
    if added := [row["added"] for row in measured["disguises"] if row["added"]]:
        most = max(added, key=_value)
        name = f"worst disguise, false positives added: {most['set']}"
        yield Aim(
            name=name,
            aim=f"under {MAX_FALSE_POSITIVES_ADDED}",
            reached=most,
            is_met=most["value"] < MAX_FALSE_POSITIVES_ADDED,
        )
    for which in ("statements", "mentions"):
        if rows := measured[which]["terms"]:
            furthest = max(rows, key=lambda row: abs(float(row["value"])))
            name = f"{which}, furthest from the overall rate: {furthest['measure']}"
            is_met = abs(furthest["value"]) <= MAX_DIFFERENCE
            yield Aim(name=name, aim=f"within {MAX_DIFFERENCE}", reached=furthest, is_met=is_met)


def _value(row: Facts) -> float:
    return float(row["value"])
