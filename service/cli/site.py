"""`commentdesk site`: the sites, each one newspaper's comment section with people, tokens and a policy of its own."""

from typing import Annotated

import typer

from service.cli.context import open_cli_runtime
from service.moderation.access import sites


def register(cli: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Sites: one for each newspaper.", no_args_is_help=True)
    group.command("save")(save)
    group.command("list")(show_all)
    cli.add_typer(group, name="site")


def save(
    context: typer.Context,
    site_id: Annotated[str, typer.Argument(help="Its id, which --site takes elsewhere.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people see.")] = None,
    language: Annotated[str | None, typer.Option(help="Of comments too short to tell it from.")] = None,
) -> None:
    """Open a site, or change the name or language of one."""
    with open_cli_runtime(context) as runtime:
        site = sites.put_site(runtime, site=site_id, name=name, language=language)
    typer.echo(f"{site.id} is called {site.name}. For its people: commentdesk person add ADDRESS --site {site.id}")


def show_all(context: typer.Context) -> None:
    """List the sites: id, name, language."""
    with open_cli_runtime(context) as runtime:
        for site in sites.list_sites(runtime):
            typer.echo(f"{site.id}\t{site.name}\t{site.language}")
