"""Every path, command and setting that a page names exists, so that a renaming cannot leave a page behind."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from service.cli import COMMANDS as LISTED
from service.cli import load_command
from service.settings import ENVIRONMENT_PREFIX, Settings
from tests.support.docs_pages import CLONE, PAGES
from training.cli import build_cli as build_training_cli

EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CLONE)))


def read(page: Path) -> str:
    """The page, without the table of old names in the changelog."""
    return page.read_text(encoding="utf-8").split("\n### Names\n")[0]


def command_names(commands: Mapping[str, Any]) -> set[str]:
    """Return the names of all commands and groups, those inside a group behind its name."""
    inside = {
        f"{group} {name}"
        for group, command in commands.items()
        for name in command_names(getattr(command, "commands", {}))
    }
    return {*commands, *inside}


COMMANDS = command_names({name: load_command(name) for name in LISTED})
TRAINING_COMMANDS = command_names(typer.main.get_group(build_training_cli()).commands)


@EACH_PAGE
def test_paths_in_a_page_exist(page: Path) -> None:
    """A path that an example creates is followed by "(new)"."""
    named = re.findall(r"`((?:models|training|service|tests|docs)/[\w./-]+)`(?! \(new\))", read(page))
    assert [path for path in named if not (CLONE / path).exists()] == []


@EACH_PAGE
def test_commands_in_a_page_exist(page: Path) -> None:
    named = re.findall(r"`(?:\.venv/bin/)?commentdesk ((?:[a-z][a-z-]* ?)+)", read(page))
    unknown = [name for name in named if not is_command(name.split())]
    assert unknown == []


def is_command(words: list[str]) -> bool:
    """Whether the first word, or the first two for a group, are a command."""
    group = any(name.startswith(f"{words[0]} ") for name in COMMANDS)
    return words[0] in COMMANDS and (not group or len(words) < 2 or f"{words[0]} {words[1]}" in COMMANDS)


@EACH_PAGE
def test_training_commands_in_a_page_exist(page: Path) -> None:
    named = re.findall(r"(?:python -m |`)training ([a-z-]+)", read(page))
    assert [name for name in named if name not in TRAINING_COMMANDS] == []


@EACH_PAGE
def test_settings_in_a_page_exist(page: Path) -> None:
    known = {f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in Settings.model_fields}
    named = re.findall(rf"\b{ENVIRONMENT_PREFIX}[A-Z_]+\b", read(page))
    assert [name for name in named if name not in known] == []
