"""One run of gradient descent: its schedule, its precision, and what is saved to go on from there; not what is learned.

Needs the extra `training`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.encoder.batches import Rows
from training.progress import Track, pass_silently

Loss = Callable[[Rows], Any]

SAVED_EVERY = 200
_SMOOTHING = 0.98
_STEPS_APART = 1_000_003


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to learn. Rates rise over the first `warm_up` of the steps and then fall in a line, to nothing: only a
    run's end is worth keeping. `fresh_rate` is for parts that start from zero.
    """

    rate: float = 1e-4
    fresh_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.06

    def share(self, step: int, steps: int) -> float:
        """Answer what share of its rate a step of so many is taken at."""
        done = (step + 0.5) / steps
        return min(done / self.warm_up, (1 - done) / (1 - self.warm_up))


class Descent:
    """Goes through a plan of batches, saving now and then to `checkpoint`; called again it goes on where it was.

    `tuned` starts from learned weights, `fresh` from zero. Each step seeds what is left out by chance, so that a run
    that was stopped takes the same steps as one that was not.
    """

    def __init__(
        self, tuned: Any, fresh: Any, pace: Pace, *, seed: int, checkpoint: Path, saved_every: int = SAVED_EVERY
    ) -> None:
        self._parts = torch.nn.ModuleList([tuned, fresh])
        self._pace, self._seed, self._checkpoint, self._saved_every = pace, seed, checkpoint, saved_every
        self._learning = [weight for weight in self._parts.parameters() if weight.requires_grad]
        groups = [
            {"params": [weight for weight in part.parameters() if weight.requires_grad], "peak": rate}
            for part, rate in ((tuned, pace.rate), (fresh, pace.fresh_rate))
        ]
        self._optimizer = torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=pace.decay)
        self.step = 0
        self.loss = 0.0

    def run(self, plan: Sequence[Rows], loss: Loss, *, name: str, track: Track = pass_silently) -> None:
        """Take every step of the plan that has not been taken."""
        self._resume()
        for rows in track(plan[self.step :], name):
            self._learn(rows, loss, steps=len(plan))
            self.step += 1
            if self.step % self._saved_every == 0 or self.step == len(plan):
                self._save()

    def _learn(self, rows: Rows, loss: Loss, *, steps: int) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * self._pace.share(self.step, steps)
        torch.manual_seed(self._seed * _STEPS_APART + self.step)
        found = loss(rows)
        found.backward()
        torch.nn.utils.clip_grad_norm_(self._learning, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.loss = _SMOOTHING * self.loss + (1 - _SMOOTHING) * float(found.detach())

    def _save(self) -> None:
        """Written beside and moved, so that a crash leaves the last one whole."""
        kept = {"step": self.step, "parts": self._parts.state_dict(), "optimizer": self._optimizer.state_dict()}
        self._checkpoint.parent.mkdir(parents=True, exist_ok=True)
        torch.save(kept, self._checkpoint.with_suffix(".new"))
        self._checkpoint.with_suffix(".new").replace(self._checkpoint)

    def _resume(self) -> None:
        if self._checkpoint.exists():
            kept = torch.load(self._checkpoint, weights_only=True)
            self.step = kept["step"]
            self._parts.load_state_dict(kept["parts"])
            self._optimizer.load_state_dict(kept["optimizer"])


def halve_precision() -> Any:
    """Answer a context in which products are taken in bfloat16, where the processor has instructions for it.

    It is twice as fast there and slower everywhere else, so elsewhere everything stays in float32.
    """
    return torch.autocast("cpu", torch.bfloat16, enabled=knows_half_precision())


def knows_half_precision() -> bool:
    """Whether the processor multiplies in bfloat16."""
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001 - there is no public question
