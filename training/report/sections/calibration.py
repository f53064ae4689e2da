"""Sections on calibration, and on thresholds that keep a promise."""

from collections.abc import Iterator, Sequence

from training.evaluation.results import CalibrationResult
from training.report.tables import (
    Section,
    Table,
    format_figure,
    format_percent,
    format_percent_interval,
    format_short,
)


def write_sections(results: Sequence[CalibrationResult]) -> Iterator[Section]:
    """Yield a section for each set, then a summary of calibration, then the promises."""
    yield from map(_write_bins, results)
    yield _write_lines(results)
    yield _write_promises(results)


def _write_bins(result: CalibrationResult) -> Section:
    rows = [
        (str(part.rows), *map(format_percent, (part.predicted, part.observed)), format_percent_interval(part))
        for part in result.bins
    ]
    return Section(
        title=f"Calibration: {result.set}",
        text="Ten bins of equal size by score. The mean distance between predicted and observed rates is "
        f"{format_figure(result.error)}. If a site's rate differs from the card's, the scores order comments correctly "
        "but are too high or too low, until the site's own verdicts recalibrate them.",
        table=Table(("comments", "predicted", "observed", "95 %"), rows),
        charts=(f"calibration {result.set}",),
    )


def _write_lines(results: Sequence[CalibrationResult]) -> Section:
    header = ("set", "toxic", "slope", "intercept", "Brier skill", "above .5", "predicted", "observed", "95 %")
    return Section(
        title="Calibration, summed up",
        text="Ideal are a slope of 1 and an intercept of 0. An intercept under 0 means that scores are too high there. "
        "The Brier skill is the share by which the scores reduce the squared error of always predicting the set's own "
        "rate.",
        table=Table(header, [_write_line(result) for result in results]),
    )


def _write_line(result: CalibrationResult) -> Sequence[str]:
    """Return a set's row of the summary: its calibration line, and the bin of its rows from .5 on."""
    line, above = ("too few", "too few"), ("0", "", "", "")
    if result.line:
        line = (format_short(result.line.slope), format_short(result.line.intercept))
    if result.above:
        above = (
            str(result.above.rows),
            format_percent(result.above.predicted),
            format_percent(result.above.observed),
            format_percent_interval(result.above),
        )
    return (result.set, format_percent(result.rate), *line, format_figure(result.skill), *above)


def _write_promises(results: Sequence[CalibrationResult]) -> Section:
    rows = [
        (
            result.set,
            f"1 in {round(1 / promise.promised)}",
            "not with these rows" if promise.threshold is None else format_figure(promise.threshold),
            format_percent(promise.held),
            format_percent(promise.bound),
            str(promise.reviews_needed),
        )
        for result in results
        for promise in result.promises
    ]
    return Section(
        title="Promises, and what they cost",
        text="A promise bounds the share of toxic comments among those that are not held. On comments like those of "
        "the set it is wrong with a probability of 5 % at most, whatever the distribution of scores. “Held” is its "
        "price. The last column is the number of comments below the threshold that must be reviewed, without a mistake "
        "among them, before the promise can be made at all.",
        table=Table(("set", "at most", "threshold", "held", "95 % bound", "reviews needed"), rows),
    )
