"""Fits coherence to tell intact texts, with the noise of real writing, from corrupted ones. It needs no labels."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.boosting import SingleThreadBoosting
from models.coherence.features import CoherenceFeatures
from models.coherence.latent_semantics import LatentSemanticVectors
from models.coherence.ngram_model import CharacterModel, WordModel
from models.coherence.vocabulary import Vocabulary, split_tokens
from models.text.normalise import normalise
from training.augmentation.corruptions import BREAKS_SHORT, SEEN, Corruption, Sampler
from training.augmentation.text_noise import NOISES, take_one_sentence
from training.corpora.licensed_corpora import Corpora

INTACT_SOURCES = ("wikipedia_talk", "civil_spans", "wikipedia_context", "surge", "fox")
"""Corpora of texts as they were written. civil_balanced is not among them: it has lost its punctuation."""

VOCABULARY_SIZE = 24_000
DIMENSIONS = 48
"""The length of the latent semantic vectors."""

LANGUAGE_MODEL_SHARE = 0.67
"""The share of texts that the language models are trained on. The classifier is trained on the other texts, because
the language models score texts that are new to them in service, too."""

MAX_CHARS = 3_000
ONE_SENTENCE, NOISY, TWICE = 0.4, 0.7, 0.3
"""Probabilities that an intact text is cut to one sentence, that noise is added, and that it is added twice."""

FEW_WORDS = 8
"""Texts with fewer words are corrupted only by the kinds in BREAKS_SHORT."""

SHORT_WORDS, SHORT_WEIGHT = 15, 3.0
"""An intact text of at most so many words has this weight in training, other texts have 1. A few plain words are
little evidence, and to call plain speech incoherent is the worse mistake. Chosen on held-out texts: of the short
intact ones 2 % are called incoherent instead of 6 %, of the broken ones 80 % instead of 84 %."""

MAX_TEXTS = 20_000


def fit_coherence(corpora: Path, *, seed: int) -> tuple[Pipeline, dict[str, Any]]:
    """Fit the pipeline, and return it with details for the card. Deterministic for a seed. It takes two minutes."""
    texts = read_intact_texts(Corpora(corpora), held_out=False)
    np.random.default_rng(seed).shuffle(texts)
    split = int(len(texts) * LANGUAGE_MODEL_SHARE)
    features = fit_features(texts[:split], seed=seed)
    examples, labels, _ = corrupt(texts[split:][:MAX_TEXTS], SEEN, seed=seed)
    classifier = SingleThreadBoosting(max_iter=100, max_leaf_nodes=15, early_stopping=False, random_state=seed)
    is_short = np.array([len(text.split()) <= SHORT_WORDS for text in examples])
    weights = np.where(is_short & (labels == 1), SHORT_WEIGHT, 1.0)
    classifier.fit(features.transform(examples), labels, sample_weight=weights)
    details = {"texts": len(texts), "examples": len(examples), "corruptions": [kind.__name__ for kind in SEEN]}
    return Pipeline([("features", features), ("classifier", classifier)]), details


def read_intact_texts(corpora: Corpora, *, held_out: bool) -> list[str]:
    """Return the distinct texts of INTACT_SOURCES, from the held-out or from the training split."""
    rows = [
        row
        for name in INTACT_SOURCES
        for row in (corpora.held_out(name) if held_out else corpora.train_rows(name))
        # The corpus has normalised these texts, so they are not as they were written.
        if row.get("text_normalised", "0") != "1"
    ]
    return [text for text in dict.fromkeys(row["text"].strip()[:MAX_CHARS] for row in rows) if text]


def fit_features(texts: Sequence[str], *, seed: int) -> CoherenceFeatures:
    """Fit the language models and the latent semantic vectors on intact texts."""
    normalised = [normalise(text).text for text in texts]
    tokens = [split_tokens(text) for text in normalised]
    vocabulary = Vocabulary.learn(tokens, max_terms=VOCABULARY_SIZE)
    words = [vocabulary.word_ids(text) for text in tokens]
    syntax = [vocabulary.syntax_ids(text, ids) for text, ids in zip(tokens, words, strict=True)]
    return CoherenceFeatures(
        vocabulary=vocabulary,
        character_model=CharacterModel.learn(normalised),
        word_model=WordModel.learn(words, size=vocabulary.size),
        syntax_model=WordModel.learn(syntax, size=vocabulary.syntax_vocabulary_size, min_count=3),
        topic_vectors=LatentSemanticVectors.learn(words, size=vocabulary.size, dimensions=DIMENSIONS, seed=seed),
    )


def corrupt(
    texts: Sequence[str], kinds: Sequence[Corruption], *, seed: int
) -> tuple[list[str], NDArray[np.int_], list[str]]:
    """Return each text intact and then corrupted, the labels (1 intact, 0 corrupted), and the corruptions' names.

    The name for an intact text is "intact". Noise is added to most texts before. A text that no kind can corrupt is
    left out.
    """
    sampler = Sampler(np.random.default_rng(seed), texts)
    examples: list[str] = []
    corruptions: list[str] = []
    for text in texts:
        intact = add_noise(text, sampler) or text
        is_short = len(intact.split()) < FEW_WORDS
        # A few words in another order may still be a sentence.
        suitable = [kind for kind in kinds if kind in BREAKS_SHORT or not is_short]
        if result := _corrupt_once(intact, suitable, sampler):
            corrupted, name = result
            examples += [intact, corrupted]
            corruptions += ["intact", name]
    # Examples alternate: intact, corrupted, intact, corrupted.
    return examples, np.tile([1, 0], len(examples) // 2), corruptions


def add_noise(text: str, sampler: Sampler) -> str:
    """Return the text or one sentence of it, with noise of one or two kinds or none."""
    if sampler.happens(ONE_SENTENCE):
        text = take_one_sentence(text, sampler)
    if sampler.happens(NOISY):
        rounds = 2 if sampler.happens(TWICE) else 1
        for _ in range(rounds):
            text = sampler.one_of(NOISES)(text, sampler)
    return text.strip()


def _corrupt_once(text: str, kinds: Sequence[Corruption], sampler: Sampler) -> tuple[str, str] | None:
    """Return the text corrupted by a random kind that changes its words, and the kind's name, or None if no kind does.

    Not every kind changes every text: "So it is" has no long word to scramble, and "2015!" no letter.
    """
    untried = list(kinds)
    while untried:
        kind = sampler.one_of(untried)
        corrupted = kind(text, sampler)
        if corrupted.split() != text.split():
            return corrupted, kind.__name__
        untried.remove(kind)
    return None
