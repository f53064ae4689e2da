"""Digests of the code, rows and settings that a cached result or a fine-tuned encoder was made from.

A cached result may be used again only if the same code would still produce it from the same rows.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

import models

RECIPE_FILE = "recipe.sha256"
"""This file in the folder of checkpoints has the digest of the recipe: the training rows and all settings."""

_FINETUNED_FILES = ("*.pt", "*.onnx")
_CODE_AND_DATA = frozenset((".py", ".txt", ".csv", ".toml"))
_NOT_CODE = ("released", "suite")
"""Folders of `models` that do not affect how a text is read: released artefacts, and test cases."""


class RecipeDiffers(RuntimeError):
    """A folder holds an encoder that was fine-tuned on other rows or with other settings, or without a recipe."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds an encoder that was fine-tuned by another recipe: use another folder, or fit on that "
            "encoder with --encoder"
        )


@lru_cache
def digest_code(module: str) -> str:
    """Return the digest of a module, given by its `__file__`, and of all code and word lists of `models`.

    Together they decide how that module reads a text.
    """
    return digest_files([*_files_of_models(), Path(module)])


def digest_files(paths: Iterable[Path]) -> str:
    """Return 16 hexadecimal digits that change with any file's name or content."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def digest_recipe(*rows: Iterable[Any], settings: Iterable[Any]) -> str:
    """Return the SHA-256 of several sequences of training rows, which are dataclasses, and of the settings."""
    digest = hashlib.sha256(_canonical(tuple(settings)).encode())
    for part in rows:
        for row in part:
            digest.update(f"{_canonical(astuple(row))}\n".encode("utf-8", "surrogatepass"))
        # An empty line, so that moving a row to the next sequence changes the digest.
        digest.update(b"\n")
    return digest.hexdigest()


def claim_folder(folder: Path, recipe: str) -> None:
    """Write the recipe's digest into the folder, so that a fine-tuning may start or resume there.

    Raises RecipeDiffers if the folder has another recipe, or a fine-tuned encoder without one: nobody knows what that
    was trained on.
    """
    path = folder / RECIPE_FILE
    if path.exists():
        is_usable = path.read_text(encoding="utf-8") == recipe
    else:
        is_usable = not any(file for pattern in _FINETUNED_FILES for file in folder.glob(pattern))
    if not is_usable:
        raise RecipeDiffers(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(recipe, encoding="utf-8")


def _files_of_models() -> Iterator[Path]:
    root = Path(models.__path__[0])
    # Sorted, because the order of a directory listing is undefined.
    for path in sorted(root.rglob("*")):
        if path.suffix in _CODE_AND_DATA and path.relative_to(root).parts[0] not in _NOT_CODE:
            yield path


def _canonical(value: Any) -> str:
    """Write a value as text. Floats have six digits, because the last digits of a sum depend on the processor."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_canonical, value))})"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
