"""`python -m training compare-cards`: compares a release with the same one fitted again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import DIFFERENT


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command(name="compare-cards")(compare_cards)


def compare_cards(
    first: Annotated[Path, typer.Argument(help="The folder of a release.", exists=True)],
    second: Annotated[Path, typer.Argument(help="The folder of the same release, fitted again.", exists=True)],
) -> None:
    """Compare two releases' cards figure by figure. Fails if a figure differs in three decimals."""
    from models.card import read_card
    from training.release.reproducibility import DECIMALS
    from training.release.reproducibility import compare_cards as compare

    comparison = compare(read_card(first), read_card(second))
    count = len(comparison.differences)
    typer.echo(
        f"{comparison.figures} figures: {comparison.exact} to the last digit, {count} differ in {DECIMALS} decimals"
    )
    for difference in comparison.differences:
        typer.echo(f"  {difference.path}: {difference.first} and {difference.second}")
    files = ", ".join(comparison.files) or "none"
    typer.echo(f"largest difference {comparison.largest:.4f}; other bytes: {files}")
    if count:
        sys.exit(DIFFERENT)
