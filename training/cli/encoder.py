"""`python -m training finetune` and `probe`: fine-tunes the encoder, and measures the result. Both need torch."""

from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import CorporaFolder, Seed, exit_with_error, make_console, with_progress


def register(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.command()(finetune)
    cli.command()(probe)


def finetune(
    *,
    corpora: CorporaFolder,
    out: Annotated[Path, typer.Option(help="The folder for the encoder's files, and for what a stopped run needs.")],
    seed: Seed = 7,
) -> None:
    """Fine-tune the encoder: a hundred minutes on two cores with bfloat16. A stopped run can be continued."""
    make_console().print(str(finetune_encoder(corpora, out, seed=seed)))


def probe(
    *,
    corpora: CorporaFolder,
    out: Annotated[Path, typer.Option(help="The folder that `finetune` wrote to.", exists=True)],
    seed: Seed = 7,
) -> None:
    """Measure a fine-tuned encoder and its teacher on rows that neither was trained on, before a release is fitted."""
    from training.corpora.licensed_corpora import Corpora
    from training.encoder.probe import probe as measure_encoder

    # The teacher is the larger model whose predictions the encoder learns. Each measurement names it or the encoder.
    for measurement in measure_encoder(Corpora(corpora), out, seed=seed):
        interval = f"{measurement.low:.3f} to {measurement.high:.3f}"
        name = f"{measurement.metric:<10}{measurement.set:<22}"
        typer.echo(f"{name}{measurement.value:.3f}  ({interval}), {measurement.n} rows")


def finetune_encoder(corpora: Path, out: Path, *, seed: int) -> Path:
    """Fine-tune the encoder, export it to the folder `out`, and return the folder.

    Ends the command with an error if the teacher's files are missing or altered, or if `out` has an encoder of another
    recipe, which means of other rows or settings.
    """
    from training.corpora.licensed_corpora import Corpora
    from training.corpora.provenance import RecipeDiffers
    from training.encoder.export import export_encoder
    from training.encoder.finetune import finetune as train_encoder
    from training.encoder.teacher import TeacherMissing, TeacherRefused

    make_console().print("encoder")
    try:
        export_encoder(train_encoder(Corpora(corpora), out, seed=seed, with_progress=with_progress), out)
    except (RecipeDiffers, TeacherMissing, TeacherRefused) as problem:
        exit_with_error(problem)
    return out
