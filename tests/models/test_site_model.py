"""A site's own model: what it sees of an assessment, and that it opens only whole and on its own base."""

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


def test_an_unknown_score_is_marked_and_says_nothing_and_a_certain_one_is_bounded() -> None:
    [row] = AssessmentFeatures().transform([assessment(1, toxicity=1.0, relevance=None)])
    says, is_known = row[: len(SCORES)], row[len(SCORES) : 2 * len(SCORES)]
    toxicity, relevance = SCORES.index("toxicity"), SCORES.index("relevance")
    assert (says[relevance], is_known[relevance], is_known[toxicity]) == (0, 0, 1)
    assert says[toxicity] == pytest.approx(np.log(0.9999 / 0.0001))


def test_a_comment_without_a_vector_has_a_row_like_any_other() -> None:
    bare = Assessment(model="m", language="en", scores={"toxicity": 0.5})
    assert AssessmentFeatures().transform([bare, MANY[0]]).shape == (2, 2 * len(SCORES) + 384)


def test_a_clone_that_is_fitted_twice_says_the_same() -> None:
    head = fitted()
    again = clone(head).fit(MANY, REJECTED).fit(MANY, REJECTED)
    assert (again.predict_proba(MANY) == head.predict_proba(MANY)).all()


def test_an_opened_head_says_what_it_said_and_knows_until_when_it_learned(folder: Path) -> None:
    opened = open_site_model(folder, base="2026.1.0")
    assert opened.rejection_probability(MANY[3]) == pytest.approx(fitted().predict_proba([MANY[3]])[0, 1])
    assert (opened.version, opened.fitted_at) == ("1", FITTED_AT)


def test_a_head_of_another_base_is_refused_with_both_names(folder: Path) -> None:
    with pytest.raises(ReleaseRefused, match=r"fitted on base 2026.1.0, not 2026.2.0"):
        open_site_model(folder, base="2026.2.0")


def test_a_damaged_head_is_refused(folder: Path) -> None:
    (folder / MODEL_FILE).write_bytes(b"something else")
    with pytest.raises(ReleaseRefused, match="SHA-256"):
        open_site_model(folder, base="2026.1.0")
