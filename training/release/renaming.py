"""Writes release 2026.11.3 again under the names that the code has had since: `python -m training.release.renaming`.

The fitted numbers are copied, never computed again: only names of types, fields and steps change, in the pipelines,
in the encoder's graph and on the card. `python -m tests.benchmarks.same_scores` shows that no score changes.

Usage: `python -m training.release.renaming OLD_FOLDER NEW_FOLDER`; the version is the new folder's name. Needs the
`training` extra, for onnx. The old folder is in the history: `git archive 32efcb0 models/released | tar -x -C DIR`.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import onnx
from pydantic import TypeAdapter

from models.card import CARD_FILE, Card, parse_card
from models.encoder import Encoder
from models.perspective_scale import PERSPECTIVE_FILE, read_scale, write_scale
from models.release import (
    COHERENCE_FILE,
    ENCODER_FILE,
    RELEVANCE_FILE,
    TOKENIZER_FILE,
    TOXICITY_FILE,
    load_pipeline,
    write_release,
)
from training.release.perspective_scale import ScaleAgreement

PIPELINES = (TOXICITY_FILE, RELEVANCE_FILE, COHERENCE_FILE)

TYPES = {
    "models.abuse.ListedWords": "models.toxicity.lexicon_features.LexiconFeatures",
    "models.boosting.OneThreadBoosting": "models.boosting.SingleThreadBoosting",
    "models.coherence.CoherenceFeatures": "models.coherence.features.CoherenceFeatures",
    "models.coherence.WordNumbers": "models.coherence.vocabulary.Vocabulary",
    "models.cohesion.TopicVectors": "models.coherence.latent_semantics.LatentSemanticVectors",
    "models.fluency.CharacterModel": "models.coherence.ngram_model.CharacterModel",
    "models.fluency.WordModel": "models.coherence.ngram_model.WordModel",
    "models.reading.Reader": "models.text.tokens.Tokenizer",
    "models.relevance.RelevanceFeatures": "models.relevance.features.RelevanceFeatures",
    "models.terms.Rarity": "models.relevance.idf.InverseDocumentFrequency",
    "models.toxicity.LogisticHeads": "models.toxicity.pipeline.LogisticHeads",
    "models.toxicity.Tone": "models.toxicity.pipeline.ToxicityEmbedding",
    "models.vocabulary.LetterTerms": "models.toxicity.tfidf.CharTfidf",
    "models.vocabulary.WordTerms": "models.toxicity.tfidf.WordTfidf",
}
"""Old to new: every type of ours that a base release holds."""

FIELDS: Mapping[str, Mapping[str, str]] = {
    "models.coherence.CoherenceFeatures": {
        "numbers": "vocabulary",
        "characters": "character_model",
        "words": "word_model",
        "skeleton": "syntax_model",
        "topics": "topic_vectors",
    },
    "models.coherence.WordNumbers": {"listing": "terms"},
    "models.fluency.WordModel": {
        "single": "unigrams",
        "single_rest": "unigram_backoff",
        "pairs": "bigrams",
        "pair_logs": "bigram_logs",
        "pair_rest": "bigram_backoff",
        "triples": "trigrams",
        "triple_logs": "trigram_logs",
    },
    "models.relevance.RelevanceFeatures": {"rarity": "idf", "least_specificity": "min_specificity"},
    "models.terms.Rarity": {
        "listing": "terms",
        "frequencies": "document_frequencies",
        "documents": "document_count",
    },
    "models.toxicity.LogisticHeads": {"strength": "C", "jobs": "n_jobs"},
    "models.vocabulary.LetterTerms": {"shortest": "min_n", "longest": "max_n", "least_rows": "min_rows"},
    "models.vocabulary.WordTerms": {"least_rows": "min_rows"},
}
"""Fields of those types, by the type's old name."""

STEPS = {
    "readings": "features",
    "wording": "ngrams",
    "tone": "toxicity_embedding",
    "reader": "tokenizer",
    "letters": "characters",
    "listed": "lexicon",
}
"""Steps of the toxicity pipeline."""

GRAPH_OUTPUTS = {"tones": "toxicity_states"}

CARD_FIELDS = {
    "least_specificity": "min_specificity",
    "unseen": "out_of_fold",
    "area": "auc",
    "beside": "difference",
    "ours": "release_value",
    "theirs": "baseline_value",
    "measure": "metric",
    "strength": "C",
    "sentences of ours": "hand-written templates",
    "tone": "toxicity",
    "subject": "semantic",
    "trust": "teacher_weight",
    "last": "final_examples",
    "says": "predicted",
    "why": "reason",
}
"""Keys of the card's metrics, parameters and known failures, wherever they occur."""

