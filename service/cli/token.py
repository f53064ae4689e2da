"""`commentdesk token`: create, list and revoke API tokens."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.domain.rights import Right
from service.moderation.access import tokens
from service.store.access.tokens import TokenInfo

DEFAULT_RIGHTS = [Right.SCORE, Right.COMMENTS]


def register(cli: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Create, list and revoke API tokens.", no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(show_all)
    group.command("revoke")(revoke)
    cli.add_typer(group, name="token")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    *,
    rights: Annotated[
        list[Right] | None, typer.Option("--right", help="May be repeated; score and comments if left out.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; never if left out.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Create a token and print its secret, which is shown only once."""
    with open_cli_runtime(context) as runtime:
        secret, token = tokens.create_token(
            runtime,
            operator_on(runtime, site),
            name=name,
            rights=rights or DEFAULT_RIGHTS,
            expires_at=runtime.clock() + timedelta(days=days) if days else None,
        )
    # Standard output has the secret alone, so that a script can read it.
    typer.echo(f"Created token {token.id} on {site}. Its secret is shown only once:", err=True)
    typer.echo(secret)


def show_all(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's tokens: id, name, rights, status."""
    with open_cli_runtime(context) as runtime:
        now = runtime.clock()
        for token in tokens.list_tokens(runtime, operator_on(runtime, site)):
            typer.echo("\t".join((token.id, token.name, ",".join(sorted(token.rights)), _status(token, now))))


def revoke(
    context: typer.Context,
    token_id: Annotated[
        str, typer.Argument(help="Id of the token, as in `token list`: the middle part of the secret.")
    ],
    *,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Revoke a token at once and permanently."""
    with open_cli_runtime(context) as runtime:
        tokens.revoke_token(runtime, operator_on(runtime, site), token_id=token_id)
    typer.echo(f"Revoked token {token_id}.")


def _status(token: TokenInfo, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is None:
        return "no expiry"
    return "expired" if token.expires_at <= now else f"until {token.expires_at:%Y-%m-%d %H:%M} UTC"
