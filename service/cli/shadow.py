"""`commentdesk shadow`: a file of texts with Perspective's scores replayed, and both compared before you switch."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from models.card import ReleaseRefused
from models.comment import Comment
from models.release import newest_release
from models.scorer import Scorer
from service.batch.comment_files import FileInvalid
from service.batch.shadow import Pair, Recorded, compare, open_recorded
from service.batch.shadow_report import summarise, write_report
from service.settings import Settings

BAD_INPUT, NO_RELEASE = 2, 1


def register(cli: typer.Typer) -> None:
    """Adds the command."""
    cli.command()(shadow)


def shadow(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="A CSV with texts and their scores by Perspective.")],
    *,
    out: Annotated[Path, typer.Option(metavar="OUT", help="Where the report goes, as HTML.")],
    column: Annotated[str, typer.Option(help="The column of Perspective's TOXICITY.")] = "perspective",
    with_texts: Annotated[
        bool, typer.Option("--with-texts", help="Show the texts that are scored most differently.")
    ] = False,
) -> None:
    """Compare our toxicity with scores that Perspective gave, without a server and without sending anything."""
    settings: Settings = context.obj
    try:
        rows = open_recorded(source, column=column, longest=settings.max_comment_chars)
        scorer = Scorer(newest_release(settings.releases_dir))
        comparison = compare(_score(scorer, rows))
        page = write_report(comparison, model=scorer.version, source=source.name, with_texts=with_texts)
        out.write_text(page, encoding="utf-8")
    except (FileInvalid, OSError) as error:
        typer.echo(f"commentdesk shadow: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except ReleaseRefused as error:
        typer.echo(f"commentdesk shadow: {error}", err=True)
        raise typer.Exit(NO_RELEASE) from None
    typer.echo(summarise(comparison))
    typer.echo(f"{out} has the distributions and the disagreements.", err=True)


def _score(scorer: Scorer, rows: list[Recorded]) -> list[Pair]:
    """Texts in a language that is not read have no score of ours, and are left out."""
    pairs = []
    for row in track(rows, "Scoring", console=Console(stderr=True)):
        toxicity = scorer.assess(Comment(text=row.text), explain=False).scores["toxicity"]
        if toxicity is not None:
            pairs.append(Pair(recorded=row, ours=scorer.perspective_scale.to_perspective(toxicity)))
    return pairs
