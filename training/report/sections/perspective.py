"""Sections on the agreement with Perspective's scale."""

from collections.abc import Iterator

from models.card import Card
from training.evaluation.results import from_json
from training.release.perspective_scale import METRICS, ScaleAgreement, ThresholdAgreement
from training.report.tables import Section, Table, format_figure, format_interval, format_short, format_signed


def write_sections(card: Card, held_out: ScaleAgreement | None) -> Iterator[Section]:
    """Yield the agreement on held-out rows, then the card's agreement on the rows that the scale was fitted on."""
    if held_out:
        yield _write_agreement(held_out, "held-out rows")
    if card_metrics := card.metrics.get("perspective"):
        agreement = from_json(ScaleAgreement, card_metrics)
        yield _write_agreement(agreement, "rows that the release's own scale was fitted on, each by a scale without it")


def _write_agreement(agreement: ScaleAgreement, rows_described: str) -> Section:
    header = ("threshold", "rows that reach it on Perspective", "rows that reach it here", *METRICS)
    return Section(
        title=f"Perspective's scale, {rows_described}",
        text=f"Toxicity on Perspective's scale against its recorded scores, {agreement.rows} rows; each by a scale "
        f"that was fitted without it. Rank correlation {format_figure(agreement.rank.value)} "
        f"({format_interval(agreement.rank)}), mean distance {format_figure(agreement.error)}. Few rows reach the "
        "upper thresholds: read the intervals. The map keeps shares of comments, not single scores."
        + _write_difference(agreement),
        table=Table(header, [_write_threshold(row) for row in agreement.thresholds]),
    )


def _write_threshold(row: ThresholdAgreement) -> tuple[str, ...]:
    estimates = (row.precision, row.recall, row.f1, row.kappa)
    return (str(row.threshold), str(row.recorded), str(row.flagged), *map(format_short, estimates))


def _write_difference(agreement: ScaleAgreement) -> str:
    if agreement.against is None:
        return ""
    return (
        f" On the corpus's own label, the AUC is {format_figure(agreement.against.release_value)} for this release and "
        f"{format_figure(agreement.against.baseline_value)} for Perspective, difference "
        f"{format_signed(agreement.against)}."
    )
