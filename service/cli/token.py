"""`commentdesk token`: making, listing and revoking API tokens."""

from datetime import timedelta
from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, apply_event, open_cli_runtime
from service.domain.rights import Right
from service.moderation.access import tokens
from service.store.access.tokens import TokenFacts

DEFAULT_RIGHTS = [Right.SCORE, Right.COMMENTS]


def register(cli: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="API tokens, with which a CMS calls.", no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(show_all)
    group.command("revoke")(revoke)
    cli.add_typer(group, name="token")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is for, so that you know it again.")],
    *,
    rights: Annotated[list[Right] | None, typer.Option("--right", help="Score and comments unless given.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; never unless given.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Make a token and print its secret, which is shown this once."""
    with open_cli_runtime(context) as runtime:
        secret, facts = tokens.create_token(
            runtime,
            apply_event(runtime, site),
            name=name,
            rights=rights or DEFAULT_RIGHTS,
            expires_at=runtime.clock() + timedelta(days=days) if days else None,
        )
    # The secret alone on standard output, so that a script can take it from there.
    typer.echo(f"Token {facts.id} on {site}, shown this once:", err=True)
    typer.echo(secret)


def show_all(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's tokens: id, name, rights, state."""
    with open_cli_runtime(context) as runtime:
        now = runtime.clock()
        for facts in tokens.list_tokens(runtime, apply_event(runtime, site)):
            expired = facts.expires_at is not None and facts.expires_at <= now
            typer.echo(
                "\t".join((facts.id, facts.name, ",".join(sorted(facts.rights)), _state(facts, expired=expired)))
            )


def revoke(
    context: typer.Context,
    token_id: Annotated[str, typer.Argument(help="Its id, from the list: the middle part of the secret.")],
    *,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """End a token at once and for good."""
    with open_cli_runtime(context) as runtime:
        tokens.revoke_token(runtime, apply_event(runtime, site), token_id=token_id)
    typer.echo(f"Token {token_id} is revoked.")


def _state(facts: TokenFacts, *, expired: bool) -> str:
    if facts.revoked_at is not None:
        return "revoked"
    if expired:
        return "expired"
    return f"until {facts.expires_at:%Y-%m-%d %H:%M} UTC" if facts.expires_at else "for good"
