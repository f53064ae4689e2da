"""Section on the paired comparisons with n-grams, other packages and other releases."""

from collections.abc import Sequence

from training.evaluation.results import Comparison
from training.report.tables import Section, Table, format_figure


def write_section(comparisons: Sequence[Comparison]) -> Section:
    """Return the section."""
    rows = [
        (
            row.baseline,
            row.set,
            row.metric,
            *map(format_figure, (row.release_value, row.baseline_value)),
            f"{row.value:+.3f}",
            f"{row.low:+.3f} to {row.high:+.3f}",
            str(row.n),
        )
        for row in comparisons
    ]
    return Section(
        title="Compared with baselines, on the same rows",
        text="The difference is this release less the baseline, with the 95 % interval of the paired difference. If "
        "the whole interval is above zero, this release is better beyond chance. The n-grams (words 1-2, characters "
        "2-5, logistic regression) were trained on the training splits of Wikipedia talk, Civil Comments and "
        "HatemojiBuild. Perspective's scores were recorded by the authors of that corpus.",
        table=Table(("baseline", "set", "measure", "this release", "the baseline", "difference", "95 %", "n"), rows),
    )
