"""`commentdesk coral`: connect a Coral to a site, and manage the connections."""

from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.moderation.coral import connections


def register(cli: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Connect a site to Coral: its moderation phase and its webhooks.", no_args_is_help=True)
    group.command("connect")(connect)
    group.command("secret")(change_secret)
    group.command("list")(show_all)
    group.command("disconnect")(disconnect)
    cli.add_typer(group, name="coral")


def connect(
    context: typer.Context,
    *,
    secrets: Annotated[
        list[str] | None, typer.Option("--secret", help="Signing secret from Coral; prompted for if left out.")
    ] = None,
    graphql_url: Annotated[str | None, typer.Option(help="URL of Coral's GraphQL API.")] = None,
    graphql_token: Annotated[str | None, typer.Option(help="Token for that API; prompted for if left out.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Connect a Coral and print the URLs to enter there."""
    signing_secrets = secrets or [typer.prompt("Signing secret (empsec_… or whsec_…)", hide_input=True)]
    if graphql_url and not graphql_token:
        graphql_token = typer.prompt("GraphQL token", hide_input=True)
    with open_cli_runtime(context) as runtime:
        made = connections.connect_coral(
            runtime,
            operator_on(runtime, site),
            signing_secrets=[secret.strip() for secret in signing_secrets],
            graphql_url=graphql_url,
            graphql_token=graphql_token,
        )
        root = runtime.settings.resolved_public_url
    typer.echo(f"Connection {made.id} to {site} is ready. Enter these URLs in Coral:")
    typer.echo(f"  moderation phase: {root}/coral/{made.id}/phase")
    typer.echo(f"  webhook endpoint: {root}/coral/{made.id}/events")


def change_secret(
    context: typer.Context,
    connection_id: Annotated[
        str, typer.Argument(metavar="CONNECTION", help="Id of the connection, as in `coral list`.")
    ],
    *,
    secret: Annotated[str | None, typer.Option(help="New signing secret; prompted for if left out.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Replace the signing secret of the same kind after Coral has rotated it."""
    signing_secret = secret or typer.prompt("New signing secret", hide_input=True)
    with open_cli_runtime(context) as runtime:
        connections.change_secret(
            runtime, operator_on(runtime, site), connection_id=connection_id, secret=signing_secret.strip()
        )
    typer.echo(f"{connection_id} has a new secret.")


def show_all(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's connections: id, kinds of secret, GraphQL URL."""
    with open_cli_runtime(context) as runtime:
        for connection in connections.list_connections(runtime, operator_on(runtime, site)):
            kinds = ",".join(sorted({secret.partition("_")[0] for secret in connection.secrets}))
            typer.echo(f"{connection.id}\t{kinds}\t{connection.graphql_url or ''}")


def disconnect(
    context: typer.Context,
    connection_id: Annotated[
        str, typer.Argument(metavar="CONNECTION", help="Id of the connection, as in `coral list`.")
    ],
    *,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Delete a connection. The comments that came through it stay."""
    with open_cli_runtime(context) as runtime:
        connections.disconnect_coral(runtime, operator_on(runtime, site), connection_id=connection_id)
    typer.echo(f"{connection_id} is disconnected.")
