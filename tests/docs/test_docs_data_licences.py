"""docs/data-licences.md has every source of the released models, as their card has it, and every evaluation set."""

import re

from models.card import read_card
from tests.support.docs_pages import find_release, read_page
from training.corpora.licensed_corpora import SOURCES

PAGE = read_page("docs/data-licences.md")


def test_trained_sources_are_those_of_the_card() -> None:
    section = PAGE.split("## Trained on")[1].split("\n## ")[0]
    shown = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([\d,]+) \|", section, re.MULTILINE)
    sources = read_card(find_release()).sources
    assert shown == [(source.name, source.licence, f"{source.rows:,}") for source in sources]


def test_evaluation_sets_are_those_of_the_registry() -> None:
    section = PAGE.split("## Measured on")[1].split("\n## ")[0]
    shown = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", section, re.MULTILINE))
    assert shown == {source.name: source.licence for source in SOURCES if not source.may_train}


def test_the_page_is_about_the_released_version() -> None:
    assert f"release\n{find_release().name}" in PAGE or f"release {find_release().name}" in PAGE
