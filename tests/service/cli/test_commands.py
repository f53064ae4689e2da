"""The table of commands: it lists what the modules define, and imports none of them for `--help`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import COMMANDS, load_command

HEAVY = {"sklearn", "scipy", "onnxruntime", "fastapi", "sqlalchemy"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_has_the_first_sentence_of_each_command(name: str) -> None:
    assert load_command(name).help.split("\n\n")[0].replace("\n", " ") == COMMANDS[name].help


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--version"], HEAVY),
        (["--help"], HEAVY),
        (["serve", "--help"], HEAVY),
        (["token", "list"], HEAVY - {"sqlalchemy"}),
        (["migrate"], HEAVY - {"sqlalchemy"}),
    ],
)
def test_a_command_imports_only_what_it_needs(tmp_path: Path, arguments: list[str], unneeded: set[str]) -> None:
    program = f"""
import json, sys
from service.__main__ import main
sys.argv[1:] = {arguments}
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted({unneeded} & set(sys.modules))), file=sys.stderr)
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "COMMENTDESK_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stderr.splitlines()[-1]) == []
