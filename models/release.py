"""Releases on disk. A release is a folder with the files of fitted models and a card that describes them.

Opening a release runs no code from its files: skops reads the pipelines, and refuses types that are not listed here.
"""

import logging
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile

import skops.io
from sklearn.pipeline import Pipeline

from models.card import CARD_FILE, Card, ReleaseRefused, verify_folder, write_card
from models.encoder import Encoder, bind
from models.perspective_scale import PERSPECTIVE_FILE, PerspectiveScale, read_scale

TOXICITY_FILE = "toxicity.skops"
RELEVANCE_FILE = "relevance.skops"
COHERENCE_FILE = "coherence.skops"
ENCODER_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
REQUIRED_FILES = (TOXICITY_FILE, RELEVANCE_FILE, COHERENCE_FILE, ENCODER_FILE, TOKENIZER_FILE, PERSPECTIVE_FILE)
"""The files that every base release must have. It may have others, such as a report."""

TRUSTED_TYPES = frozenset(
    {
        "models.boosting.SingleThreadBoosting",
        "models.coherence.features.CoherenceFeatures",
        "models.coherence.latent_semantics.LatentSemanticVectors",
        "models.coherence.ngram_model.CharacterModel",
        "models.coherence.ngram_model.WordModel",
        "models.coherence.vocabulary.Vocabulary",
        "models.relevance.features.RelevanceFeatures",
        "models.relevance.idf.InverseDocumentFrequency",
        "models.site_model.AssessmentFeatures",
        "models.text.tokens.Tokenizer",
        "models.toxicity.lexicon_features.LexiconFeatures",
        "models.toxicity.pipeline.LogisticHeads",
        "models.toxicity.pipeline.ToxicityEmbedding",
        "models.toxicity.tfidf.CharTfidf",
        "models.toxicity.tfidf.WordTfidf",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    }
)
"""The types that a pipeline may hold, in addition to NumPy's and the public ones of scikit-learn."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An opened and verified base release. Its pipelines have the encoder.

    `refused` has the errors of newer releases that could not be opened.
    """

    card: Card
    toxicity: Pipeline
    relevance: Pipeline
    coherence: Pipeline
    encoder: Encoder
    perspective_scale: PerspectiveScale
    refused: tuple[ReleaseRefused, ...] = ()

    @property
    def version(self) -> str:
        """The calendar version, as on the card."""
        return self.card.version


def save_pipeline(pipeline: Any, path: Path) -> None:
    """Write a fitted pipeline. Raises ValueError if it has a type that `load_pipeline` would refuse."""
    skops.io.dump(pipeline, path, compression=ZIP_DEFLATED, compresslevel=6)
    if unknown := sorted(set(skops.io.get_untrusted_types(file=path)) - TRUSTED_TYPES):
        path.unlink()  # do not leave a file that nothing can open
        message = f"{path.name} would hold types that are not trusted: {', '.join(unknown)}"
        raise ValueError(message)


def load_pipeline(path: Path) -> Pipeline:
    """Read a pipeline from a verified folder. Raises ReleaseRefused if it cannot be read or has an unlisted type."""
    try:
        content = path.read_bytes()
        unknown = sorted(set(skops.io.get_untrusted_types(data=content)) - TRUSTED_TYPES)
        if unknown:
            raise ReleaseRefused(file=str(path), reason=f"holds types that are not trusted: {', '.join(unknown)}")
        return skops.io.loads(content, trusted=sorted(TRUSTED_TYPES))
    except OSError as error:
        raise ReleaseRefused(file=str(path), reason=f"cannot be read ({error.strerror})") from error
    except (BadZipFile, KeyError, TypeError, ValueError, AttributeError, ImportError) as error:
        raise ReleaseRefused(file=str(path), reason="is not a pipeline that this version reads") from error


def write_release(
    folder: Path, card: Card, *, pipelines: Mapping[str, Any], files: Mapping[str, Path] | None = None
) -> Card:
    """Write a release, as a whole or not at all, and return its completed card.

    `pipelines` are saved, and `files` copied, under their names. Raises FileExistsError if the folder exists, because a
    release is never changed.
    """
    if folder.exists():
        message = f"{folder} exists, and a release is never changed"
        raise FileExistsError(message)
    # Write to another folder and rename it at the end, so that a crash does not leave an incomplete release.
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, pipeline in pipelines.items():
        save_pipeline(pipeline, unfinished / name)
    for name, source in (files or {}).items():
        shutil.copyfile(source, unfinished / name)
    complete = write_card(unfinished, card)
    unfinished.rename(folder)
    return complete


def open_release(folder: Path) -> Release:
    """Verify and open a base release. Raises ReleaseRefused, which names the file and the reason."""
    card = verify_folder(folder)
    if card.kind != "base":
        raise ReleaseRefused(file=str(folder / CARD_FILE), reason="is a site's release, not a base")
    for name in REQUIRED_FILES:
        if name not in card.files:
            raise ReleaseRefused(file=str(folder / name), reason="is missing from the card")
    encoder = Encoder(folder / ENCODER_FILE, folder / TOKENIZER_FILE)
    return Release(
        card=card,
        toxicity=bind(load_pipeline(folder / TOXICITY_FILE), encoder),
        relevance=bind(load_pipeline(folder / RELEVANCE_FILE), encoder),
        coherence=load_pipeline(folder / COHERENCE_FILE),
        encoder=encoder,
        perspective_scale=read_scale(folder / PERSPECTIVE_FILE),
    )


def newest_release(folder: Path) -> Release:
    """Open the newest release in the folder that can be verified. Log each newer release that is refused.

    If all are refused, raises the newest one's ReleaseRefused.
    """
    refused: list[ReleaseRefused] = []
    for candidate in _newest_first(folder):
        try:
            return replace(open_release(candidate), refused=tuple(refused))
        except ReleaseRefused as refusal:
            log.error("release refused: %s", refusal)  # noqa: TRY400 - the message is enough, without a traceback
            refused.append(refusal)
    raise refused[0] if refused else ReleaseRefused(file=str(folder), reason="holds no release")


def _newest_first(folder: Path) -> list[Path]:
    # Names with a dot first are unfinished releases (see `write_release`), and `__pycache__` is not a release.
    versions = [path for path in folder.glob("[!.]*") if path.is_dir() and not path.name.startswith("__")]
    return sorted(versions, key=_version_numbers, reverse=True)


def _version_numbers(folder: Path) -> tuple[tuple[int, str], ...]:
    """Return the sort key of a version: 2026.9.0 comes before 2026.11.0. Parts that are not numbers sort first."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", folder.name))
