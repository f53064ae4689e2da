"""`commentdesk site`: sites. Each is one publication's comment section with its own users, tokens and policy."""

from typing import Annotated

import typer

from service.cli.context import open_cli_runtime
from service.moderation.access import sites


def register(cli: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Add and list sites: one for each publication.", no_args_is_help=True)
    group.command("save")(save)
    group.command("list")(show_all)
    cli.add_typer(group, name="site")


def save(
    context: typer.Context,
    site_id: Annotated[str, typer.Argument(help="Id of the site, as in the --site option of other commands.")],
    *,
    name: Annotated[str | None, typer.Option(help="Name that moderators see.")] = None,
    language: Annotated[str | None, typer.Option(help="Assumed for comments too short to detect it.")] = None,
) -> None:
    """Add a site, or change the name or language of an existing one."""
    with open_cli_runtime(context) as runtime:
        site = sites.put_site(runtime, site=site_id, name=name, language=language)
    typer.echo(f"Saved {site.id} ({site.name}). To add a user: commentdesk user add EMAIL --site {site.id}")


def show_all(context: typer.Context) -> None:
    """List the sites: id, name, language."""
    with open_cli_runtime(context) as runtime:
        for site in sites.list_sites(runtime):
            typer.echo(f"{site.id}\t{site.name}\t{site.language}")
