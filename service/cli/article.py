"""`commentdesk article`: save, show and import the articles that comments are about."""

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
from service.domain.policy.site_policy import Mode
from service.moderation.articles.imports import import_articles, make_fetcher, read_feed
from service.moderation.articles.registration import ArticleInput, read_article, register_article
from service.moderation.runtime import Runtime
from service.net.fetching import FetchFailed

BAD_INPUT = 2

ArticleId = Annotated[str, typer.Argument(help="Id of the article in the CMS.")]


def register(cli: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Save, show and import the articles that comments are about.", no_args_is_help=True)
    group.command("save")(save)
    group.command("show")(show)
    group.command("import")(import_file)
    cli.add_typer(group, name="article")


def save(
    context: typer.Context,
    article_id: ArticleId,
    *,
    title: Annotated[str, typer.Option(help="Headline.")],
    body: Annotated[Path | None, typer.Option(help="UTF-8 file with the article's text.", exists=True)] = None,
    url: Annotated[str | None, typer.Option(help="URL of the article's page.")] = None,
    section: Annotated[str | None, typer.Option(help="Section of the publication.")] = None,
    mode: Annotated[Mode, typer.Option(help="How comments on it are handled.")] = Mode.OPEN,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Save an article: register a new one or replace an existing one."""
    text = body.read_text(encoding="utf-8") if body else ""
    article = ArticleInput(title=title, body=text, url=url, section=section, mode=mode)
    with open_cli_runtime(context) as runtime:
        register_article(runtime, operator_on(runtime, site), article_id=article_id, article=article)
    typer.echo(f"Saved {article_id} on {site}.")


def show(context: typer.Context, article_id: ArticleId, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Show an article: id, mode, section and title."""
    with open_cli_runtime(context) as runtime:
        article = read_article(runtime, operator_on(runtime, site), article_id=article_id)
    typer.echo(f"{article.id}\t{article.mode}\t{article.section or ''}\t{article.content.title}")


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
