"""Builds a base release, the models that all sites start with.

Fits each part, chooses thresholds, and writes the files and the card, which describes the release. The command
`evaluate` makes the report afterwards, and attaches it.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Memory
from sklearn.metrics import roc_auc_score

from models.card import Card, DataSource, read_card, write_card
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
from training.augmentation.generate import fill_all_identities, generate
from training.coherence.fit import fit_coherence
from training.corpora.licensed_corpora import SOURCES, Corpora
from training.encoder.facts import read_facts
from training.evaluation.baselines import fit_ngrams
from training.evaluation.out_of_fold import collect_out_of_fold, measure_out_of_fold
from training.release.known_failures import find_failures
from training.release.perspective_scale import equipercentile_map, measure_scale
from training.release.reliability import measure_reliability
from training.release.thresholds import choose_thresholds
from training.relevance.fit import fit_relevance
from training.templates.identity import fill_identity_templates
from training.toxicity.fit import FOLDS, INVERSE_PENALTY, FittedToxicity, fit_toxicity
from training.toxicity.training_set import SOURCE_WEIGHTS, TEMPLATES

TRAINING_SOURCES = tuple(source for source in SOURCES if source.may_train)
"""Every corpus that some part of a release is trained on: those whose licence allows it."""

OUT_OF_FOLD_SOURCES = ("toxigen", "wikipedia_context")
"""Corpora with no held-out split, or with one that is too small. Their AUC is measured out of fold."""

INTENDED_USE = (
    "Ordering and holding English comments under news articles for people to decide about, with the reasons shown."
)
NOT_FOR = (
    "Rejecting without a person; languages other than English; judging people rather than comments; legal decisions. "
    "Relevance has no trustworthy human labels: it orders and explains. Threats were trained on few examples."
)


class VersionExists(FileExistsError):
    """A release of this version exists already, and releases never change."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} exists, and a release is never changed: choose another version")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """What to build a release from, and the details of its card that only the caller knows.

    `corpora` and `encoder` are folders. `cache` is a folder of intermediate results for the next build.
    """

    corpora: Path
    encoder: Path
    version: str
    created_at: datetime
    code_commit: str
    seed: int
    cache: Path
    jobs: int


BuildStep = Callable[[str], None]
"""Called with the name of each step when it begins."""


def build_release(config: BuildConfig, out: Path, *, begin: BuildStep) -> Card:
    """Fit every part and write the release to the folder `out`.

    Raises VersionExists, and OSError for the corpora.
    """
    refuse_existing_version(out)
    corpora = Corpora(config.corpora)
    encoder = Encoder(config.encoder / ENCODER_FILE, config.encoder / TOKENIZER_FILE, threads=config.jobs)
    memory = Memory(config.cache, verbose=0)
    begin("toxicity")
    toxicity = fit_toxicity(corpora, encoder, memory=memory, jobs=config.jobs)
    begin("relevance")
    relevance, relevance_facts = fit_relevance(config.corpora, encoder=encoder, seed=config.seed, vectors=config.cache)
    begin("coherence")
    coherence, coherence_facts = fit_coherence(config.corpora, seed=config.seed)
    begin("scales")
    # The map to Perspective's scale is fitted on rows that toxicity was not trained on.
    rows = collect_out_of_fold(corpora, toxicity, jobs=config.jobs)
    scale = equipercentile_map(rows.log_odds, rows.perspective)
    agreement = measure_scale(rows.log_odds, rows.perspective, rows.labels, keys=rows.keys, seed=config.seed)
    metrics = {
        "toxicity": _describe_toxicity(toxicity),
        "perspective": asdict(agreement),
        "out_of_fold": asdict(measure_out_of_fold(rows, fit_ngrams(corpora, memory=memory), seed=config.seed)),
        "relevance": relevance_facts,
        "coherence": coherence_facts,
        "reliability": measure_reliability(toxicity),
    }
    thresholds = choose_thresholds(corpora, toxicity, relevance, coherence)
    card = Card(
        version=config.version,
        kind="base",
        created_at=config.created_at,
        seed=config.seed,
        code_commit=config.code_commit,
        base_rate=toxicity.base_rates["toxicity"],
        parameters={**_describe_parameters(toxicity, encoder), **read_facts(config.encoder)},
        thresholds=thresholds,
        sources=_describe_sources(corpora, seed=config.seed),
        metrics=metrics,
        intended_use=INTENDED_USE,
        not_for=NOT_FOR,
        known_failures=tuple(find_failures(toxicity.pipeline, coherence, toxicity_threshold=thresholds["toxicity"])),
    )
    begin("files")
    pipelines = {TOXICITY_FILE: toxicity.pipeline, RELEVANCE_FILE: relevance, COHERENCE_FILE: coherence}
    files = {name: config.encoder / name for name in (ENCODER_FILE, TOKENIZER_FILE)}
    # `write_release` copies files, so the scale is written to a temporary one first.
    with tempfile.TemporaryDirectory() as scratch:
        files[PERSPECTIVE_FILE] = Path(scratch) / PERSPECTIVE_FILE
        write_scale(scale, files[PERSPECTIVE_FILE], figures=asdict(agreement))
        return write_release(out, card, pipelines=pipelines, files=files)


