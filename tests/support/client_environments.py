"""An environment for each public client, created once under build/clients, because several use the same package name.

Only this module of the tests downloads from PyPI and npm. Versions are pinned, so that a run can be repeated.
"""

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "build" / "clients"
SCRIPTS = Path(__file__).parents[1] / "clients" / "scripts"

PYTHON = {
    "google": ("google-api-python-client==2.202.0", "openai==3.54.0", "standardwebhooks==1.1.0"),
    "perspective": ("perspective==1.0.3",),
    "perspective-py": ("perspective.py==0.3.4",),
    "pyperspective": ("PyPerspective==1.0.4",),
    "akismet": ("akismet==25.10.1", "pytest==8.4.2"),
}
NODE = (
    "googleapis@178.0.0",
    "perspective-api-client@3.1.0",
    "@conversationai/perspectiveapi-js-client@1.0.1",
    "openai@6.49.0",
    "@cedx/akismet@16.2.1",
    "akismet-api@6.0.0",
    "standardwebhooks@1.1.1",
    "mocha@10.8.2",
    "chai@4.5.0",
)
SECONDS = 600


@lru_cache
def python_of(name: str) -> Path:
    """Return the interpreter of an environment, which is created on first use."""
    folder = FOLDER / name
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(python), "-m", "pip", "install", "--quiet", *PYTHON[name]])
        (folder / "complete").touch()
    return python


@lru_cache
def node_folder() -> Path:
    """Return the folder with all clients for Node, which is created on first use."""
    folder = FOLDER / "node"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        # Install scripts of packages are not run: none of these packages needs them.
        _run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *NODE], folder)
        (folder / "complete").touch()
    return folder


@lru_cache
def source_of(package: str) -> Path:
    """The unpacked source of a Python package, whose own tests it has."""
    folder = FOLDER / "sources"
    found = next(folder.glob(f"{package.replace('==', '-')}*/"), None)
    if found is None:
        python = python_of(package.partition("==")[0])
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--dest", str(folder)]
        _run([str(python), "-m", "pip", "install", "--quiet", "pdm-backend"])
        _run([str(python), "-m", "pip", "download", *options, package])
        (archive,) = folder.glob(f"{package.replace('==', '-')}*.tar.gz")
        shutil.unpack_archive(archive, folder, filter="data")
        found = next(path for path in folder.glob(f"{package.replace('==', '-')}*") if path.is_dir())
    return found


def has_node() -> bool:
    """Whether Node and its package manager are there."""
    return shutil.which("node") is not None and shutil.which("npm") is not None


def _run(command: list[str], folder: Path | None = None) -> None:
    # Our own lock is for us; these have dependencies of their own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_CONSTRAINT")}
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
