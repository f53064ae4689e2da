"""The card of a release that was fitted again is compared with the first card, figure by figure."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.card import Card, read_card, write_card
from training.cli import build_cli
from training.release.reproducibility import compare_cards


@pytest.fixture(scope="module")
def card(release_folder: Path) -> Card:
    return read_card(release_folder)


def with_other_auc(card: Card, *, added: float) -> Card:
    out_of_fold = card.metrics["out_of_fold"]
    auc = {**out_of_fold["auc"], "value": out_of_fold["auc"]["value"] + added}
    return replace(card, metrics={**card.metrics, "out_of_fold": {**out_of_fold, "auc": auc}})


def test_card_equals_itself_in_every_figure(card: Card) -> None:
    comparison = compare_cards(card, card)

    assert comparison.figures == comparison.exact > 200
    assert not comparison.differences
    assert not comparison.files


def test_fourth_decimal_is_equal_but_not_exact(card: Card) -> None:
    comparison = compare_cards(card, with_other_auc(card, added=0.0004))

    assert comparison.exact == comparison.figures - 1
    assert not comparison.differences


def test_third_decimal_is_a_difference(card: Card) -> None:
    comparison = compare_cards(card, with_other_auc(card, added=0.002))

    assert [pair.path for pair in comparison.differences] == ["metrics.out_of_fold.auc.value"]
    assert comparison.largest == pytest.approx(0.002)


def test_counts_must_be_equal(card: Card) -> None:
    relevance = {**card.metrics["relevance"], "stems": card.metrics["relevance"]["stems"] + 1}

    comparison = compare_cards(card, replace(card, metrics={**card.metrics, "relevance": relevance}))

    assert [pair.path for pair in comparison.differences] == ["metrics.relevance.stems"]


def test_figure_on_only_one_card_is_a_difference(card: Card) -> None:
    fewer = {name: value for name, value in card.thresholds.items() if name != "threat"}

    (found,) = compare_cards(card, replace(card, thresholds=fewer)).differences

    assert (found.path, found.first, found.second) == ("thresholds.threat", card.thresholds["threat"], None)


def test_command_prints_differences_and_fails(card: Card, release_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"another encoder")
    write_card(tmp_path, with_other_auc(card, added=0.002))

    result = CliRunner().invoke(build_cli(), ["compare-cards", str(release_folder), str(tmp_path)])

    assert result.exit_code == 1
    assert "metrics.out_of_fold.auc.value" in result.output
    assert "encoder.onnx" in result.output


def test_command_accepts_the_same_release(release_folder: Path) -> None:
    result = CliRunner().invoke(build_cli(), ["compare-cards", str(release_folder), str(release_folder)])

    assert result.exit_code == 0
    assert "0 differ" in result.output
