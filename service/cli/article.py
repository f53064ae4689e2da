"""`commentdesk article`: registering and looking up articles from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.article_import import import_file
from service.cli.context import DEFAULT_SITE, SiteOption, apply_event, open_cli_runtime
from service.domain.policy.rules import Mode
from service.moderation.articles.registration import ArticleFacts, read_article, register_article


def register(cli: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Articles that comments are about.", no_args_is_help=True)
    group.command("save")(save)
    group.command("show")(show)
    group.command("import")(import_file)
    cli.add_typer(group, name="article")


def save(
    context: typer.Context,
    article_id: str,
    *,
    title: Annotated[str, typer.Option(help="Its headline.")],
    body: Annotated[Path | None, typer.Option(help="A UTF-8 file with its text.", exists=True)] = None,
    url: Annotated[str | None, typer.Option(help="Its address.")] = None,
    section: Annotated[str | None, typer.Option(help="Its section.")] = None,
    mode: Annotated[Mode, typer.Option(help="How it takes comments.")] = Mode.OPEN,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Register an article, or replace it."""
    text = body.read_text(encoding="utf-8") if body else ""
    facts = ArticleFacts(title=title, body=text, url=url, section=section, mode=mode)
    with open_cli_runtime(context) as runtime:
        register_article(runtime, apply_event(runtime, site), article_id=article_id, facts=facts)
    typer.echo(f"{article_id} is registered on {site}.")


def show(context: typer.Context, article_id: str, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Show an article's facts."""
    with open_cli_runtime(context) as runtime:
        article = read_article(runtime, apply_event(runtime, site), article_id=article_id)
    typer.echo(f"{article.id}\t{article.mode}\t{article.section or ''}\t{article.content.title}")
