"""`commentdesk shadow`: compare our toxicity scores with recorded Perspective scores before you switch."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from models.card import ReleaseRefused
from service.batch.comment_files import FileInvalid
from service.settings import Settings

BAD_INPUT, NO_RELEASE = 2, 1


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(shadow)


def shadow(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV file with texts and their Perspective scores.")],
    *,
    out: Annotated[Path, typer.Option(metavar="OUT", help="File for the report, as HTML.")],
    column: Annotated[str, typer.Option(help="Column with Perspective's TOXICITY score.")] = "perspective",
    with_texts: Annotated[bool, typer.Option("--with-texts", help="Show the texts whose scores differ most.")] = False,
) -> None:
    """Compare our toxicity scores with recorded Perspective scores, offline.

    It needs no server and sends nothing.
    """
    # They import scikit-learn and SciPy, which takes a second that --help need not wait for.
    from models.release import newest_release
    from models.scorer import Scorer
    from service.batch.shadow import compare, open_recorded, score_recorded
    from service.batch.shadow_report import summarise, write_report

    settings: Settings = context.obj
    try:
        rows = open_recorded(source, column=column, max_chars=settings.max_comment_chars)
        scorer = Scorer(newest_release(settings.releases_dir))
        comparison = compare(score_recorded(scorer, track(rows, "Scoring", console=Console(stderr=True))))
        page = write_report(comparison, model=scorer.version, source=source.name, with_texts=with_texts)
        out.write_text(page, encoding="utf-8")
    except (FileInvalid, OSError) as error:
        typer.echo(f"commentdesk shadow: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except ReleaseRefused as error:
        typer.echo(f"commentdesk shadow: {error}", err=True)
        raise typer.Exit(NO_RELEASE) from None
    typer.echo(summarise(comparison))
    typer.echo(f"{out} shows the distributions and the largest differences.", err=True)
