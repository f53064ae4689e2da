"""`commentdesk article`: save, show and import the articles that comments are about."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.article_import import import_file
from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.domain.policy.policy import Mode
from service.moderation.articles.registration import ArticleInput, read_article, register_article

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
    facts = ArticleInput(title=title, body=text, url=url, section=section, mode=mode)
    with open_cli_runtime(context) as runtime:
        register_article(runtime, operator_on(runtime, site), article_id=article_id, article=facts)
    typer.echo(f"Saved {article_id} on {site}.")


def show(context: typer.Context, article_id: ArticleId, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Show an article: id, mode, section and title."""
    with open_cli_runtime(context) as runtime:
        article = read_article(runtime, operator_on(runtime, site), article_id=article_id)
    typer.echo(f"{article.id}\t{article.mode}\t{article.section or ''}\t{article.content.title}")
