"""`commentdesk article import`: articles from a CSV file, an RSS or Atom file, or the URL of a feed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from service.batch.article_files import ArticleRow, read_articles
from service.batch.comment_files import FileInvalid
from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.moderation.articles.imports import import_articles, make_fetcher, read_feed
from service.moderation.runtime import Runtime
from service.net.fetching import FetchFailed

BAD_INPUT = 2


def import_file(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="CSV, RSS or Atom file, or the URL of a feed.")],
    *,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Save many articles at once. Comments that arrived before their article are scored again."""
    with open_cli_runtime(context) as runtime:
        caller = operator_on(runtime, site)
        with _reporting_errors(source):
            rows = _read(runtime, source)
        imported = import_articles(runtime, caller, rows=track(rows, "Importing", console=Console(stderr=True)))
    typer.echo(
        f"{imported.added} articles added, {imported.changed} changed, {imported.unchanged} unchanged, "
        f"{imported.refused} refused."
    )


def _read(runtime: Runtime, source: str) -> list[ArticleRow]:
    if source.startswith(("http://", "https://")):
        return read_feed(make_fetcher(runtime), source)
    return list(read_articles(Path(source).read_bytes()))


@contextmanager
def _reporting_errors(source: str) -> Iterator[None]:
    try:
        yield
    except (FileInvalid, FetchFailed) as error:
        typer.echo(f"commentdesk article import: {source}: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        typer.echo(f"commentdesk article import: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(BAD_INPUT) from None
