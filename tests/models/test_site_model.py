"""A site's own model: its features, and that it opens only undamaged and on its own base release."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.card import Card, ReleaseRefused
from models.comment import SCORES, Assessment
from models.release import write_release
from models.site_model import MODEL_FILE, AssessmentFeatures, build_site_model, open_site_model

FITTED_AT = datetime(2026, 11, 15, tzinfo=UTC)
CARD = Card(version="1", kind="site", created_at=FITTED_AT, seed=0, code_commit="abc", base="2026.1.0")


def assessment(number: int, **scores: float | None) -> Assessment:
    vector = np.random.default_rng(number).normal(size=384).astype(np.float32)
    return Assessment(model="m", language="en", scores=scores, vector=vector)


MANY = [assessment(number, toxicity=number % 2 * 0.9, relevance=None) for number in range(40)]
REJECTED = [number % 2 for number in range(40)]


def fitted() -> Pipeline:
    return build_site_model().fit(MANY, REJECTED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_release(tmp_path / "1", CARD, pipelines={MODEL_FILE: fitted()})
    return tmp_path / "1"


def test_unknown_score_is_marked_and_certain_score_is_clipped() -> None:
    [row] = AssessmentFeatures().transform([assessment(1, toxicity=1.0, relevance=None)])
    odds, is_known = row[: len(SCORES)], row[len(SCORES) : 2 * len(SCORES)]
    toxicity, relevance = SCORES.index("toxicity"), SCORES.index("relevance")
    assert (odds[relevance], is_known[relevance], is_known[toxicity]) == (0, 0, 1)
    assert odds[toxicity] == pytest.approx(np.log(0.9999 / 0.0001))


def test_assessment_without_vector_has_a_row() -> None:
    without_vector = Assessment(model="m", language="en", scores={"toxicity": 0.5})
    assert AssessmentFeatures().transform([without_vector, MANY[0]]).shape == (2, 2 * len(SCORES) + 384)


def test_clone_fitted_twice_predicts_the_same() -> None:
    model = fitted()
    refitted = clone(model).fit(MANY, REJECTED).fit(MANY, REJECTED)
    assert (refitted.predict_proba(MANY) == model.predict_proba(MANY)).all()


def test_opened_model_predicts_the_same_and_has_its_date(folder: Path) -> None:
    opened = open_site_model(folder, base="2026.1.0")
    assert opened.rejection_probability(MANY[3]) == pytest.approx(fitted().predict_proba([MANY[3]])[0, 1])
    assert (opened.version, opened.fitted_at) == ("1", FITTED_AT)


def test_model_of_another_base_is_refused(folder: Path) -> None:
    with pytest.raises(ReleaseRefused, match=r"fitted on base 2026.1.0, not 2026.2.0"):
        open_site_model(folder, base="2026.2.0")


def test_damaged_model_is_refused(folder: Path) -> None:
    (folder / MODEL_FILE).write_bytes(b"something else")
    with pytest.raises(ReleaseRefused, match="SHA-256"):
        open_site_model(folder, base="2026.1.0")
