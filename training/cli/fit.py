"""`python -m training fit`: builds a base release."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from training.cli.encoder import finetune_encoder
from training.cli.options import Cache, CorporaFolder, Jobs, Seed, count_jobs, exit_with_error, make_console


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(fit)


def fit(
    *,
    corpora: CorporaFolder,
    out: Annotated[Path, typer.Option(help="The folder of releases, in which a new one is made.")],
    version: Annotated[str, typer.Option(help="The new release's version: year, month, number.")],
    encoder: Annotated[
        Path | None, typer.Option(help="A folder with a fine-tuned encoder's files. Without it, one is fine-tuned.")
    ] = None,
    code_commit: Annotated[str, typer.Option(help="The commit of this code, for the card.")] = "",
    seed: Seed = 7,
    jobs: Jobs = 0,
    cache: Cache = None,
) -> None:
    """Fit a base release: 15 minutes on two cores, and a hundred more for the encoder; less with a cache."""
    from training.build import BuildConfig, VersionExists, build_release, refuse_existing_version

    console = make_console()
    try:
        # Checked now too, because fine-tuning the encoder takes hours.
        refuse_existing_version(out / version)
    except VersionExists as problem:
        exit_with_error(problem)
    with tempfile.TemporaryDirectory() as scratch:
        cache_folder = cache or Path(scratch)
        config = BuildConfig(
            corpora=corpora,
            encoder=encoder or finetune_encoder(corpora, cache_folder / f"encoder-{seed}", seed=seed),
            version=version,
            created_at=datetime.now(UTC),
            code_commit=code_commit,
            seed=seed,
            cache=cache_folder,
            jobs=count_jobs(jobs),
        )
        with console.status("") as status:

            def begin(step: str) -> None:
                console.print(step)
                status.update(step)

            card = build_release(config, out / version, begin=begin)
    console.print(f"{out / version}: {len(card.files)} files.")
