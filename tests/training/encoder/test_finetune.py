"""Fine-tuning, by its parts: batches, schedules that go on where they stopped, targets drawn towards a teacher."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="fine-tuning needs the extra `training`: make training-test")

import torch
from typer.testing import CliRunner

from models.toxicity.pipeline import TARGETS
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.__main__ import cli
from training.augmentation.generate import generate_untaught
from training.corpora.registry import Corpora
from training.encoder.batches import MAX_TOKENS, Batches
from training.encoder.dataset import UNKNOWN, Example, mix_unlabelled
from training.encoder.finetune import gather_examples, likeness_loss, load_tokenizer, write_recipe
from training.encoder.losses import Aims, heed, masked_loss
from training.encoder.probe import HELD_OUT, RESERVED, read_sets
from training.encoder.trainer import Descent, Pace
from training.relevance.pairs import Together

TEXTS = [f"The ferry at {hour} is late{' again' * (hour % 7)}." for hour in range(70)]
NOTHING = (0.0,) * len(TARGETS)


def test_a_plan_has_every_row_once_in_each_pass_and_another_order_in_the_next() -> None:
    batches = Batches(TEXTS, load_tokenizer())
    plan = batches.plan(epochs=2, seed=7)
    first, second = np.concatenate(plan[: len(plan) // 2]), np.concatenate(plan[len(plan) // 2 :])
    assert len(first) == len(set(first))
    assert len(set(first) | set(second)) == len(TEXTS)
    assert first.tolist() != second.tolist()
    assert [rows.tolist() for rows in plan] == [rows.tolist() for rows in batches.plan(epochs=2, seed=7)]


def test_a_batch_is_padded_to_its_longest_text_and_no_text_is_longer_than_is_read() -> None:
    pieces, mask = Batches(["late " * 500, "late"], load_tokenizer(), padding=5).read(np.array([0, 1]))
    assert pieces.shape == mask.shape == (2, MAX_TOKENS)
    assert mask.sum(1).tolist() == [MAX_TOKENS, 3]
    assert set(pieces[1, 3:].tolist()) == {5}


def test_rates_rise_and_then_fall_to_nothing() -> None:
    shares = [Pace(warm_up=0.1).share(step, 100) for step in range(100)]
    assert shares.index(max(shares)) in {9, 10}
    assert shares[0] < 0.1
    assert shares[-1] < 0.01


def descend(folder: Path, steps: int) -> torch.nn.Linear:
    """Learn to answer 1, some steps of twenty."""
    linear = torch.nn.Linear(2, 1)
    with torch.no_grad():
        linear.weight.zero_()
        linear.bias.zero_()
    plan = [np.array([row]) for row in range(20)]

    def loss(rows: Any) -> Any:
        noise = torch.rand(1)  # as dropout would
        return (linear(torch.tensor([[float(rows[0]), 1.0]])) - 1 - noise).pow(2).mean()

    descent = Descent(
        linear, torch.nn.ModuleList(), Pace(rate=0.1), seed=7, checkpoint=folder / "run.pt", saved_every=5
    )
    stopped: Any = plan
    if steps < len(plan):
        stopped = _Interrupted(plan, steps)
    descent.run(stopped, loss, name="test")
    return linear


class _Interrupted(list[Any]):
    """A plan whose process ends after some steps."""

    def __init__(self, plan: list[Any], steps: int) -> None:
        super().__init__(plan)
        self.steps = steps

    def __getitem__(self, chosen: Any) -> Any:
        return list(self)[chosen][: self.steps]


def test_a_run_that_was_stopped_ends_where_one_that_was_not_does(tmp_path: Path) -> None:
    whole = descend(tmp_path / "whole", 20)
    descend(tmp_path / "stopped", 10)
    again = descend(tmp_path / "stopped", 20)
    torch.testing.assert_close(again.weight, whole.weight)
    torch.testing.assert_close(again.bias, whole.bias)


def test_what_nobody_was_asked_is_the_teacher_s_and_the_rest_lies_between() -> None:
    example = Example("surge", "Late again.", (1.0, UNKNOWN, *NOTHING[2:]), "key")
    opinions = np.full((1, len(TARGETS)), 0.5, dtype=np.float32)
    (drawn,) = heed([example], opinions, trust=np.array([0.6]))
    assert drawn.targets[:3] == pytest.approx((0.7, 0.5, 0.3))
    (ours,) = heed([example], opinions, trust=np.array([0.0]))
    assert ours.targets[:3] == (1.0, 0.5, 0.0)


def test_an_unknown_target_counts_nothing() -> None:
    known, half_known = (1.0, *NOTHING[1:]), (1.0, *[UNKNOWN] * (len(TARGETS) - 1))
    odds = torch.zeros((1, len(TARGETS)))
    aims = [Aims.of([Example("surge", "a", targets, "key")]) for targets in (known, half_known)]
    more, less = (float(masked_loss(odds, *aim.read(np.array([0])))) for aim in aims)
    assert less == pytest.approx(np.log(2))
    assert more > less


def test_likeness_is_learned_in_any_number_of_dimensions() -> None:
    theirs = torch.nn.functional.normalize(torch.randn(8, 12, generator=torch.Generator().manual_seed(1)), dim=1)
    same = torch.nn.functional.pad(theirs, (0, 4))
    other = theirs.roll(1, 0)
    assert float(likeness_loss(same, theirs)) == pytest.approx(0.0, abs=1e-5)
    assert float(likeness_loss(other, theirs)) > 0.1


def test_nothing_that_a_tuning_is_looked_at_with_may_be_taught(tmp_path: Path) -> None:
    corpora = Corpora(write_corpora(tmp_path))
    write_corpus(tmp_path, "fox", corpora.rows("surge")[:8])
    taught = {example.text.lower() for example in gather_examples(corpora, seed=7)}
    taught |= {example.text.lower() for example in mix_unlabelled(corpora, gather_examples(corpora, seed=7), seed=7)}
    sets = dict(read_sets(corpora, seed=7))
    assert set(sets) == {*HELD_OUT, *RESERVED}
    assert not taught & {text.lower() for look in sets.values() for text in look.texts}


def test_recipes_are_not_chosen_by_the_patterns_that_a_release_has_an_aim_for(tmp_path: Path) -> None:
    looked_at = {text for _, look in read_sets(Corpora(write_corpora(tmp_path)), seed=7) for text in look.texts}
    assert not looked_at & {made.text for made in generate_untaught(seed=7)}


def test_twins_are_drawn_together_where_a_tuning_is_looked_at(tmp_path: Path) -> None:
    row = {"toxic": "1", "hash_split": "val", "type": "none"}
    rows = [{**row, "text": f"My neighbours {sign}"} for sign in "🐀💐"]
    taught = {**row, "text": "Tea.", "hash_split": "train"}
    write_corpus(write_corpora(tmp_path), "hatemoji_build", [taught, *rows])
    look = dict(read_sets(Corpora(tmp_path), seed=7))["hatemoji_build"]
    assert len(look.texts) == 2
    assert len(set(look.groups)) == 1


def test_a_recipe_is_known_by_its_rows_and_its_seed() -> None:
    examples = [Example("surge", text, NOTHING, "key") for text in TEXTS]
    pairs = [Together("The ferry is late.", text) for text in TEXTS]
    recipe = write_recipe(examples, [], pairs, seed=7)
    assert recipe == write_recipe(examples, [], pairs, seed=7)
    others = [(examples[1:], [], pairs, 7), (examples, examples, pairs, 7), (examples, [], pairs[1:], 7)]
    others.append((examples, [], pairs, 8))
    made = {write_recipe(each, more, two, seed=seed) for each, more, two, seed in others}
    assert len(made - {recipe}) == len(others)


def test_fitting_does_not_go_on_from_a_tuning_of_another_recipe(tmp_path: Path) -> None:
    folder = write_corpora(tmp_path / "corpora")
    corpora = Corpora(folder)
    write_corpus(folder, "fox", corpora.rows("surge")[:8])
    for name in ("wikipedia_talk", "wikipedia_context"):
        rows = [{**row, "parent_text": "Why?", "text_normalised": "0"} for row in corpora.rows(name)]
        write_corpus(folder, name, rows)
    tuned = tmp_path / "cache" / "encoder-7"
    tuned.mkdir(parents=True)
    (tuned / "teacher.pt").write_bytes(b"of other rows")
    order = ["fit", "--corpora", str(folder), "--out", str(tmp_path), "--version", "1.0.0"]
    result = CliRunner().invoke(cli, [*order, "--cache", str(tmp_path / "cache")])
    assert result.exit_code == 2
    assert "encoder-7 holds a tuning that is not of this code's recipe" in result.output
