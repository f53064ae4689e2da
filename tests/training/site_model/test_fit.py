"""A site's own model: split between articles, measured on what neither it nor the live one has learned, better only
where that is sure.
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
from models.release import Release, newest_release, write_release
from models.site_model import MODEL_FILE, build_site_model, open_site_model
from training.site_model.fit import TooLittle, Verdicts, compare, fit_site, open_serving, read_verdicts, split_newest

SEED = 5
RELEASED = Path(__file__).parents[2] / "models" / "released"
OPENING, FITTED, TODAY = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (5, 9, 11))
RUDE, SELLS = 0, 1
"""The columns of an invented embedding that tell whether a comment is rude, and whether it sells tickets."""

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


def test_the_newest_articles_are_kept_for_measuring_and_no_article_is_on_both_sides() -> None:
    older, newest = split_newest(many(20, 10))
    assert not set(older.articles) & set(newest.articles)
    assert set(newest.articles) == {f"article-{number}" for number in range(15, 20)}


def test_fewer_than_fifty_verdicts_are_too_little() -> None:
    with pytest.raises(TooLittle, match="40 verdicts"):
        split_newest(many(4, 10))


def test_verdicts_of_one_kind_only_are_too_little() -> None:
    with pytest.raises(TooLittle, match="0 rejections"):
        split_newest(verdicts_of([f"a-{n}" for n in range(60)], [0] * 60))


def said(newest: Verdicts, *, right: float, seed: int) -> NDArray[np.float64]:
    """Probabilities that are on the right side in this share of cases."""
    is_right = np.random.default_rng(seed).random(len(newest)) < right
    return np.where(is_right == (newest.rejected == 1), 0.8, 0.2)


def test_a_candidate_that_knows_more_is_better_and_one_that_guesses_is_not() -> None:
    newest = many(30, 10)
    guess = said(newest, right=0.5, seed=1)
    assert compare(said(newest, right=0.95, seed=2), guess, newest, seed=SEED)["better"]
    assert not compare(guess, said(newest, right=0.95, seed=2), newest, seed=SEED)["better"]
    assert not compare(said(newest, right=0.5, seed=3), guess, newest, seed=SEED)["better"]


def test_what_is_live_is_not_better_than_itself() -> None:
    newest = many(30, 10)
    same = said(newest, right=0.8, seed=1)
    measured = compare(same, same, newest, seed=SEED)
    assert measured["log_loss_saved"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert not measured["better"]


def test_few_articles_are_resampled_by_verdict_so_that_the_interval_has_some_width() -> None:
    newest = many(2, 40)
    measured = compare(said(newest, right=0.9, seed=1), said(newest, right=0.6, seed=2), newest, seed=SEED)
    saved = measured["log_loss_saved"]
    assert saved["low"] < saved["value"] < saved["high"]


@pytest.fixture(scope="module")
def base() -> Release:
    return newest_release(RELEASED)


def judged(base: Release, count: int, *, since: datetime, rule: Rule, seed: int) -> Rows:
    """Verdicts by one rule as the service exports them: five an article, an hour apart, after `since`."""
    generator, rows = np.random.default_rng(seed), []
    for number in range(count):
        at = (since + timedelta(hours=number + 1)).isoformat()
        vector = generator.normal(size=384) / 20
        vector[RUDE] = 1 if number % 2 else -1
        vector[SELLS] = 1 if rule is no_rudeness_and_no_tickets and number % 3 == 0 else 0
        row = {"model": base.version, "encoder": base.encoder.identity, "vector": vector.tolist(), "language": "en"}
        row |= {"article_id": f"{since:%m}-{number // 5}", "received_at": at, "sampling_probability": 1.0}
        row |= {"outcome": "reject" if rule(vector) else "approve", "scores": dict.fromkeys(SCORES, 0.3)}
        rows.append(row)
    return rows


def export(folder: Path, rows: Rows) -> Path:
    path = folder / f"{len(rows)}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def fit(folder: Path, rows: Rows, base: Release, *, live: Path | None = None, at: datetime = TODAY) -> Card:
    """The card of the release in the folder's `3` for 3 rows."""
    examples, out = export(folder, rows), folder / str(len(rows))
    return fit_site(examples, base=base, live=live, out=out, seed=SEED, created_at=at, code_commit="commentdesk 1.2")


def live_head(folder: Path, base: Release) -> tuple[Rows, Path]:
    """Three hundred verdicts, and the head that has learned every one of them."""
    learned = judged(base, 300, since=OPENING, rule=no_rudeness, seed=1)
    fit(folder, learned, base, at=FITTED)
    return learned, folder / "300"


