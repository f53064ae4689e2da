"""Building a release: what is checked before anything is fitted, and what the card states of its sources."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.card import CARD_FILE, ReleaseRefused
from tests.support.paths import RELEASED
from training.augmentation.generate import fill_all_identities, generate
from training.build import attach_report, describe_written_rows
from training.cli import build_cli
from training.cli.options import open_newest
from training.encoder.facts import BASE, FACTS_FILE, read_facts
from training.templates.identity import fill_identity_templates


def test_existing_version_is_refused_before_anything_is_fitted(tmp_path: Path) -> None:
    (tmp_path / "2026.1.0").mkdir()
    options = ["fit", "--corpora", str(tmp_path), "--encoder", str(tmp_path), "--out", str(tmp_path)]
    result = CliRunner().invoke(build_cli(), [*options, "--version", "2026.1.0"])
    assert result.exit_code == 2
    assert result.output.endswith("2026.1.0 exists, and a release is never changed: choose another version\n")


def test_folder_of_several_releases_stands_for_the_newest() -> None:
    folder, opened = open_newest(RELEASED)
    assert (folder / CARD_FILE).exists()
    assert folder.name == opened.version
    assert open_newest(folder)[0] == folder


def test_report_is_attached_to_a_release_only(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text("Measured.")
    (tmp_path / "releases").mkdir()
    with pytest.raises(ReleaseRefused):
        attach_report(tmp_path / "releases", [report])
    assert list((tmp_path / "releases").iterdir()) == []


def test_card_describes_every_hand_written_training_row() -> None:
    texts = {sentence.text for sentence in fill_identity_templates()}
    texts |= {example.text for example in (*generate(seed=7), *fill_all_identities(seed=7))}
    source = describe_written_rows(seed=7)
    assert source.rows == len(texts) > len(list(fill_identity_templates()))
    assert source == describe_written_rows(seed=7)
    assert source.sha256 != describe_written_rows(seed=8).sha256


def test_card_names_the_encoder_that_was_fine_tuned(tmp_path: Path) -> None:
    base = {"package": BASE, "version": "0.0.9"}
    (tmp_path / FACTS_FILE).write_text(json.dumps({"pairs": 3, "base": base}))
    assert read_facts(tmp_path) == {"base": base, "tuning": {"pairs": 3}}


def test_encoder_that_was_not_fine_tuned_here_has_no_facts(tmp_path: Path) -> None:
    assert read_facts(tmp_path) == {}
