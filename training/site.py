"""A site's own model: fits a head on the base's features from its verdicts, and measures it against the live one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from models.card import Card
from models.comment import Article, Assessment, Comment, Passage
from models.release import Release, write_release
from models.scorer import Scorer
from models.site_head import HEAD_FILE, build_site_head, open_site_head

LEAST_VERDICTS = 50
LEAST_OF_EACH = 10
NEWEST_SHARE = 0.25
MOST_WEIGHT = 20.0
FEWEST_ARTICLES = 10
RESAMPLES = 2_000


class TooLittle(Exception):
    """There is too little to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """A site's verdicts as arrays of equal length; `rejected` is 1 or 0, `weights` undo the sampling."""

    assessments: Sequence[Assessment]
    rejected: NDArray[np.int64]
    weights: NDArray[np.float64]
    articles: Sequence[str]

    def __len__(self) -> int:
        return len(self.assessments)

    def pick(self, rows: NDArray[np.int64]) -> "Verdicts":
        """Only these rows."""
        return Verdicts(
            assessments=[self.assessments[row] for row in rows],
            rejected=self.rejected[rows],
            weights=self.weights[rows],
            articles=[self.articles[row] for row in rows],
        )


def fit_site(examples: Path, *, base: Release, live: Path | None, out: Path, seed: int) -> Card:
    """Fits on the older articles, measures on the newest, then fits on all; writes the release to `out`.

    Raises TooLittle.
    """
    verdicts = read_verdicts(examples, base)
    older, newest = split_newest(verdicts)
    candidate = build_site_head(seed=seed)
    candidate.fit(older.assessments, older.rejected, head__sample_weight=older.weights)
    said = candidate.predict_proba(newest.assessments)[:, 1]
    was_said = _live_says(live, base, older=older, newest=newest)
    metrics = compare(said, was_said, newest, seed=seed)
    final = build_site_head(seed=seed)
    final.fit(verdicts.assessments, verdicts.rejected, head__sample_weight=verdicts.weights)
    card = Card(
        version=out.name,
        kind="site",
        created_at=datetime.now(UTC),
        seed=seed,
        code_commit="",
        base=base.version,
        base_rate=float(np.average(verdicts.rejected, weights=verdicts.weights)),
        parameters={"verdicts": len(verdicts), "articles": len(set(verdicts.articles))},
        metrics=metrics,
        intended_use="Ordering this site's queue, and holding comments like those that its people reject.",
        not_for="Any other site; any use as a judgement of a person.",
    )
    return write_release(out, card, pipelines={HEAD_FILE: final})


def read_verdicts(examples: Path, base: Release) -> Verdicts:
    """Reads the exported verdicts; what another base had scored is scored again by this one."""
    scorer = Scorer(base)
    rows = list(_read_rows(examples))
    return Verdicts(
        assessments=[_assess(row, scorer) for row in rows],
        rejected=np.array([row["outcome"] == "reject" for row in rows], dtype=np.int64),
        # A comment shown to a person with probability p stands for 1/p of them; the bound keeps one audited comment
        # from outweighing a day's work.
        weights=np.array([min(1 / max(row["sampling_probability"], 1e-9), MOST_WEIGHT) for row in rows]),
        articles=[row["article_id"] for row in rows],
    )


def split_newest(verdicts: Verdicts) -> tuple[Verdicts, Verdicts]:
    """Older and newest verdicts, split between articles: the newest articles with a quarter of the verdicts are kept
    for measuring. Raises TooLittle.
    """
    if len(verdicts) < LEAST_VERDICTS:
        raise TooLittle(f"{len(verdicts)} verdicts; {LEAST_VERDICTS} are needed.")
    last_row = {article: row for row, article in enumerate(verdicts.articles)}
    newest_articles: set[str] = set()
    for article in sorted(last_row, key=last_row.__getitem__, reverse=True):
        if sum(name in newest_articles for name in verdicts.articles) >= NEWEST_SHARE * len(verdicts):
            break
        newest_articles.add(article)
    is_newest = np.array([name in newest_articles for name in verdicts.articles])
    older, newest = verdicts.pick(np.flatnonzero(~is_newest)), verdicts.pick(np.flatnonzero(is_newest))
    for part, words in ((older, "older"), (newest, "newest")):
        rejected = int(part.rejected.sum())
        if min(rejected, len(part) - rejected) < LEAST_OF_EACH:
            raise TooLittle(
                f"The {words} articles have {rejected} rejections and {len(part) - rejected} approvals; "
                f"{LEAST_OF_EACH} of each are needed."
            )
    return older, newest


