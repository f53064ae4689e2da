"""`commentdesk coral`: connecting a Coral to a site, and what it has to be told."""

from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, apply_event, open_cli_runtime
from service.moderation.coral import connections


def register(cli: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Connections to Coral: its moderation phase and its webhooks.", no_args_is_help=True)
    group.command("connect")(connect)
    group.command("secret")(change_secret)
    group.command("list")(show_all)
    group.command("disconnect")(disconnect)
    cli.add_typer(group, name="coral")


def connect(
    context: typer.Context,
    *,
    secrets: Annotated[
        list[str] | None, typer.Option("--secret", help="A signing secret of Coral's; asked for unless given.")
    ] = None,
    graphql_url: Annotated[str | None, typer.Option(help="Address of its GraphQL API.")] = None,
    graphql_token: Annotated[str | None, typer.Option(help="A token for it; asked for unless given.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Connect a Coral, and print the addresses to enter there."""
    given = secrets or [typer.prompt("Signing secret (empsec_… or whsec_…)", hide_input=True)]
    if graphql_url and not graphql_token:
        graphql_token = typer.prompt("GraphQL token", hide_input=True)
    with open_cli_runtime(context) as runtime:
        made = connections.connect_coral(
            runtime,
            apply_event(runtime, site),
            signing_secrets=[secret.strip() for secret in given],
            graphql_url=graphql_url,
            graphql_token=graphql_token,
        )
        root = runtime.settings.resolved_public_url
    typer.echo(f"{made.id} is connected to {site}. In Coral, as the address of")
    typer.echo(f"  the moderation phase: {root}/coral/{made.id}/phase")
    typer.echo(f"  the webhook endpoint: {root}/coral/{made.id}/events")


def change_secret(
    context: typer.Context,
    connection_id: Annotated[str, typer.Argument(metavar="CONNECTION", help="Its id, from the list.")],
    *,
    secret: Annotated[str | None, typer.Option(help="The new secret; asked for unless given.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Put a rotated signing secret in the place of the old one of its kind."""
    given = secret or typer.prompt("New signing secret", hide_input=True)
    with open_cli_runtime(context) as runtime:
        connections.change_secret(
            runtime, apply_event(runtime, site), connection_id=connection_id, secret=given.strip()
        )
    typer.echo(f"{connection_id} has a new secret.")


def show_all(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's connections: id, kinds of secret, GraphQL address."""
    with open_cli_runtime(context) as runtime:
        for kept in connections.list_connections(runtime, apply_event(runtime, site)):
            kinds = ",".join(sorted({secret.partition("_")[0] for secret in kept.secrets}))
            typer.echo(f"{kept.id}\t{kinds}\t{kept.graphql_url or ''}")


def disconnect(
    context: typer.Context,
    connection_id: Annotated[str, typer.Argument(metavar="CONNECTION", help="Its id, from the list.")],
    *,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """End a connection; what came over it stays."""
    with open_cli_runtime(context) as runtime:
        connections.disconnect_coral(runtime, apply_event(runtime, site), connection_id=connection_id)
    typer.echo(f"{connection_id} is disconnected.")
