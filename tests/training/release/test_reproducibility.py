"""A release that was fitted again is compared with the first figure by figure."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.card import Card, read_card, write_card
from training.__main__ import cli
from training.release.reproducibility import compare_cards

(RELEASE,) = (Path(__file__).parents[2] / "models" / "released").iterdir()


@pytest.fixture(scope="module")
def card() -> Card:
    return read_card(RELEASE)


def with_area(card: Card, *, added: float) -> Card:
    area = {**card.metrics["out_of_fold"]["area"], "value": card.metrics["out_of_fold"]["area"]["value"] + added}
    return replace(card, metrics={**card.metrics, "out_of_fold": {**card.metrics["out_of_fold"], "area": area}})


def test_a_card_is_like_itself_in_every_figure(card: Card) -> None:
    found = compare_cards(card, card)

    assert found.figures == found.exact > 200
    assert not found.differences
    assert not found.files


def test_a_fourth_decimal_is_alike_though_not_exact(card: Card) -> None:
    found = compare_cards(card, with_area(card, added=0.0004))

    assert found.exact == found.figures - 1
    assert not found.differences


def test_a_third_decimal_is_told_with_its_path_and_both_figures(card: Card) -> None:
    found = compare_cards(card, with_area(card, added=0.002))

    assert [pair.path for pair in found.differences] == ["metrics.unseen.area.value"]
    assert found.largest == pytest.approx(0.002)


def test_a_count_must_be_the_same_to_the_last_row(card: Card) -> None:
    relevance = {**card.metrics["relevance"], "stems": card.metrics["relevance"]["stems"] + 1}

    found = compare_cards(card, replace(card, metrics={**card.metrics, "relevance": relevance}))

    assert [pair.path for pair in found.differences] == ["metrics.relevance.stems"]


def test_what_only_one_card_has_is_a_difference(card: Card) -> None:
    fewer = {name: value for name, value in card.thresholds.items() if name != "threat"}

    (found,) = compare_cards(card, replace(card, thresholds=fewer)).differences

    assert (found.path, found.one, found.other) == ("thresholds.threat", card.thresholds["threat"], None)


def test_the_command_names_what_differs_and_fails(card: Card, tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"another encoder")
    write_card(tmp_path, with_area(card, added=0.002))

    result = CliRunner().invoke(cli, ["repeated", str(RELEASE), str(tmp_path)])

    assert result.exit_code == 1
    assert "metrics.unseen.area.value" in result.output
    assert "encoder.onnx" in result.output


def test_the_command_is_content_with_the_same_release() -> None:
    result = CliRunner().invoke(cli, ["repeated", str(RELEASE), str(RELEASE)])

    assert result.exit_code == 0
    assert "0 differ" in result.output
