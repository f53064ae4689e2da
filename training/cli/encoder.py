"""`python -m training finetune` and `probe`: fine-tunes the encoder, and checks the outcome. Both need torch."""

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
    from training.corpora.registry import Corpora
    from training.encoder.probe import probe as measure

    for row in measure(Corpora(corpora), out, seed=seed):
        interval = f"{row.low:.3f} to {row.high:.3f}"
        typer.echo(f"{row.metric:<10}{row.set:<22}{row.value:.3f}  ({interval}), {row.n} rows")


def finetune_encoder(corpora: Path, out: Path, *, seed: int) -> Path:
    """Fine-tune the encoder, export it to the folder `out`, and return the folder."""
    from training.corpora.provenance import RecipeDiffers
    from training.corpora.registry import Corpora
    from training.encoder.export import export_encoder
    from training.encoder.finetune import finetune as train_encoder
    from training.encoder.teacher import TeacherMissing, TeacherRefused

    make_console().print("encoder")
    try:
        export_encoder(train_encoder(Corpora(corpora), out, seed=seed, with_progress=with_progress), out)
    except (RecipeDiffers, TeacherMissing, TeacherRefused) as problem:
        exit_with_error(problem)
    return out
