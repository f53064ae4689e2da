"""`python -m training fit-site-model`: fits a site's own model. The service runs it in a child process."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import Seed, exit_with_error


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command(name="fit-site-model")(fit_site_model)


def fit_site_model(
    *,
    examples: Annotated[Path, typer.Option(help="A site's verdicts, exported, as JSON lines.", exists=True)],
    base: Annotated[Path, typer.Option(help="The folder of the base release.", exists=True)],
    out: Annotated[Path, typer.Option(help="The folder of the new site model.")],
    created_at: Annotated[
        datetime, typer.Option(parser=datetime.fromisoformat, help="The time of the export, with its zone.")
    ],
    live: Annotated[Path | None, typer.Option(help="The folder of the site model that is live.")] = None,
    code_commit: Annotated[str, typer.Option(help="The commit or version of this code, for the card.")] = "",
    seed: Seed = 0,
) -> None:
    """Fit a site's own model on its moderators' verdicts, and compare it with the live model."""
    from models.release import open_release
    from training.site_model.data import NotEnoughVerdicts
    from training.site_model.fit import fit_site_model as fit

    try:
        card = fit(
            examples,
            base=open_release(base),
            live=live,
            out=out,
            seed=seed,
            created_at=created_at,
            code_commit=code_commit,
        )
    except NotEnoughVerdicts as problem:
        exit_with_error(problem)
    typer.echo(json.dumps(card.metrics))
