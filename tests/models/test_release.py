"""Releases: those that verify are opened, others are refused with file and reason, and an older one is used."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from models.card import (
    CARD_FILE,
    Card,
    ReleaseRefused,
    _canonical_json,
    _with_digest,
    library_versions,
    read_card,
    verify_folder,
    write_card,
)
from models.release import REQUIRED_FILES, load_pipeline, newest_release, open_release, save_pipeline, write_release
from tests.support.paths import RELEASED

CARD = Card(version="2026.1.0", kind="base", created_at=datetime(2026, 1, 2, tzinfo=UTC), seed=7, code_commit="abc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A release with one small pipeline."""
    model = Pipeline([("model", LogisticRegression().fit(np.array([[0.0], [1.0]]), [0, 1]))])
    write_release(tmp_path / "2026.1.0", CARD, pipelines={"model.skops": model})
    return tmp_path / "2026.1.0"


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Three copies of the newest release, with different versions."""
    newest = max(path for path in RELEASED.iterdir() if path.is_dir())
    for version in ("2026.2.0", "2026.9.0", "2026.10.0"):
        shutil.copytree(newest, tmp_path / version)
    return tmp_path


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_written_release_verifies(folder: Path) -> None:
    card = verify_folder(folder)
    assert card == read_card(folder)
    assert set(card.files) == {"model.skops"}
    assert card.libraries == library_versions()
    assert load_pipeline(folder / "model.skops").predict(np.array([[1.0]]))[0] == 1


@pytest.mark.parametrize("name", ["model.skops", CARD_FILE])
def test_changed_bit_is_refused_with_the_file_name(folder: Path, name: str) -> None:
    damage(folder / name)
    with pytest.raises(ReleaseRefused, match=name):
        verify_folder(folder)


def test_changed_card_is_refused(folder: Path) -> None:
    path = folder / CARD_FILE
    path.write_text(path.read_text("utf-8").replace("2026.1.0", "2026.1.1"), "utf-8")
    with pytest.raises(ReleaseRefused, match="was changed after it was written"):
        verify_folder(folder)


def test_missing_file_is_refused_with_its_name(folder: Path) -> None:
    (folder / "model.skops").unlink()
    with pytest.raises(ReleaseRefused, match=r"model\.skops: cannot be read"):
        verify_folder(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sources": 1, "created_at": 2}', "\ufffd"])
def test_invalid_card_is_refused(folder: Path, content: str) -> None:
    (folder / CARD_FILE).write_text(content, "utf-8")
    with pytest.raises(ReleaseRefused, match="is not a card"):
        verify_folder(folder)


def test_another_minor_version_of_scikit_learn_is_refused(folder: Path) -> None:
    write_card(folder, replace(CARD, libraries={**library_versions(), "scikit-learn": "1.2.3"}))
    with pytest.raises(ReleaseRefused, match=r"saved under scikit-learn 1\.2\.3"):
        verify_folder(folder)


def test_other_library_versions_are_only_recorded(folder: Path) -> None:
    write_card(folder, replace(CARD, libraries={**library_versions(), "numpy": "0.1.0"}))
    assert verify_folder(folder).libraries["numpy"] == "0.1.0"


def test_card_with_a_file_elsewhere_is_refused(folder: Path) -> None:
    facts = json.loads((folder / CARD_FILE).read_text("utf-8"))
    elsewhere = replace(CARD, files={"../model.skops": facts["files"]["model.skops"]}, libraries=library_versions())
    (folder / CARD_FILE).write_bytes(_canonical_json(_with_digest(elsewhere)))
    with pytest.raises(ReleaseRefused, match=r"names a file elsewhere: \.\./model\.skops"):
        verify_folder(folder)


def test_unknown_type_is_refused_with_its_name(folder: Path) -> None:
    foreign = Pipeline([("step", FunctionTransformer(shutil.rmtree))])
    skops.io.dump(foreign, folder / "model.skops")
    with pytest.raises(ReleaseRefused, match=r"model\.skops: holds types that are not trusted: shutil\.rmtree"):
        load_pipeline(folder / "model.skops")


def test_unknown_type_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"shutil\.rmtree"):
        save_pipeline(Pipeline([("step", FunctionTransformer(shutil.rmtree))]), tmp_path / "model.skops")
    assert not list(tmp_path.iterdir())


def test_invalid_pipeline_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.skops").write_bytes(b"PK but no archive")
    with pytest.raises(ReleaseRefused, match="is not a pipeline"):
        load_pipeline(tmp_path / "model.skops")


def test_existing_release_is_not_overwritten(folder: Path) -> None:
    with pytest.raises(FileExistsError, match="a release is never changed"):
        write_release(folder, CARD, pipelines={})


def test_site_model_is_not_opened_as_base_release(folder: Path) -> None:
    write_card(folder, replace(CARD, kind="site", base="2026.0.0"))
    with pytest.raises(ReleaseRefused, match="is a site's release"):
        open_release(folder)


def test_base_release_without_a_part_is_refused(folder: Path) -> None:
    with pytest.raises(ReleaseRefused, match=r"toxicity\.skops: is missing from the card"):
        open_release(folder)


def test_newest_release_by_number_is_opened(releases: Path) -> None:
    opened = newest_release(releases)
    assert opened.refused == ()
    assert set(REQUIRED_FILES) <= set(opened.card.files)


def test_damaged_release_is_skipped(releases: Path, caplog: pytest.LogCaptureFixture) -> None:
    damage(releases / "2026.10.0" / "encoder.onnx")
    opened = newest_release(releases)
    assert [Path(refusal.file).parts[-2:] for refusal in opened.refused] == [("2026.10.0", "encoder.onnx")]
    assert "encoder.onnx: was changed" in caplog.text


def test_if_all_are_damaged_the_newest_release_is_reported(releases: Path) -> None:
    for version in releases.iterdir():
        damage(version / "toxicity.skops")
    with pytest.raises(ReleaseRefused, match=r"2026\.10\.0/toxicity\.skops: was changed"):
        newest_release(releases)


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path / "nowhere"])
def test_folder_without_releases_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(ReleaseRefused, match="holds no release"):
        newest_release(make(tmp_path))
