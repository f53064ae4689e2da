"""Word lists: every data file can be read, says where it is from, and lists nothing twice."""

from pathlib import Path

import pytest

from models.text.word_lists import FOLDER, read_table, read_words

FILES = sorted(FOLDER.iterdir())
NAMES = [file.stem for file in FILES]


def test_comments_are_no_entries() -> None:
    assert read_words("severe")[0] == "cock"
    assert not any(entry.startswith("#") for name in NAMES for entry in read_words(name))


def test_table_maps_the_first_column_to_the_rest() -> None:
    assert read_table("known_spellings")["idiot"].split()[0] == "idjit"
    assert read_table("leetspeak_symbols")["1"] == "il"


@pytest.mark.parametrize("name", NAMES)
def test_list_has_no_duplicates(name: str) -> None:
    keys = [entry.split()[0] for entry in read_words(name)]
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_header_has_author_and_licence(file: Path) -> None:
    header = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert any("Commentdesk authors" in line and "Apache-2.0" in line for line in header)