REMOVED_FIELDS = frozenset(("isotonic",))
"""Keys of figures that are no longer measured."""


def rename_schema(node: Any, *, has_steps: bool) -> Any:
    """Return a skops schema with new names; `has_steps` says whether names of pipeline steps change too."""
    if isinstance(node, list):
        return [rename_schema(part, has_steps=has_steps) for part in node]
    if not isinstance(node, dict):
        return node
    renamed = {name: rename_schema(part, has_steps=has_steps) for name, part in node.items()}
    old_type = f"{node.get('__module__')}.{node.get('__class__')}"
    if old_type in TYPES:
        renamed["__module__"], renamed["__class__"] = TYPES[old_type].rsplit(".", 1)
        fields = renamed["content"]["content"]
        names = FIELDS.get(old_type, {})
        renamed["content"]["content"] = {names.get(name, name): value for name, value in fields.items()}
    if has_steps and node.get("__loader__") == "TupleNode" and node["content"][0].get("is_json"):
        name = json.loads(node["content"][0]["content"])
        renamed["content"][0]["content"] = json.dumps(STEPS.get(name, name))
    return renamed


def rename_pipeline(source: Path, target: Path) -> None:
    """Copy one skops file with new names in its schema; the arrays are copied as they are."""
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "schema.json":
                schema = rename_schema(json.loads(content), has_steps=source.name == TOXICITY_FILE)
                content = json.dumps(schema, indent=2).encode()
            new.writestr(name, content)


def rename_graph(source: Path, target: Path) -> None:
    """Copy the encoder's graph with new names for its outputs."""
    model = onnx.load(source)
    for output in model.graph.output:
        output.name = GRAPH_OUTPUTS.get(output.name, output.name)
    for node in model.graph.node:
        node.input[:] = [GRAPH_OUTPUTS.get(name, name) for name in node.input]
        node.output[:] = [GRAPH_OUTPUTS.get(name, name) for name in node.output]
    onnx.checker.check_model(model)
    onnx.save(model, target)


def rename_facts(facts: Any) -> Any:
    """Return facts of a card with new keys."""
    if isinstance(facts, Mapping):
        kept = {name: value for name, value in facts.items() if name not in REMOVED_FIELDS}
        return {CARD_FIELDS.get(name, name): rename_facts(value) for name, value in kept.items()}
    if isinstance(facts, list):
        return [rename_facts(value) for value in facts]
    return facts


def read_old_card(folder: Path) -> Card:
    """Read the old card. Its digest is not checked: the known failures had other keys when it was written."""
    fields = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    return parse_card({**fields, "known_failures": rename_facts(fields["known_failures"])})


def rename_scale(source: Path, target: Path) -> None:
    """Copy the Perspective scale with new keys for its figures, in the order in which a fit writes them."""
    figures = rename_facts(json.loads(source.read_text(encoding="utf-8"))["figures"])
    write_scale(read_scale(source), target, figures=asdict(TypeAdapter(ScaleAgreement).validate_python(figures)))


def rename_release(old: Path, new: Path) -> None:
    """Write the release in `old` into the new folder `new`, under today's names and the new folder's version.

    Raises FileExistsError where the folder exists.
    """
    card = read_old_card(old)
    with tempfile.TemporaryDirectory() as scratch:
        for name in PIPELINES:
            rename_pipeline(old / name, Path(scratch) / name)
        rename_graph(old / ENCODER_FILE, Path(scratch) / ENCODER_FILE)
        rename_scale(old / PERSPECTIVE_FILE, Path(scratch) / PERSPECTIVE_FILE)
        for name in set(card.files) - {*PIPELINES, ENCODER_FILE, PERSPECTIVE_FILE}:
            shutil.copyfile(old / name, Path(scratch) / name)
        encoder = Encoder(Path(scratch) / ENCODER_FILE, Path(scratch) / TOKENIZER_FILE)
        renamed = replace(
            card,
            version=new.name,
            metrics=rename_facts(card.metrics),
            parameters={**rename_facts(card.parameters), "encoder": encoder.files_hash},
            sources=tuple(replace(part, name=CARD_FIELDS.get(part.name, part.name)) for part in card.sources),
        )
        files = {name: Path(scratch) / name for name in card.files if name not in PIPELINES}
        # Loading and saving again gives the archives the layout that a fit would give them.
        pipelines = {name: load_pipeline(Path(scratch) / name) for name in PIPELINES}
        write_release(new, renamed, pipelines=pipelines, files=files)


if __name__ == "__main__":
    rename_release(Path(sys.argv[1]), Path(sys.argv[2]))
