"""A site's own model: fits a head on the base's features from its verdicts, and measures it against what serves now."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import Pipeline

from models.card import Card, DataSource, ReleaseRefused, sha256
from models.comment import Article, Assessment, Comment, Passage
from models.encoder import embed_passage
from models.release import Release, write_release
from models.scorer import Scorer
from models.site_model import MODEL_FILE, SiteModel, build_site_model, open_site_model

MIN_VERDICTS = 50
MIN_OF_EACH_LABEL = 10
NEWEST_SHARE = 0.25
UNSEEN_SHARE = 0.5
"""Of the verdicts that the live head has not learned; the rest is what the candidate may know more than it."""

MAX_WEIGHT = 20.0
MIN_ARTICLES = 10
RESAMPLES = 2_000
SOURCE, LICENCE = "verdicts", "the site's own, never shared"


class TooLittle(Exception):
    """There is too little to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """A site's verdicts as sequences of equal length, oldest first; `rejected` is 1 or 0, `weights` undo the sampling.

    `received` is when the wording that was judged came in.
    """

    assessments: Sequence[Assessment]
    rejected: NDArray[np.int64]
    weights: NDArray[np.float64]
    articles: Sequence[str]
    received: Sequence[datetime]

    def __len__(self) -> int:
        return len(self.assessments)

    def pick(self, rows: NDArray[np.int64]) -> "Verdicts":
        """Only these rows."""
        return Verdicts(
            assessments=[self.assessments[row] for row in rows],
            rejected=self.rejected[rows],
            weights=self.weights[rows],
            articles=[self.articles[row] for row in rows],
            received=[self.received[row] for row in rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What scores the site's comments today: its own head, or the base alone where it has none that opens.

    `passed_over` then says which head was not used, and why.
    """

    version: str
    head: SiteModel | None = None
    passed_over: str = ""

    @property
    def learned_until(self) -> datetime | None:
        """Until when the site's verdicts may have been learned; the base has learned none."""
        return self.head.fitted_at if self.head else None

    def say(self, newest: Verdicts, *, older: Verdicts) -> NDArray[np.float64]:
        """The probability of rejection of each of the newest.

        The head is taken at its word, which is what it serves. The base's toxicity is no probability of rejection, so
        it is made one on the older verdicts that the candidate learned from; else calibration alone would beat it.
        """
        if self.head:
            return np.array([self.head.rejection_probability(assessment) for assessment in newest.assessments])
        seen, asked = (_toxicity_log_odds(part) for part in (older, newest))
        calibrated = LogisticRegression(C=1e6).fit(seen, older.rejected, sample_weight=older.weights)
        answer: NDArray[np.float64] = calibrated.predict_proba(asked)[:, 1]
        return answer


def fit_site(
    examples: Path,
    *,
    base: Release,
    live: Path | None,
    out: Path,
    seed: int,
    created_at: datetime,
    code_commit: str,
) -> Card:
    """Fits on the older articles, measures on the newest, then fits on all; writes the release to `out`.

    `created_at` must not be before the last verdict in `examples`: the next candidate is measured on what came in
    later. Raises TooLittle.
    """
    verdicts, serving = read_verdicts(examples, base), open_serving(live, base)
    older, newest = split_newest(verdicts, learned_until=serving.learned_until)
    said = _fit_head(older, seed=seed).predict_proba(newest.assessments)[:, 1]
    metrics = compare(said, serving.say(newest, older=older), newest, seed=seed)
    card = Card(
        version=out.name,
        kind="site",
        created_at=created_at.astimezone(UTC),
        seed=seed,
        code_commit=code_commit,
        base=base.version,
        base_rate=float(np.average(verdicts.rejected, weights=verdicts.weights)),
        parameters={"verdicts": len(verdicts), "articles": len(set(verdicts.articles))},
        sources=(DataSource(name=SOURCE, licence=LICENCE, rows=len(verdicts), sha256=sha256(examples)),),
        metrics={**metrics, "compared_with": _name(serving)},
        intended_use="Ordering this site's queue, and holding comments like those that its people reject.",
        not_for="Any other site; any use as a judgement of a person.",
    )
    return write_release(out, card, pipelines={MODEL_FILE: _fit_head(verdicts, seed=seed)})


def read_verdicts(examples: Path, base: Release) -> Verdicts:
    """Reads the exported verdicts; what another base or encoder had read is scored again by this one."""
    assessor = _Assessor(base)
    rows = list(_read_rows(examples))
    return Verdicts(
        assessments=[assessor.assess(row) for row in rows],
        rejected=np.array([row["outcome"] == "reject" for row in rows], dtype=np.int64),
        # A comment shown to a person with probability p stands for 1/p of them; the bound keeps one audited comment
        # from outweighing a day's work.
        weights=np.array([min(1 / max(row["sampling_probability"], 1e-9), MAX_WEIGHT) for row in rows]),
        articles=[row["article_id"] for row in rows],
        received=[datetime.fromisoformat(row["received_at"]) for row in rows],
    )


def open_serving(live: Path | None, base: Release) -> Serving:
    """What serves the site: the service passes over a head that does not open with its base, and so do we."""
    if live is None:
        return Serving(version=base.version)
    try:
        head = open_site_model(live, base=base.version)
    except ReleaseRefused as refusal:
        return Serving(version=base.version, passed_over=f"{live.name} ({refusal.reason})")
    return Serving(version=head.version, head=head)


def split_newest(verdicts: Verdicts, *, learned_until: datetime | None = None) -> tuple[Verdicts, Verdicts]:
    """Older and newest verdicts, split between articles: the newest articles with a quarter of the verdicts are kept
    for measuring.

    With `learned_until`, the time of the live head, only articles whose every comment came in later are kept, and
    those with half of such verdicts, where that is less than a quarter of all. Raises TooLittle.
    """
    if len(verdicts) < MIN_VERDICTS:
        raise TooLittle(f"{len(verdicts)} verdicts; {MIN_VERDICTS} are needed.")
    kept = _choose_newest(verdicts, learned_until=learned_until)
    is_newest = np.array([name in kept for name in verdicts.articles])
    older, newest = verdicts.pick(np.flatnonzero(~is_newest)), verdicts.pick(np.flatnonzero(is_newest))
    words = "The newest articles have"
    if learned_until is not None:
        words = f"Of what came in after the live model of {learned_until:%Y-%m-%d}, the part to measure on has"
    _require_both_kinds(newest, words)
    _require_both_kinds(older, "The older articles have")
    return older, newest


def compare(
    said: NDArray[np.float64], was_said: NDArray[np.float64], newest: Verdicts, *, seed: int
) -> Mapping[str, Any]:
    """Candidate against what is live, on the newest verdicts. Better = the 95 % interval of the saving in log loss is
    above 0.

    The interval is a percentile bootstrap over articles, the comments of one being alike; over verdicts where there
    are fewer than MIN_ARTICLES, which a bootstrap of articles could not be trusted with.
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


class _Assessor:
    """Takes the scores that this base gave in service, or scores again in the circumstances that came along.

    An article is embedded once, and so is an earlier comment, though each stands around many.
    """

    def __init__(self, base: Release) -> None:
        self._scorer = Scorer(base)
        self._marks = (base.version, base.encoder.identity)
        self._article = cache(lambda title, text: self._scorer.embed_article(Article(title, text)))
        self._passage = cache(lambda text: Passage(text, embed_passage(base.encoder, Passage(text))))

    def assess(self, row: Mapping[str, Any]) -> Assessment:
        """Raises TypeError for a row of another base that came without its circumstances."""
        if (row["model"], row["encoder"]) == self._marks:
            vector = np.array(row["vector"], dtype=np.float32)
            return Assessment(model=row["model"], language=row["language"], scores=row["scores"], vector=vector)
        around = row["circumstances"]
        comment = Comment(
            text=row["text"],
            article=self._article(row["article_title"], row["article_text"]),
            parent=self._passage(row["parent_text"]) if row["parent_text"] else None,
            thread=tuple(map(self._passage, around["thread"])),
            language=around["language"],
            copies=around["copies"],
        )
        return self._scorer.assess(comment, explain=False)


def _choose_newest(verdicts: Verdicts, *, learned_until: datetime | None) -> set[str]:
    """The articles to measure on."""
    counts = Counter(verdicts.articles)
    learned = {
        article
        for article, received in zip(verdicts.articles, verdicts.received, strict=True)
        if learned_until is not None and received <= learned_until
    }
    last_row = {article: row for row, article in enumerate(verdicts.articles) if article not in learned}
    wanted = NEWEST_SHARE * len(verdicts)
    if learned_until is not None:
        wanted = min(wanted, UNSEEN_SHARE * sum(counts[article] for article in last_row))
    kept: set[str] = set()
    for article in sorted(last_row, key=last_row.__getitem__, reverse=True):
        if sum(counts[name] for name in kept) >= wanted:
            break
        kept.add(article)
    return kept


def _require_both_kinds(part: Verdicts, words: str) -> None:
    rejected = int(part.rejected.sum())
    if min(rejected, len(part) - rejected) < MIN_OF_EACH_LABEL:
        raise TooLittle(
            f"{words} {rejected} rejections and {len(part) - rejected} approvals; {MIN_OF_EACH_LABEL} of each are needed."
        )


def _fit_head(verdicts: Verdicts, *, seed: int) -> Pipeline:
    return build_site_model(seed=seed).fit(
        verdicts.assessments, verdicts.rejected, head__sample_weight=verdicts.weights
    )


def _name(serving: Serving) -> dict[str, str]:
    kind = "site" if serving.head else "base"
    return {"kind": kind, "version": serving.version, "passed_over": serving.passed_over}


def _toxicity_log_odds(part: Verdicts) -> NDArray[np.float64]:
    said = [assessment.scores.get("toxicity") for assessment in part.assessments]
    clipped = np.clip([0.5 if value is None else value for value in said], 1e-6, 1 - 1e-6)
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
    if len(names) < MIN_ARTICLES:
        names = group = np.arange(len(newest))
    saved = np.bincount(group, weights=losses * newest.weights)
    weight = np.bincount(group, weights=newest.weights)
    drawn = generator.integers(0, len(names), size=(RESAMPLES, len(names)))
    means = saved[drawn].sum(axis=1) / weight[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