def refuse_existing_version(folder: Path) -> None:
    """Raise VersionExists if the folder exists. Callers check this before they start hours of work."""
    if folder.exists():
        raise VersionExists(folder)


def attach_report(folder: Path, files: Sequence[Path]) -> Card:
    """Add files, such as the report, to a release that is not published yet, and return its rewritten card.

    If the folder is no release, raises ReleaseRefused and adds nothing.
    """
    card = read_card(folder)
    for path in files:
        shutil.copyfile(path, folder / path.name)
    return write_card(folder, card)


def describe_written_rows(*, seed: int) -> DataSource:
    """Describe the hand-written sentences that a release is trained on, as one data source.

    These are the filled templates that the n-gram heads are trained on, and those that the encoder is trained on. The
    seed decides which groups and surrounding sentences fill the encoder's.
    """
    ngram_rows = [sentence.text for sentence in fill_identity_templates()]
    encoder_rows = [example.text for example in (*generate(seed=seed), *fill_all_identities(seed=seed))]
    texts = list(dict.fromkeys([*ngram_rows, *encoder_rows]))
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return DataSource(name=TEMPLATES, licence="Apache-2.0", rows=len(texts), sha256=digest)


def _describe_toxicity(toxicity: FittedToxicity) -> Mapping[str, Any]:
    """Return the AUC out of fold, and the number of labels that each target was trained on."""
    labels = np.array([example.labels for example in toxicity.training_set])
    sources = np.array([example.source for example in toxicity.training_set])
    auc = {}
    for source in OUT_OF_FOLD_SOURCES:
        rows = (sources == source) & toxicity.held_out
        # Column 0 is toxicity. An AUC needs rows of both classes.
        toxic, scores = labels[rows, 0], toxicity.out_of_fold[rows, 0]
        if len(np.unique(toxic)) > 1:
            auc[source] = round(float(roc_auc_score(toxic, scores)), 4)
    # A label is 1, 0, or NaN if it is unknown.
    counts = {
        name: {"positive": int(np.nansum(column)), "known": int((~np.isnan(column)).sum())}
        for name, column in zip(TARGETS, labels.T, strict=True)
    }
    return {"auc_out_of_fold": auc, "labels": counts, "base_rates": dict(toxicity.base_rates)}


def _describe_parameters(toxicity: FittedToxicity, encoder: Encoder) -> Mapping[str, Any]:
    features = toxicity.pipeline["heads"].weights_.shape[0]
    return {
        "encoder": encoder.files_hash,
        "toxicity": {"features": features, "folds": FOLDS, "C": INVERSE_PENALTY, "weights": dict(SOURCE_WEIGHTS)},
    }


def _describe_sources(corpora: Corpora, *, seed: int) -> tuple[DataSource, ...]:
    sources = [
        DataSource(
            name=source.name,
            licence=source.licence,
            rows=len(corpora.train_rows(source.name)),
            sha256=corpora.sha256(source.name),
        )
        for source in TRAINING_SOURCES
    ]
    return (*sources, describe_written_rows(seed=seed))
