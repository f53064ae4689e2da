"""What something kept was made from, as a digest: the code that read its texts, or a tuning's recipe; it keeps nothing.

What is kept from an earlier run is only right while it would come out the same again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

import models

RECIPE_FILE = "recipe.sha256"
"""Beside a tuning's checkpoints: the digest of its recipe."""

_TUNED = ("*.pt", "*.onnx")


class RecipeDiffers(RuntimeError):
    """A folder holds a tuning of other rows or at another pace, or one from before recipes were written down."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds a tuning that is not of this code's recipe: take another folder, or fit on it as it is "
            "with --encoder"
        )


@lru_cache
def digest_code(module: str) -> str:
    """Digest what decides how a text is read: every module of `models`, and the one that keeps, by its `__file__`."""
    return digest_files([*sorted(Path(models.__path__[0]).glob("*.py")), Path(module)])


def digest_files(paths: Iterable[Path]) -> str:
    """Digest files with their names: 16 hexadecimal digits."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:16]


def digest_recipe(*rows: Iterable[Any], settings: Iterable[Any]) -> str:
    """Digest the rows that something is tuned on, dataclasses in their order, and the settings by which it is."""
    whole = hashlib.sha256(_write(tuple(settings)).encode())
    for part in rows:
        for row in part:
            whole.update(f"{_write(astuple(row))}\n".encode("utf-8", "surrogatepass"))
        whole.update(b"\n")
    return whole.hexdigest()


def claim_folder(folder: Path, recipe: str) -> None:
    """Begin a tuning in a folder, or go on with the one that is there. Raises RecipeDiffers where that is another.

    What was tuned before recipes were written down is another as well: nobody can tell what it has seen.
    """
    path = folder / RECIPE_FILE
    is_tuned = any(found for pattern in _TUNED for found in folder.glob(pattern))
    if (path.exists() or is_tuned) and (not path.exists() or path.read_text(encoding="utf-8") != recipe):
        raise RecipeDiffers(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(recipe, encoding="utf-8")


def _write(value: Any) -> str:
    """Write floats to six digits, since the last ones of a sum are the processor's."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_write, value))})"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
