"""Section on what obfuscations cost."""

from collections.abc import Sequence

from training.evaluation.results import ObfuscationResult
from training.report.tables import Section, Table, format_percent, format_percent_interval
from training.statistics.bootstrap import Measurement


def write_section(results: Sequence[ObfuscationResult]) -> Section:
    """Return the section."""
    rows = [
        (row.obfuscation, *_write_rate(row.recall_kept), *_write_rate(row.false_positives_added)) for row in results
    ]
    return Section(
        title="Robustness",
        text="The most toxic word of a comment, or the whole comment, is obfuscated. “Recall kept” is the share of "
        "toxic comments that are still held, among those that are held when plain. “False positives added” is the "
        "share of harmless comments that are then held, among those that are not held when plain. Comments that an "
        "obfuscation does not change are left out: slips, for example, leave words of three letters unchanged.",
        table=Table(("obfuscation", "recall kept", "95 %", "toxic", "false positives added", "95 %", "harmless"), rows),
        charts=("recall kept", "false positives added"),
    )


def _write_rate(rate: Measurement | None) -> tuple[str, str, str]:
    return (format_percent(rate.value), format_percent_interval(rate), str(rate.n)) if rate else ("", "", "0")
