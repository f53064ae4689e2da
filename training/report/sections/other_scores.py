"""Sections on relevance, coherence and spam."""

from collections.abc import Iterator

from training.evaluation.results import Evaluation, SpamResult
from training.report.tables import Section, tabulate


def write_sections(evaluation: Evaluation) -> Iterator[Section]:
    """Yield the sections."""
    yield Section(
        title="Relevance",
        text="Measured as the score is defined: a comment's own article against another article of the same newspaper. "
        "No trustworthy human labels exist. An abstention counts as .5.",
        table=tabulate(evaluation.relevance),
    )
    yield Section(
        title="Coherence",
        text="Intact texts against artificial corruptions, some of which were not seen in training; then human "
        "judgements, compared with baselines such as the length alone.",
        table=tabulate(evaluation.coherence),
    )
    yield _write_spam(evaluation.spam)


def _write_spam(result: SpamResult) -> Section:
    rules = ", ".join(f"{row.rule} {row.correct} of {row.fired}" for row in result.rules if row.fired)
    return Section(
        title="Spam",
        text="The rules against labels of YouTube comments, which nothing was trained on. How often each rule was "
        f"right when it fired: {rules or 'none fired'}.",
        table=tabulate(result.rows),
    )
