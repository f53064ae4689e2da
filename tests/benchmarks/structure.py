"""Prints the size and structure of a checkout: `python -m tests.benchmarks.structure [FOLDER]`, this one by default."""

import sys
from pathlib import Path

from tests.support.structure import (
    PACKAGES,
    count_lines,
    find_retired_names,
    functions,
    modules_by_folder,
    python_files,
)

SHOWN = 6


def describe(root: Path) -> str:
    """Return the figures as lines of text."""
    lines = []
    for package in PACKAGES:
        sizes = sorted(((count_lines(file), file) for file in python_files(root, package)), reverse=True)
        lengths = sorted(length for length, _ in functions(root, package))
        folders = modules_by_folder(root, package).most_common(3)
        lines += [
            f"{package}: {sum(size for size, _ in sizes)} lines of Python in {len(sizes)} files",
            f"  fullest folders: {', '.join(f'{folder} {count}' for folder, count in folders)}",
            f"  longest modules: {', '.join(f'{file.relative_to(root)} {size}' for size, file in sizes[:3])}",
            f"  {len(lengths)} functions, median {_quantile(lengths, 0.5)} lines, 90 % up to {_quantile(lengths, 0.9)}",
        ]
    longest = sorted(functions(root, "models", "training", "service"), reverse=True)[:SHOWN]
    lines += ["longest functions:", *(f"  {length} {place}" for length, place in longest)]
    retired = find_retired_names(root)
    lines.append(f"retired names: {sum(retired.values())} uses of {len({use.split()[0] for use in retired})} names")
    lines += [f"  {count} {use}" for use, count in retired.most_common(SHOWN)]
    return "\n".join(lines)


def _quantile(sizes: list[int], share: float) -> int:
    return sizes[int(len(sizes) * share)]


if __name__ == "__main__":
    sys.stdout.write(describe(Path(sys.argv[1]) if len(sys.argv) > 1 else Path()) + "\n")
