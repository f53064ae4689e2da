"""Putting a release together: what is asked before anything is fitted, and what the card says of the makings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.card import CARD_FILE, ReleaseRefused
from training.__main__ import _open, cli
from training.augmentation.generate import generate, name_everybody
from training.release.build import BASE, TUNING_FACTS, attach, describe_ours, read_tuning
from training.templates.identity import write_sentences

RELEASED = Path(__file__).parents[2] / "models" / "released"


def test_a_version_that_there_is_is_refused_before_anything_is_fitted(tmp_path: Path) -> None:
    (tmp_path / "2026.1.0").mkdir()
    order = ["fit", "--corpora", str(tmp_path), "--encoder", str(tmp_path), "--out", str(tmp_path)]
    result = CliRunner().invoke(cli, [*order, "--version", "2026.1.0"])
    assert result.exit_code == 2
    assert result.output.endswith("2026.1.0 exists, and a release is never changed: take another version\n")


def test_a_folder_of_several_releases_stands_for_the_newest() -> None:
    folder, opened = _open(RELEASED)
    assert (folder / CARD_FILE).exists()
    assert folder.name == opened.version
    assert _open(folder)[0] == folder


def test_nothing_is_attached_to_what_is_no_release(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text("Measured.")
    (tmp_path / "releases").mkdir()
    with pytest.raises(ReleaseRefused):
        attach(tmp_path / "releases", [report])
    assert list((tmp_path / "releases").iterdir()) == []


def test_every_sentence_of_ours_that_teaches_is_on_the_card() -> None:
    taught = {sentence.text for sentence in write_sentences()}
    taught |= {example.text for example in (*generate(seed=7), *name_everybody(seed=7))}
    ours = describe_ours(seed=7)
    assert ours.rows == len(taught) > len(list(write_sentences()))
    assert ours == describe_ours(seed=7)
    assert ours.sha256 != describe_ours(seed=8).sha256


@pytest.mark.parametrize("facts", [{"pairs": 3}, {"pairs": 3, "base": {"package": BASE, "version": "0.0.9"}}])
def test_the_card_names_the_encoder_that_was_tuned(tmp_path: Path, facts: dict[str, object]) -> None:
    (tmp_path / TUNING_FACTS).write_text(json.dumps(facts))
    found = read_tuning(tmp_path)
    assert found["base"]["package"] == BASE
    assert found["base"]["version"] == facts.get("base", found["base"])["version"]  # type: ignore[index]
    assert found["tuning"] == {"pairs": 3}


def test_of_an_encoder_that_was_not_tuned_here_nothing_is_said(tmp_path: Path) -> None:
    assert read_tuning(tmp_path) == {}
