"""The command line of training answers quickly, because commands import what they need when they run."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from training.cli import build_cli

COMMANDS = (
    "fit",
    "finetune",
    "probe",
    "evaluate",
    "report",
    "suite",
    "latency",
    "compare-cards",
    "fit-site-model",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(build_cli(), [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_help_loads_no_numerical_package() -> None:
    code = "import sys, training.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "sklearn", "torch", "matplotlib", "pydantic"} & set(done.stdout.split())
    assert "training.cli" in done.stdout.split()
