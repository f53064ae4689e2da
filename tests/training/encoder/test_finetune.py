"""Fine-tuning by its parts: batches, resumable training runs, targets blended with a teacher's, and the recipe."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="fine-tuning needs the extra `training`: make training-test")

import torch
from typer.testing import CliRunner

from models.toxicity.pipeline import TARGETS
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.augmentation.generate import generate_held_out
from training.cli import build_cli
from training.corpora.examples import NON_TOXIC, Example
from training.corpora.labels import UNKNOWN
from training.corpora.licensed_corpora import Corpora
from training.encoder.batches import MAX_TOKENS, Batches
from training.encoder.dataset import collect_examples, sample_unlabelled
from training.encoder.finetune import load_tokenizer, write_recipe
from training.encoder.losses import SoftTargets, blend_with_teacher, masked_bce, similarity_distillation_loss
from training.encoder.model import WIDTH, TwoBranchEncoder
from training.encoder.pairs import PositivePair
from training.encoder.probe import CORPORA_WITH_SPLIT, CORPORA_WITHOUT_SPLIT, read_probe_sets
from training.encoder.trainer import LearningRateSchedule, Trainer

TEXTS = [f"The ferry at {hour} is late{' again' * (hour % 7)}." for hour in range(70)]


def test_a_plan_has_every_row_once_an_epoch_in_a_new_order() -> None:
    batches = Batches(TEXTS, load_tokenizer())
    plan = batches.plan(epochs=2, seed=7)
    first, second = np.concatenate(plan[: len(plan) // 2]), np.concatenate(plan[len(plan) // 2 :])
    assert len(first) == len(set(first))
    assert len(set(first) | set(second)) == len(TEXTS)
    assert first.tolist() != second.tolist()
    assert [rows.tolist() for rows in plan] == [rows.tolist() for rows in batches.plan(epochs=2, seed=7)]


def test_a_batch_is_padded_to_its_longest_text_and_truncated() -> None:
    token_ids, mask = Batches(["late " * 500, "late"], load_tokenizer(), padding=5).read(np.array([0, 1]))
    assert token_ids.shape == mask.shape == (2, MAX_TOKENS)
    assert mask.sum(1).tolist() == [MAX_TOKENS, 3]
    assert set(token_ids[1, 3:].tolist()) == {5}


def test_learning_rates_rise_and_then_fall_to_zero() -> None:
    factors = [LearningRateSchedule(warmup=0.1).factor(step, 100) for step in range(100)]
    assert factors.index(max(factors)) in {9, 10}
    assert factors[0] < 0.1
    assert factors[-1] < 0.01


class _InterruptedPlan(list[Any]):
    """A plan whose process ends after some steps."""

    def __init__(self, plan: list[Any], steps: int) -> None:
        super().__init__(plan)
        self.steps = steps

    def __getitem__(self, chosen: Any) -> Any:
        return list(self)[chosen][: self.steps]


def train_linear(folder: Path, steps: int) -> torch.nn.Linear:
    """Train a linear layer to return about 1, for some steps out of twenty."""
    linear = torch.nn.Linear(2, 1)
    with torch.no_grad():
        linear.weight.zero_()
        linear.bias.zero_()
    plan: Any = [np.array([row]) for row in range(20)]

    def loss(rows: Any) -> Any:
        noise = torch.rand(1)  # as dropout would use it
        return (linear(torch.tensor([[float(rows[0]), 1.0]])) - 1 - noise).pow(2).mean()

    schedule = LearningRateSchedule(rate=0.1)
    trainer = Trainer(linear, torch.nn.ModuleList(), schedule, seed=7, checkpoint=folder / "run.pt", saved_every=5)
    trainer.run(_InterruptedPlan(plan, steps) if steps < len(plan) else plan, loss, name="test")
    return linear


def test_a_resumed_run_ends_like_an_uninterrupted_one(tmp_path: Path) -> None:
    uninterrupted = train_linear(tmp_path / "uninterrupted", 20)
    train_linear(tmp_path / "interrupted", 10)
    resumed = train_linear(tmp_path / "interrupted", 20)
    torch.testing.assert_close(resumed.weight, uninterrupted.weight)
    torch.testing.assert_close(resumed.bias, uninterrupted.bias)


def test_toxicity_states_average_to_attention_pooling() -> None:
    """The sum of token states, weighted by the softmax of their logits (Lin et al. 2017), without padding."""
    torch.manual_seed(1)
    model = TwoBranchEncoder(shared_layers=0, targets=len(TARGETS)).eval()
    torch.nn.init.normal_(model.attention_pool.weight, std=0.1)
    token_ids, mask = Batches(TEXTS[:2], load_tokenizer()).read(np.array([0, 1]))
    with torch.no_grad():
        states = model.trunk(token_ids, mask)
        pooled = model.pooled_toxicity(states, mask)
        for row, length in enumerate(mask.sum(1).tolist()):
            token_states = model.toxicity.token_states(states, mask)[row, :length]
            weights = torch.softmax(model.attention_pool(token_states), dim=0)
            torch.testing.assert_close(pooled[row], (weights * token_states).sum(0))
    assert mask.sum(1).tolist() != [mask.shape[1]] * 2
    assert pooled.shape == (2, WIDTH)


def test_targets_are_blended_with_soft_labels_and_unknown_ones_replaced() -> None:
    example = Example("surge", "Late again.", (1.0, UNKNOWN, *NON_TOXIC[2:]), "key")
    soft_labels = np.full((1, len(TARGETS)), 0.5, dtype=np.float32)
    (blended,) = blend_with_teacher([example], soft_labels, teacher_weight=np.array([0.6]))
    assert blended.targets[:3] == pytest.approx((0.7, 0.5, 0.3))
    (unblended,) = blend_with_teacher([example], soft_labels, teacher_weight=np.array([0.0]))
    assert unblended.targets[:3] == (1.0, 0.5, 0.0)


def test_an_unknown_target_adds_nothing_to_the_loss() -> None:
    known, half_known = (1.0, *NON_TOXIC[1:]), (1.0, *[UNKNOWN] * (len(TARGETS) - 1))
    log_odds = torch.zeros((1, len(TARGETS)))
    batches = [SoftTargets.of([Example("surge", "a", targets, "key")]) for targets in (known, half_known)]
    loss, loss_of_half_known = (float(masked_bce(log_odds, *targets.read(np.array([0])))) for targets in batches)
    assert loss_of_half_known == pytest.approx(np.log(2))
    assert loss > loss_of_half_known


def test_similarities_are_distilled_from_a_teacher_of_any_width() -> None:
    generator = torch.Generator().manual_seed(1)
    teacher = torch.nn.functional.normalize(torch.randn(8, 12, generator=generator), dim=1)
    student = torch.nn.functional.pad(teacher, (0, 4))
    assert float(similarity_distillation_loss(student, teacher)) == pytest.approx(0.0, abs=1e-5)
    assert float(similarity_distillation_loss(teacher.roll(1, 0), teacher)) > 0.1


def test_no_text_of_a_probe_is_trained_on(tmp_path: Path) -> None:
    corpora = Corpora(write_corpora(tmp_path))
    write_corpus(tmp_path, "fox", corpora.rows("surge")[:8])
    examples = collect_examples(corpora, seed=7)
    trained_on = {example.text.lower() for example in examples}
    trained_on |= {example.text.lower() for example in sample_unlabelled(corpora, examples, seed=7)}
    sets = dict(read_probe_sets(corpora, seed=7))
    assert set(sets) == {*CORPORA_WITH_SPLIT, *CORPORA_WITHOUT_SPLIT}
    assert not trained_on & {text.lower() for rows in sets.values() for text in rows.texts}


def test_a_probe_has_no_held_out_template(tmp_path: Path) -> None:
    sets = read_probe_sets(Corpora(write_corpora(tmp_path)), seed=7)
    probed = {text for _, rows in sets for text in rows.texts}
    assert not probed & {example.text for example in generate_held_out(seed=7)}


def test_a_probe_groups_texts_that_differ_only_in_emoji(tmp_path: Path) -> None:
    row = {"toxic": "1", "hash_split": "val", "type": "none"}
    rows = [{**row, "text": f"My neighbours {emoji}"} for emoji in "🐀💐"]
    train_row = {**row, "text": "Tea.", "hash_split": "train"}
    write_corpus(write_corpora(tmp_path), "hatemoji_build", [train_row, *rows])
    probed = dict(read_probe_sets(Corpora(tmp_path), seed=7))["hatemoji_build"]
    assert len(probed.texts) == 2
    assert len(set(probed.groups)) == 1


def test_a_recipe_depends_on_all_its_rows_and_on_the_seed() -> None:
    examples = [Example("surge", text, NON_TOXIC, "key") for text in TEXTS]
    pairs = [PositivePair("The ferry is late.", text) for text in TEXTS]
    recipe = write_recipe(examples, [], pairs, seed=7)
    assert recipe == write_recipe(examples, [], pairs, seed=7)
    other_recipes = {
        write_recipe(examples[1:], [], pairs, seed=7),
        write_recipe(examples, examples, pairs, seed=7),
        write_recipe(examples, [], pairs[1:], seed=7),
        write_recipe(examples, [], pairs, seed=8),
    }
    assert len(other_recipes - {recipe}) == 4


def test_fitting_refuses_a_cached_encoder_of_another_recipe(tmp_path: Path) -> None:
    folder = write_corpora(tmp_path / "corpora")
    corpora = Corpora(folder)
    write_corpus(folder, "fox", corpora.rows("surge")[:8])
    for name in ("wikipedia_talk", "wikipedia_context"):
        rows = [{**row, "parent_text": "Why?", "text_normalised": "0"} for row in corpora.rows(name)]
        write_corpus(folder, name, rows)
    encoder_folder = tmp_path / "cache" / "encoder-7"
    encoder_folder.mkdir(parents=True)
    (encoder_folder / "teacher.pt").write_bytes(b"of other rows")
    arguments = ["fit", "--corpora", str(folder), "--out", str(tmp_path), "--version", "1.0.0"]
    result = CliRunner().invoke(build_cli(), [*arguments, "--cache", str(tmp_path / "cache")])
    assert result.exit_code == 2
    assert "encoder-7 holds an encoder that was fine-tuned by another recipe" in result.output