def compare(
    said: NDArray[np.float64], was_said: NDArray[np.float64], newest: Verdicts, *, seed: int
) -> Mapping[str, Any]:
    """Candidate against live on the newest verdicts. Better = the 95 % interval of the saving in log loss is above 0.

    The interval is a percentile bootstrap over articles, the comments of one being alike; over verdicts where there
    are fewer than FEWEST_ARTICLES, which a bootstrap of articles could not be trusted with.
    """
    losses = _losses(was_said, newest) - _losses(said, newest)
    saving = float(np.average(losses, weights=newest.weights))
    low, high = _interval(losses, newest, seed=seed)
    return {
        "measured_on": {"verdicts": len(newest), "articles": len(set(newest.articles))},
        "candidate": _measure(said, newest),
        "live": _measure(was_said, newest),
        "log_loss_saved": {"value": saving, "low": low, "high": high},
        "better": low > 0,
    }


def _read_rows(examples: Path) -> Iterator[dict[str, Any]]:
    with examples.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _assess(row: Mapping[str, Any], scorer: Scorer) -> Assessment:
    if row["model"] == scorer.version and row["vector"] is not None:
        vector = np.array(row["vector"], dtype=np.float32)
        return Assessment(model=row["model"], language=row["language"], scores=row["scores"], vector=vector)
    comment = Comment(
        text=row["text"],
        article=Article(row["article_title"], row["article_text"]),
        parent=Passage(row["parent_text"]) if row["parent_text"] else None,
    )
    return scorer.assess(comment, explain=False)


def _live_says(live: Path | None, base: Release, *, older: Verdicts, newest: Verdicts) -> NDArray[np.float64]:
    """The live score's probability of rejection, recalibrated on the same older verdicts as the candidate learned from,
    so that the candidate does not win by calibration alone.
    """
    seen, asked = (_live_scores(live, base, part) for part in (older, newest))
    recalibrated = LogisticRegression(C=1e6).fit(seen, older.rejected, sample_weight=older.weights)
    answer: NDArray[np.float64] = recalibrated.predict_proba(asked)[:, 1]
    return answer


def _live_scores(live: Path | None, base: Release, part: Verdicts) -> NDArray[np.float64]:
    if live is not None:
        head = open_site_head(live, base=base.version)
        values = [head.rejection_probability(assessment) for assessment in part.assessments]
    else:
        said = [assessment.scores.get("toxicity") for assessment in part.assessments]
        values = [0.5 if value is None else value for value in said]
    clipped = np.clip(np.array(values, dtype=np.float64), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)).reshape(-1, 1))


def _losses(said: NDArray[np.float64], newest: Verdicts) -> NDArray[np.float64]:
    clipped = np.clip(said, 1e-6, 1 - 1e-6)
    return np.asarray(-np.where(newest.rejected == 1, np.log(clipped), np.log(1 - clipped)))


def _measure(said: NDArray[np.float64], newest: Verdicts) -> dict[str, float]:
    return {
        "auc": float(roc_auc_score(newest.rejected, said, sample_weight=newest.weights)),
        "log_loss": float(log_loss(newest.rejected, said, sample_weight=newest.weights, labels=[0, 1])),
    }


def _interval(losses: NDArray[np.float64], newest: Verdicts, *, seed: int) -> tuple[float, float]:
    generator = np.random.default_rng(seed)
    names, group = np.unique(np.array(newest.articles), return_inverse=True)
    if len(names) < FEWEST_ARTICLES:
        names = group = np.arange(len(newest))
    saved = np.bincount(group, weights=losses * newest.weights)
    weight = np.bincount(group, weights=newest.weights)
    drawn = generator.integers(0, len(names), size=(RESAMPLES, len(names)))
    means = saved[drawn].sum(axis=1) / weight[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
