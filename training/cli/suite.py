"""`python -m training suite`: runs the behavioural test suite, which needs no corpora."""

from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import RELEASES, ReleaseFolder, open_newest


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(suite)


def suite(
    *,
    release: ReleaseFolder = RELEASES,
    cases: Annotated[Path | None, typer.Option(help="A CSV file of cases to run instead of the built-in ones.")] = None,
    failures: Annotated[bool, typer.Option("--failures", help="Print every case that fails, with its score.")] = False,
) -> None:
    """Run the behavioural test suite: ten seconds, without corpora."""
    from training.evaluation.behavioural_suite import SUITE, measure_pass_rates, read_suite, run_suite

    _, opened = open_newest(release)
    results = run_suite(opened, read_suite(cases or SUITE))
    for rate in measure_pass_rates(results):
        name = f"{rate.function:<18}{rate.score:<10} {rate.expected:<8}"
        typer.echo(f"{name} {rate.passed:>3} of {rate.n:<3} {rate.value:>5.0%}  ({rate.low:.0%} to {rate.high:.0%})")
    for result in results if failures else ():
        if not result.has_passed:
            value = "unknown" if result.value is None else f"{result.value:.3f}"
            typer.echo(f"{result.case.function}: {result.case.score} {value}: {result.case.text}")
