"""Sections on what the recommended thresholds do: to the sentences of the suite, and to comments on articles."""

from collections.abc import Iterator, Sequence

from training.evaluation.results import Evaluation, HoldRate, PassRate
from training.report.tables import Section, Table, format_percent, format_percent_interval


def write_sections(evaluation: Evaluation) -> Iterator[Section]:
    """Yield the sections."""
    yield _write_suite(evaluation.suite)
    yield _write_hold_rates(evaluation.hold_rates)


def _write_suite(rates: Sequence[PassRate]) -> Section:
    rows = [
        (
            row.function,
            f"{row.score} {row.expected}",
            f"{row.passed} of {row.n}",
            format_percent(row.value),
            format_percent_interval(row),
        )
        for row in rates
    ]
    return Section(
        title="The suite that ships",
        text="Hand-written sentences that no release trains on, at the recommended thresholds. Anyone can run them "
        "without corpora, by `python -m training suite`.",
        table=Table(("function", "expected", "passed", "share", "95 %"), rows),
    )


def _write_hold_rates(rates: Sequence[HoldRate]) -> Section:
    rows = [
        (row.set, row.score, str(row.threshold), f"{row.known} of {row.rows}", format_percent(row.held))
        for row in rates
    ]
    return Section(
        title="What the recommended thresholds hold",
        text="Comments under their own articles, each scored as the service does. “Known” counts those on which the "
        "score does not abstain.",
        table=Table(("set", "score", "threshold", "known", "beyond it"), rows),
    )
