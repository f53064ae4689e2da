"""The Dockerfile's own installation steps, run in a fresh folder of this machine.

There is no Docker engine where these tests run, so no image is built. What is checked: the steps are read from the
Dockerfile, its COPY and RUN lines are carried out with absolute folders moved below a temporary one, and what the
final stage copies can start and score. Not checked: the base image, the user, the volume and the health check, which
are only read.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CLONE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Step:
    """One instruction, its continued lines joined."""

    name: str
    rest: str


def read_stages() -> list[list[Step]]:
    """The Dockerfile's stages, each beginning with its FROM."""
    lines = [line for line in (CLONE / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    steps = [Step(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]
    starts = [n for n, step in enumerate(steps) if step.name == "FROM"]
    return [steps[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def named(stage: list[Step], name: str) -> list[str]:
    return [step.rest for step in stage if step.name == name]


def test_the_final_stage_has_no_build_tools() -> None:
    builder, final = read_stages()
    assert named(builder, "FROM") == ["python:3.11-slim AS builder"]
    assert named(final, "FROM") == ["python:3.11-slim"]
    assert named(final, "COPY") == ["--from=builder /opt/commentdesk /opt/commentdesk"]
    assert not re.search(r"\b(pip|apt-get|gcc|build)\b", " ".join(named(final, "RUN")))


def test_the_service_runs_unprivileged_with_a_health_check() -> None:
    final = read_stages()[-1]
    assert named(final, "USER") == ["commentdesk"]
    assert named(final, "VOLUME") == ["/data"]
    assert "/healthz" in named(final, "HEALTHCHECK")[0]


def test_copied_files_exist_and_are_not_ignored() -> None:
    allowed = {line[1:] for line in (CLONE / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = {source.removeprefix("./") for copy in named(read_stages()[0], "COPY") for source in copy.split()[:-1]}
    assert sources == allowed
    assert all((CLONE / source).exists() for source in sources)


@pytest.mark.slow
def test_the_steps_install_a_service_that_scores(tmp_path: Path) -> None:
    for step in read_stages()[0]:
        execute(step, tmp_path)
    (tmp_path / "data").mkdir()
    programs = tmp_path / "opt" / "commentdesk" / "bin"
    scored = run(programs / "commentdesk", "score", "-", "--out", "-", root=tmp_path, stdin="text\nA fine plan.\n")
    assert scored.returncode == 0, scored.stderr
    assert len(scored.stdout.splitlines()) == 2
    assert run(programs / "python", "-c", "import psycopg, redis", root=tmp_path).returncode == 0
    assert not (programs / "pip").exists()


def run(program: Path, *words: str, root: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *words],
        cwd=root / "data",
        env=read_environment(read_stages()[-1], root),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def execute(step: Step, root: Path) -> None:
    """Run a step of the builder with its absolute folders below `root`; other instructions are ignored."""
    source = root / "source"
    if step.name == "WORKDIR":
        assert step.rest == "/source"
        source.mkdir()
    elif step.name == "COPY":
        *froms, to = step.rest.split()
        for name in froms:
            copy(CLONE / name, source / to / name if to == "./" else source / to)
    elif step.name == "RUN":
        command = step.rest.replace("/opt/", f"{shlex.quote(str(root))}/opt/")
        subprocess.run(["/bin/sh", "-e", "-c", command], cwd=source, env=building(root), check=True)


def copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


def building(root: Path) -> dict[str, str]:
    """This machine's way to packages, but no setting of ours, and `python` being the one that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"PIP_.*CONSTRAINT|COMMENTDESK_", name)}
    programs = root / "programs"
    programs.mkdir(exist_ok=True)
    if not (programs / "python").exists():
        (programs / "python").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
        (programs / "python").chmod(0o755)
    return {**kept, "HOME": str(root), "PATH": f"{programs}:{kept['PATH']}"}


def read_environment(final: list[Step], root: Path) -> dict[str, str]:
    """The environment that the final stage sets, its folders moved below `root`."""
    facts = dict(word.split("=", 1) for line in named(final, "ENV") for word in shlex.split(line))
    moved = {name: re.sub("/(opt|data)", rf"{root}/\1", value) for name, value in facts.items()}
    return {**moved, "PATH": moved["PATH"].replace("$PATH", os.environ["PATH"]), "HOME": str(root)}
