"""The data files of hand-written sentences: complete, licensed, and kept apart by their use."""

import re
from collections.abc import Callable
from dataclasses import fields

import pytest

from training.templates import loader
from training.templates.identity import fill_identity_templates, identity_pattern
from training.templates.loader import FOLDER

LICENCE = re.compile(r"# Written by the Commentdesk authors; Apache-2\.0; (.+)\.")
MAY_TRAIN, MEASURING_ONLY = "a release may be trained on it", "for measuring only, never trained on"
DATA_FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".toml", ".txt", ".csv"})
TABLES = (
    loader.load_identity_terms,
    loader.load_identity_templates,
    loader.load_extra_identity_templates,
    loader.load_opinions,
    loader.load_implicit_hate,
    loader.load_held_out_implicit_hate,
    loader.load_insults_and_threats,
    loader.load_text_noise,
)


def use_of(name: str) -> str:
    """Return the use that the first line of a data file states."""
    first_line = (FOLDER / name).read_text(encoding="utf-8").splitlines()[0]
    licence = LICENCE.fullmatch(first_line)
    assert licence, f"{name} does not begin with its licence and use"
    return licence[1]


def test_every_data_file_states_its_author_licence_and_use() -> None:
    assert len(DATA_FILES) == 11
    assert {use_of(path.name) for path in DATA_FILES} == {MAY_TRAIN, MEASURING_ONLY}


@pytest.mark.parametrize(
    "name",
    ["implicit_hate_held_out.toml", "fairness_statements.txt", "plain_comments.txt", "known_failures.csv"],
)
def test_sentences_for_measuring_say_that_nothing_is_trained_on_them(name: str) -> None:
    assert use_of(name) == MEASURING_ONLY


@pytest.mark.parametrize("load", TABLES)
def test_every_table_has_entries_and_no_entry_is_empty(load: Callable[[], object]) -> None:
    tables = load()
    for field in fields(tables):  # type: ignore[arg-type]
        entries = getattr(tables, field.name)
        assert entries
        # Most prefixes and suffixes are empty on purpose.
        assert all(entries) or field.name in {"prefixes", "suffixes"}


def test_lists_of_lines_leave_out_the_licence() -> None:
    assert loader.load_plain_comments()[0] == "Well said!"
    assert all("{}" in statement for statement in loader.load_fairness_statements())


def test_known_failures_belong_to_a_score_that_has_a_threshold() -> None:
    comments = loader.load_known_failures()
    assert {comment.score for comment in comments} == {"toxicity", "coherence"}
    assert {comment.is_high for comment in comments} == {True, False}


def test_every_term_fills_every_identity_template() -> None:
    templates, terms = loader.load_identity_templates(), loader.load_identity_terms().terms
    assert len(list(fill_identity_templates())) == len(terms) * (len(templates.neutral) + len(templates.abusive))
    assert all(template.count("{}") == 1 for template in (*templates.neutral, *templates.abusive))


def test_the_longest_identity_term_matches() -> None:
    assert identity_pattern().findall("african americans and africans") == ["african american", "african"]
