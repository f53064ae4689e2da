"""Every command and option is in docs/commands.md, and no others."""

import re
from typing import Any

from service.cli import COMMANDS as LISTED
from service.cli import load_command
from tests.support.docs_pages import read_page


def find_commands(command: Any, words: tuple[str, ...]) -> dict[str, Any]:
    """Return the command, or all commands of a group, by their full names."""
    children = getattr(command, "commands", None)
    if children is None:
        return {" ".join(words): command}
    found = {}
    for word, child in children.items():
        found |= find_commands(child, (*words, word))
    return found


def name_of(parameter: Any) -> str:
    """Return an option's first name, or the name of an argument in the help."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name.upper())


COMMANDS = {
    path: command
    for name in LISTED
    for path, command in find_commands(load_command(name), ("commentdesk", name)).items()
}


def read_sections() -> dict[str, str]:
    """Return the section of each command."""
    pieces = re.split(r"^## `(commentdesk [a-z -]+)`$", read_page("docs/commands.md"), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def test_every_command_is_described() -> None:
    assert read_sections().keys() == COMMANDS.keys()


def test_every_option_and_argument_is_described() -> None:
    for name, section in read_sections().items():
        described = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
        shown = [parameter for parameter in COMMANDS[name].params if not getattr(parameter, "hidden", False)]
        assert described == {name_of(parameter) for parameter in shown} - {"--help"}, name
