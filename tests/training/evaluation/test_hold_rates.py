"""Hold rates: what is beyond a threshold depends on the score, and abstentions do not count."""

from pathlib import Path

import pytest

from models.release import Release
from tests.support.synthetic_corpora import write_corpus
from training.corpora.licensed_corpora import Corpora
from training.evaluation.hold_rates import measure_hold_rates
from training.evaluation.scoring import is_held

TITLE = "Council closes the Alder Street bridge"


@pytest.mark.parametrize(("score", "held"), [("toxicity", [0.5, 0.9]), ("coherence", [0.1, 0.5])])
def test_held_scores_are_beyond_the_threshold(score: str, held: list[float]) -> None:
    assert [value for value in (0.1, 0.5, 0.9) if is_held(score, value, threshold=0.5)] == held


def test_rates_are_measured_on_comments_with_a_title(release: Release, tmp_path: Path) -> None:
    comments = [("You stupid idiot.", TITLE), ("The bridge was closed on Monday.", TITLE), ("Indeed!", " ")]
    rows = [{"text": text, "article_title": title, "article_text": "It is shut."} for text, title in comments]
    for name in ("c3", "cocolofa"):
        write_corpus(tmp_path, name, rows)
    rates = {(rate.set, rate.score): rate for rate in measure_hold_rates(Corpora(tmp_path), release, seed=1)}
    assert {score for _, score in rates} == set(release.card.thresholds)
    toxicity = rates["c3", "toxicity"]
    assert (toxicity.rows, toxicity.known, toxicity.held) == (2, 2, 0.5)
    assert rates["cocolofa", "relevance"].known == 1  # an insult says nothing of the article
