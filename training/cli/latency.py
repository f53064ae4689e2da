"""`python -m training latency`: times a release in process."""

from itertools import chain
from typing import Annotated

import typer

from training.cli.options import RELEASES, ReleaseFolder, Seed, open_newest


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(latency)


def latency(
    *,
    release: ReleaseFolder = RELEASES,
    comments: Annotated[int, typer.Option(min=40, help="Comments that are timed.")] = 400,
    seed: Seed = 7,
) -> None:
    """Time a release in process, and a BERT-base and alt-profanity-check if they are installed."""
    from training.evaluation.latency import time_profanity_check, time_release, time_transformer

    folder, opened = open_newest(release)
    timings = chain(
        time_release(folder, count=comments, seed=seed),
        time_profanity_check(count=comments, seed=seed),
        time_transformer(opened, seed=seed),
    )
    for timing in timings:
        value = "not installed" if timing.value is None else f"{timing.value:.1f} {timing.unit}"
        typer.echo(f"{timing.name:<60}{value}")
