"""A site model is split between articles, measured on verdicts that neither it nor the live one was trained on, and
better only beyond chance.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.card import Card, sha256
from models.comment import SCORES, Assessment
from models.release import Release, write_release
from models.site_model import MODEL_FILE, build_site_model, open_site_model
from training.site_model.data import NotEnoughVerdicts, Verdicts, read_verdicts, split_newest
from training.site_model.fit import fit_site_model
from training.site_model.release_gate import compare_models, open_live_baseline

SEED = 5
OPENING, FITTED, TODAY = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (5, 9, 11))
RUDE, SELLS = 0, 1
"""The columns of an invented embedding that are positive if a comment is rude, and if it sells tickets."""

Rows = list[dict[str, Any]]
Rule = Callable[[NDArray[np.float64]], bool]


def no_rudeness(vector: NDArray[np.float64]) -> bool:
    return bool(vector[RUDE] > 0)


def no_rudeness_and_no_tickets(vector: NDArray[np.float64]) -> bool:
    return bool(vector[RUDE] > 0 or vector[SELLS] > 0)


def verdicts_of(articles: list[str], rejected: list[int], received: list[datetime] | None = None) -> Verdicts:
    assessment = Assessment(model="m", language="en", scores={})
    return Verdicts(
        assessments=[assessment] * len(articles),
        rejected=np.array(rejected),
        weights=np.ones(len(articles)),
        articles=articles,
        received=received or [OPENING] * len(articles),
    )


def many(articles: int, each: int) -> Verdicts:
    names = [f"article-{number // each}" for number in range(articles * each)]
    return verdicts_of(names, [number % 2 for number in range(articles * each)])


def test_newest_articles_are_held_out_whole() -> None:
    older, newest = split_newest(many(20, 10))
    assert not set(older.articles) & set(newest.articles)
    assert set(newest.articles) == {f"article-{number}" for number in range(15, 20)}


def test_fewer_than_fifty_verdicts_are_not_enough() -> None:
    with pytest.raises(NotEnoughVerdicts, match="40 verdicts"):
        split_newest(many(4, 10))


def test_verdicts_of_one_kind_only_are_not_enough() -> None:
    with pytest.raises(NotEnoughVerdicts, match="0 rejections"):
        split_newest(verdicts_of([f"a-{n}" for n in range(60)], [0] * 60))


def predictions(newest: Verdicts, *, right: float, seed: int) -> NDArray[np.float64]:
    """Probabilities that are right for this share of verdicts."""
    is_right = np.random.default_rng(seed).random(len(newest)) < right
    return np.where(is_right == (newest.rejected == 1), 0.8, 0.2)


def test_candidate_is_better_only_if_it_knows_more() -> None:
    newest = many(30, 10)
    guess = predictions(newest, right=0.5, seed=1)
    assert compare_models(predictions(newest, right=0.95, seed=2), guess, newest, seed=SEED)["better"]
    assert not compare_models(guess, predictions(newest, right=0.95, seed=2), newest, seed=SEED)["better"]
    assert not compare_models(predictions(newest, right=0.5, seed=3), guess, newest, seed=SEED)["better"]


def test_live_model_is_not_better_than_itself() -> None:
    newest = many(30, 10)
    same = predictions(newest, right=0.8, seed=1)
    metrics = compare_models(same, same, newest, seed=SEED)
    assert metrics["log_loss_saved"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert not metrics["better"]


def test_few_articles_are_resampled_by_verdict() -> None:
    newest = many(2, 40)
    metrics = compare_models(
        predictions(newest, right=0.9, seed=1), predictions(newest, right=0.6, seed=2), newest, seed=SEED
    )
    saved = metrics["log_loss_saved"]
    assert saved["low"] < saved["value"] < saved["high"]


@pytest.fixture(scope="module")
def base(release: Release) -> Release:
    return release


def exported(base: Release, count: int, *, since: datetime, rule: Rule, seed: int) -> Rows:
    """Verdicts by one rule as the service exports them: five an article, an hour apart, after `since`."""
    generator, rows = np.random.default_rng(seed), []
    for number in range(count):
        at = (since + timedelta(hours=number + 1)).isoformat()
        vector = generator.normal(size=384) / 20
        vector[RUDE] = 1 if number % 2 else -1
        vector[SELLS] = 1 if rule is no_rudeness_and_no_tickets and number % 3 == 0 else 0
        row = {"model": base.version, "encoder": base.encoder.files_hash, "vector": vector.tolist(), "language": "en"}
        row |= {"article_id": f"{since:%m}-{number // 5}", "received_at": at, "sampling_probability": 1.0}
        row |= {"outcome": "reject" if rule(vector) else "approve", "scores": dict.fromkeys(SCORES, 0.3)}
        rows.append(row)
    return rows


def export(folder: Path, rows: Rows) -> Path:
    path = folder / f"{len(rows)}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def fit(folder: Path, rows: Rows, base: Release, *, live: Path | None = None, at: datetime = TODAY) -> Card:
    """The card of a site model that is named for its number of rows."""
    examples, out = export(folder, rows), folder / str(len(rows))
    return fit_site_model(
        examples, base=base, live=live, out=out, seed=SEED, created_at=at, code_commit="commentdesk 1.2"
    )


def live_model(folder: Path, base: Release) -> tuple[Rows, Path]:
    """Three hundred verdicts, and the model that was trained on all of them."""
    known = exported(base, 300, since=OPENING, rule=no_rudeness, seed=1)
    fit(folder, known, base, at=FITTED)
    return known, folder / "300"


def test_candidate_with_a_new_rule_beats_the_live_model(base: Release, tmp_path: Path) -> None:
    known, live = live_model(tmp_path, base)
    new = exported(base, 60, since=FITTED, rule=no_rudeness_and_no_tickets, seed=2)
    metrics = fit(tmp_path, known + new, base, live=live).metrics
    assert metrics["measured_on"] == {"verdicts": 30, "articles": 6}
    assert metrics["compared_with"] == {"kind": "site", "version": "300", "ignored": ""}
    assert metrics["better"]


def test_candidate_without_a_new_rule_is_not_better(base: Release, tmp_path: Path) -> None:
    known, live = live_model(tmp_path, base)
    new = exported(base, 60, since=FITTED, rule=no_rudeness, seed=2)
    assert not fit(tmp_path, known + new, base, live=live).metrics["better"]


def test_ten_verdicts_since_the_live_model_are_not_enough(base: Release, tmp_path: Path) -> None:
    known, live = live_model(tmp_path, base)
    new = exported(base, 10, since=FITTED, rule=no_rudeness, seed=2)
    with pytest.raises(NotEnoughVerdicts, match=r"after the live model of 2026-09-01.*10 of each are needed"):
        fit(tmp_path, known + new, base, live=live)


def test_articles_that_the_live_model_knows_are_not_held_out() -> None:
    known = many(10, 10)
    # The newest verdicts are on an article that people still comment on.
    names = [*known.articles, *[f"new-{number // 10}" for number in range(80)], *["article-9"] * 20]
    received = [OPENING] * 100 + [TODAY] * 100
    verdicts = verdicts_of(names, [number % 2 for number in range(200)], received)
    older, newest = split_newest(verdicts, trained_until=FITTED)
    assert set(newest.articles) == {"new-4", "new-5", "new-6", "new-7"}
    assert {"article-9", "new-0"} < set(older.articles)


def test_comments_received_at_the_time_of_the_live_model_count_as_known() -> None:
    verdicts = verdicts_of([f"a-{n // 5}" for n in range(100)], [n % 2 for n in range(100)], [FITTED] * 100)
    with pytest.raises(NotEnoughVerdicts, match="0 rejections and 0 approvals"):
        split_newest(verdicts, trained_until=FITTED)


def test_live_model_is_measured_by_its_own_probabilities(base: Release, tmp_path: Path) -> None:
    known, live = live_model(tmp_path, base)
    new = exported(base, 60, since=FITTED, rule=no_rudeness, seed=2)
    older, newest = split_newest(read_verdicts(export(tmp_path, known + new), base), trained_until=FITTED)
    model = open_site_model(live, base=base.version)
    served = [model.rejection_probability(assessment) for assessment in newest.assessments]
    assert open_live_baseline(live, base).predict(newest, older=older).tolist() == served


def test_model_of_another_base_is_ignored(base: Release, tmp_path: Path) -> None:
    card = Card(version="old", kind="site", created_at=FITTED, seed=0, code_commit="", base="2026.1.0")
    write_release(tmp_path / "old", card, pipelines={MODEL_FILE: build_site_model()})
    rows = exported(base, 300, since=OPENING, rule=no_rudeness, seed=1)
    metrics = fit(tmp_path, rows, base, live=tmp_path / "old").metrics
    reason = f"old (fitted on base 2026.1.0, not {base.version})"
    assert metrics["compared_with"] == {"kind": "base", "version": base.version, "ignored": reason}
    assert metrics["measured_on"] == {"verdicts": 75, "articles": 15}
    assert metrics["better"]


def test_damaged_model_is_ignored_as_in_the_service(base: Release, tmp_path: Path) -> None:
    known, live = live_model(tmp_path, base)
    (live / MODEL_FILE).write_bytes(b"something else")
    compared_with = fit(tmp_path, known[:-5], base, live=live).metrics["compared_with"]
    assert compared_with["kind"] == "base"
    assert "SHA-256" in compared_with["ignored"]


def test_card_states_time_code_and_verdicts(base: Release, tmp_path: Path) -> None:
    card = fit(tmp_path, exported(base, 100, since=OPENING, rule=no_rudeness, seed=1), base)
    assert (card.created_at, card.code_commit) == (TODAY, "commentdesk 1.2")
    [source] = card.sources
    assert (source.rows, source.sha256) == (100, sha256(tmp_path / "100.jsonl"))


def test_fit_is_deterministic(base: Release, tmp_path: Path) -> None:
    rows = exported(base, 100, since=OPENING, rule=no_rudeness, seed=1)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    first, second = (fit(tmp_path / name, rows, base) for name in ("first", "second"))
    assert (first.metrics, first.sources) == (second.metrics, second.sources)