def test_a_candidate_that_learned_a_new_rule_beats_a_head_that_knows_all_older_verdicts(
    base: Release, tmp_path: Path
) -> None:
    learned, live = live_head(tmp_path, base)
    new = judged(base, 60, since=FITTED, rule=no_rudeness_and_no_tickets, seed=2)
    metrics = fit(tmp_path, learned + new, base, live=live).metrics
    assert metrics["measured_on"] == {"verdicts": 30, "articles": 6}
    assert metrics["compared_with"] == {"kind": "site", "version": "300", "passed_over": ""}
    assert metrics["better"]


def test_a_candidate_that_knows_no_more_than_the_live_head_is_not_better(base: Release, tmp_path: Path) -> None:
    learned, live = live_head(tmp_path, base)
    new = judged(base, 60, since=FITTED, rule=no_rudeness, seed=2)
    assert not fit(tmp_path, learned + new, base, live=live).metrics["better"]


def test_ten_verdicts_since_the_live_head_are_too_little_to_tell(base: Release, tmp_path: Path) -> None:
    learned, live = live_head(tmp_path, base)
    new = judged(base, 10, since=FITTED, rule=no_rudeness, seed=2)
    with pytest.raises(TooLittle, match=r"after the live model of 2026-09-01.*10 of each are needed"):
        fit(tmp_path, learned + new, base, live=live)


def test_no_article_that_the_live_head_knows_is_measured_on() -> None:
    known = many(10, 10)
    # The article that everybody still writes under has the newest verdicts.
    names = [*known.articles, *[f"new-{number // 10}" for number in range(80)], *["article-9"] * 20]
    received = [OPENING] * 100 + [TODAY] * 100
    verdicts = verdicts_of(names, [number % 2 for number in range(200)], received)
    older, newest = split_newest(verdicts, learned_until=FITTED)
    assert set(newest.articles) == {"new-4", "new-5", "new-6", "new-7"}
    assert {"article-9", "new-0"} < set(older.articles)


def test_a_comment_that_came_at_the_very_time_of_the_live_head_may_have_been_learned() -> None:
    verdicts = verdicts_of([f"a-{n // 5}" for n in range(100)], [n % 2 for n in range(100)], [FITTED] * 100)
    with pytest.raises(TooLittle, match="0 rejections and 0 approvals"):
        split_newest(verdicts, learned_until=FITTED)


def test_the_live_head_is_measured_by_what_it_serves(base: Release, tmp_path: Path) -> None:
    learned, live = live_head(tmp_path, base)
    new = judged(base, 60, since=FITTED, rule=no_rudeness, seed=2)
    older, newest = split_newest(read_verdicts(export(tmp_path, learned + new), base), learned_until=FITTED)
    head = open_site_model(live, base=base.version)
    served = [head.rejection_probability(assessment) for assessment in newest.assessments]
    assert open_serving(live, base).say(newest, older=older).tolist() == served


def test_a_head_of_another_base_is_passed_over_for_the_base_alone(base: Release, tmp_path: Path) -> None:
    card = Card(version="old", kind="site", created_at=FITTED, seed=0, code_commit="", base="2026.1.0")
    write_release(tmp_path / "old", card, pipelines={MODEL_FILE: build_site_model()})
    rows = judged(base, 300, since=OPENING, rule=no_rudeness, seed=1)
    metrics = fit(tmp_path, rows, base, live=tmp_path / "old").metrics
    reason = f"old (fitted on base 2026.1.0, not {base.version})"
    assert metrics["compared_with"] == {"kind": "base", "version": base.version, "passed_over": reason}
    assert metrics["measured_on"] == {"verdicts": 75, "articles": 15}
    assert metrics["better"]


def test_a_damaged_head_is_passed_over_as_it_is_in_service(base: Release, tmp_path: Path) -> None:
    learned, live = live_head(tmp_path, base)
    (live / MODEL_FILE).write_bytes(b"something else")
    compared_with = fit(tmp_path, learned[:-5], base, live=live).metrics["compared_with"]
    assert compared_with["kind"] == "base"
    assert "SHA-256" in compared_with["passed_over"]


def test_the_card_says_when_by_which_code_and_from_which_verdicts(base: Release, tmp_path: Path) -> None:
    card = fit(tmp_path, judged(base, 100, since=OPENING, rule=no_rudeness, seed=1), base)
    assert (card.created_at, card.code_commit) == (TODAY, "commentdesk 1.2")
    [source] = card.sources
    assert (source.rows, source.sha256) == (100, sha256(tmp_path / "100.jsonl"))


def test_the_same_verdicts_at_the_same_time_make_the_same_head(base: Release, tmp_path: Path) -> None:
    rows = judged(base, 100, since=OPENING, rule=no_rudeness, seed=1)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, other = (fit(tmp_path / name, rows, base) for name in ("one", "other"))
    assert (one.metrics, one.sources) == (other.metrics, other.sources)
