"""A training run: its optimiser, its learning rates, its precision, and the checkpoint that it resumes from.

Needs the extra `training`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.encoder.batches import Rows
from training.progress import ProgressBar, no_progress

Loss = Callable[[Rows], Any]
"""Returns the loss of a batch as a tensor with one number."""

SAVED_EVERY = 200
"""Steps between two checkpoints."""

_MAX_GRADIENT_NORM = 1.0
_LOSS_SMOOTHING = 0.98
"""The share of the previous value in the moving average of the loss."""

_SEED_DISTANCE = 1_000_003
"""The distance between the step seeds of runs with neighbouring seeds. Shorter runs never share a step's seed."""


@dataclass(frozen=True, slots=True)
class LearningRateSchedule:
    """Learning rates that rise linearly over a share of `warmup` of the steps, and then fall linearly to zero.

    `rate` is the peak for pretrained layers, and `new_layer_rate` the peak for layers that start at zero. Use the
    weights of a finished run only, because the rates are high until shortly before its end.
    """

    rate: float = 1e-4
    new_layer_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.06

    def factor(self, step: int, steps: int) -> float:
        """Return the factor of the peak rate at a step out of `steps`."""
        # The middle of the step, so that no factor is zero.
        progress = (step + 0.5) / steps
        return min(progress / self.warmup, (1 - progress) / (1 - self.warmup))


class Trainer:
    """Trains on a plan of batches, and saves checkpoints. It resumes from an existing checkpoint.

    `pretrained` and `new_layers` are the modules that are trained. Each step has its own seed for dropout, so that a
    resumed run takes the same steps as an uninterrupted one.
    """

    def __init__(
        self,
        pretrained: Any,
        new_layers: Any,
        schedule: LearningRateSchedule,
        *,
        seed: int,
        checkpoint: Path,
        saved_every: int = SAVED_EVERY,
    ) -> None:
        self._modules = torch.nn.ModuleList([pretrained, new_layers])
        self._schedule, self._seed, self._checkpoint, self._saved_every = schedule, seed, checkpoint, saved_every
        self._trainable = _trainable(self._modules)
        # "peak" is our own entry; AdamW ignores it, and `_train_step` computes the learning rate from it.
        groups = [
            {"params": _trainable(module), "peak": rate}
            for module, rate in ((pretrained, schedule.rate), (new_layers, schedule.new_layer_rate))
        ]
        # AdamW refuses a group without parameters.
        groups = [group for group in groups if group["params"]]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=schedule.weight_decay)
        self.step = 0
        self.loss = 0.0

    def run(self, plan: Sequence[Rows], loss: Loss, *, name: str, with_progress: ProgressBar = no_progress) -> None:
        """Take every step of the plan that the checkpoint does not have yet. `loss` maps a batch to its loss."""
        self._resume()
        for rows in with_progress(plan[self.step :], name):
            self._train_step(rows, loss, steps=len(plan))
            self.step += 1
            if self.step % self._saved_every == 0 or self.step == len(plan):
                self._save()

    def _train_step(self, rows: Rows, loss: Loss, *, steps: int) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * self._schedule.factor(self.step, steps)
        torch.manual_seed(self._seed * _SEED_DISTANCE + self.step)
        value = loss(rows)
        value.backward()
        torch.nn.utils.clip_grad_norm_(self._trainable, _MAX_GRADIENT_NORM)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.loss = _LOSS_SMOOTHING * self.loss + (1 - _LOSS_SMOOTHING) * float(value.detach())

    def _save(self) -> None:
        """Write to another file first and then rename it, so that a crash leaves the previous checkpoint intact."""
        checkpoint = {
            "step": self.step,
            "modules": self._modules.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        self._checkpoint.parent.mkdir(parents=True, exist_ok=True)
        torch.save(checkpoint, self._checkpoint.with_suffix(".new"))
        self._checkpoint.with_suffix(".new").replace(self._checkpoint)

    def _resume(self) -> None:
        if self._checkpoint.exists():
            checkpoint = torch.load(self._checkpoint, weights_only=True)
            self.step = checkpoint["step"]
            self._modules.load_state_dict(checkpoint["modules"])
            self._optimizer.load_state_dict(checkpoint["optimizer"])


def autocast() -> Any:
    """Return a context in which matrix products are computed in bfloat16, if the processor supports it.

    This halves the time. On other processors bfloat16 is slower than float32, so they compute in float32.
    """
    return torch.autocast("cpu", torch.bfloat16, enabled=supports_bfloat16())


def supports_bfloat16() -> bool:
    """Return whether the processor has instructions for products in bfloat16."""
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001 - there is no public function


def _trainable(module: Any) -> list[Any]:
    return [parameter for parameter in module.parameters() if parameter.requires_grad]
