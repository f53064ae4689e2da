"""Cached results belong to the code, the rows and the settings that they were made from."""

from pathlib import Path

import pytest

import models
from training.corpora.examples import Example
from training.corpora.provenance import (
    RECIPE_FILE,
    RecipeDiffers,
    claim_folder,
    digest_code,
    digest_files,
    digest_recipe,
)

ROW = Example("surge", "The ferry is late.", (1.0, float("nan")), "key", 0.1 + 0.2)


def test_a_digest_changes_with_every_byte_of_a_file(tmp_path: Path) -> None:
    module = tmp_path / "reading.py"
    module.write_text("MAX_CHARS = 40\n")
    before = digest_files([module])
    module.write_text("MAX_CHARS = 41\n")
    assert digest_files([module]) != before


def test_a_digest_of_code_depends_on_the_caching_module(tmp_path: Path) -> None:
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text("")
    second.write_text("")
    assert digest_code(str(first)) != digest_code(str(second))


def test_a_digest_of_code_covers_all_code_and_word_lists_of_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "__path__", [str(tmp_path)])
    for name in ("encoder.py", "text/normalise.py", "text/data/severe.txt", "released/2026.1.0/report.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    digest = digest_code.__wrapped__
    before = digest(__file__)
    (tmp_path / "released/2026.1.0/report.txt").write_text("changed")
    assert digest(__file__) == before
    (tmp_path / "text/normalise.py").write_text("changed")
    after_code = digest(__file__)
    (tmp_path / "text/data/severe.txt").write_text("changed")
    assert len({before, after_code, digest(__file__)}) == 3


def test_a_recipe_depends_on_rows_and_settings_but_not_on_rounding() -> None:
    rounded = Example(ROW.source, ROW.text, ROW.targets, ROW.key, 0.3)
    assert digest_recipe([ROW], settings=(2.0, 7)) == digest_recipe([rounded], settings=(2.0, 7))
    assert digest_recipe([ROW], settings=(2.0, 7)) != digest_recipe([ROW], settings=(1.5, 7))
    assert digest_recipe([ROW], [], settings=()) != digest_recipe([], [ROW], settings=())


def test_a_folder_belongs_to_the_first_recipe_that_claims_it(tmp_path: Path) -> None:
    claim_folder(tmp_path / "new", "one")
    claim_folder(tmp_path / "new", "one")
    with pytest.raises(RecipeDiffers, match="new holds an encoder"):
        claim_folder(tmp_path / "new", "another")
    assert (tmp_path / "new" / RECIPE_FILE).read_text() == "one"


@pytest.mark.parametrize("name", ["teacher.pt", "encoder.onnx"])
def test_a_folder_with_an_encoder_but_no_recipe_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"fine-tuned")
    with pytest.raises(RecipeDiffers):
        claim_folder(tmp_path, "one")
    assert not (tmp_path / RECIPE_FILE).exists()
