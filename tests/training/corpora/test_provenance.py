"""What is kept is known by what it was made from: code, rows and settings."""

from pathlib import Path

import pytest

from training.corpora.provenance import (
    RECIPE_FILE,
    RecipeDiffers,
    claim_folder,
    digest_code,
    digest_files,
    digest_recipe,
)
from training.encoder.dataset import Example

ROW = Example("surge", "The ferry is late.", (1.0, float("nan")), "key", 0.1 + 0.2)


def test_code_is_known_by_every_byte_of_it(tmp_path: Path) -> None:
    module = tmp_path / "reading.py"
    module.write_text("LONGEST = 40\n")
    before = digest_files([module])
    module.write_text("LONGEST = 41\n")
    assert digest_files([module]) != before


def test_each_who_keeps_something_keeps_it_for_its_own_code(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("")
    other.write_text("")
    assert digest_code(str(one)) != digest_code(str(other))


def test_a_sum_s_last_digits_make_no_other_recipe_and_a_setting_does() -> None:
    near = Example(ROW.source, ROW.text, ROW.targets, ROW.key, 0.3)
    assert digest_recipe([ROW], settings=(2.0, 7)) == digest_recipe([near], settings=(2.0, 7))
    assert digest_recipe([ROW], settings=(2.0, 7)) != digest_recipe([ROW], settings=(1.5, 7))
    assert digest_recipe([ROW], [], settings=()) != digest_recipe([], [ROW], settings=())


def test_a_folder_belongs_to_the_recipe_that_was_first_tuned_in_it(tmp_path: Path) -> None:
    claim_folder(tmp_path / "new", "one")
    claim_folder(tmp_path / "new", "one")
    with pytest.raises(RecipeDiffers, match="new holds a tuning"):
        claim_folder(tmp_path / "new", "other")
    assert (tmp_path / "new" / RECIPE_FILE).read_text() == "one"


@pytest.mark.parametrize("name", ["teacher.pt", "encoder.onnx"])
def test_what_was_tuned_before_recipes_were_written_down_is_another(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"tuned")
    with pytest.raises(RecipeDiffers):
        claim_folder(tmp_path, "one")
    assert not (tmp_path / RECIPE_FILE).exists()
