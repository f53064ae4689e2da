"""Sections on fairness: whether a comment scores higher because it names a group."""

from collections.abc import Iterator

from training.evaluation.fairness import AUC_KINDS
from training.evaluation.results import Evaluation, IdentityAuc, TermRates
from training.report.tables import (
    Section,
    Table,
    format_figure,
    format_interval,
    format_percent,
    format_percentage_points,
    format_percentage_points_interval,
)


def write_sections(evaluation: Evaluation) -> Iterator[Section]:
    """Yield the sections."""
    statements, mentions = evaluation.statements, evaluation.mentions
    yield _write_identity_auc(evaluation.identity_auc)
    yield _write_rates(
        statements,
        title="Fairness: harmless statements",
        text="Hand-written statements, each made about every group. Of all "
        f"{statements.n}, {format_percent(statements.held)} are held at the recommended threshold. The difference, in "
        "percentage points, is that of a term from all terms in the same statements. Intervals resample statements.",
        chart="statements",
    )
    yield _write_rates(
        mentions,
        title="Fairness: harmless comments that mention a group",
        text=f"Real comments from sets that no release trains on; {mentions.n} of them are harmless. The difference, "
        "in percentage points, is from the rate of harmless comments in the sets that the mentions come from.",
        chart="mentions",
    )


def _write_identity_auc(auc: IdentityAuc) -> Section:
    # The term with the lowest BPSN comes first.
    rows = [
        (row.term, str(row.rows), *(format_figure(row.of_kind(kind)) for kind in AUC_KINDS))
        for row in sorted(auc.terms, key=lambda row: row.bpsn)
    ]
    # The set's name of a worst term ends with ", " and the term.
    worst = "; ".join(
        f"{row.metric} {format_figure(row.value)} ({format_interval(row)}) for {row.set.split(', ')[-1]}"
        for row in auc.worst
    )
    return Section(
        title="Fairness: AUC by identity term",
        text="Bias Madlibs, after Borkan et al. 2019. BPSN compares harmless sentences about the group with toxic ones "
        f"about others; BNSP the reverse. Worst: {worst or 'too few rows to tell'}.",
        table=Table(("term", "rows", *AUC_KINDS), rows),
        charts=("identity terms",),
    )


def _write_rates(rates: TermRates, *, title: str, text: str, chart: str) -> Section:
    rows = [
        (
            row.metric,
            str(row.n),
            format_percent(row.held),
            format_percentage_points(row.value),
            format_percentage_points_interval(row),
        )
        for row in sorted(rates.terms, key=lambda row: -row.value)
    ]
    table = Table(("term", "rows", "held", "difference", "95 %"), rows)
    return Section(title=title, text=text, table=table, charts=(chart,))
