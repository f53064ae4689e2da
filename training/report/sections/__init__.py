"""The report's sections, as titles, sentences and tables. The templates decide how they look."""

from models.card import Card
from training.evaluation.results import Evaluation, OutOfFoldResult, from_json
from training.report.sections import (
    calibration,
    comparisons,
    fairness,
    other_scores,
    perspective,
    release,
    robustness,
    thresholds,
    toxicity,
)
from training.report.tables import Section
from training.report.targets import write_targets


def write_sections(card: Card, evaluation: Evaluation) -> list[Section]:
    """Return all sections, from the results of an evaluation and the release's card."""
    # Measured when the release was built, because it needs the out-of-fold scores. A release does not contain them.
    card_metrics = card.metrics.get("out_of_fold")
    out_of_fold = from_json(OutOfFoldResult, card_metrics) if card_metrics else None
    return [
        write_targets(evaluation, out_of_fold),
        *toxicity.write_sections(card, evaluation, out_of_fold),
        comparisons.write_section(evaluation.against),
        *calibration.write_sections(evaluation.calibration),
        *fairness.write_sections(evaluation),
        robustness.write_section(evaluation.obfuscations),
        *perspective.write_sections(card, evaluation.perspective),
        *other_scores.write_sections(evaluation),
        *thresholds.write_sections(evaluation),
        *release.write_sections(card),
    ]
