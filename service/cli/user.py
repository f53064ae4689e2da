"""`commentdesk person`: the people who moderate, their passwords and one-time sign-in links."""

import sys
from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, apply_event, open_cli_runtime
from service.domain.rights import Role
from service.moderation.access import users

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


def register(cli: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="People who moderate.", no_args_is_help=True)
    group.command("add")(add)
    group.command("list")(show_all)
    group.command("disable")(disable)
    group.command("enable")(enable)
    group.command("sign-in-link")(link)
    group.command("password")(password)
    cli.add_typer(group, name="user")


def add(
    context: typer.Context,
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="What colleagues see; the address unless given.")] = "",
    role: Annotated[
        Role, typer.Option(help="What they may do, each role including the ones before it.")
    ] = Role.MODERATOR,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Take somebody on, or give them another role."""
    with open_cli_runtime(context) as runtime:
        user = users.add_user(runtime, apply_event(runtime, site), email=email, name=name, role=role)
    typer.echo(f"{user.email} is {role} on {site}. To sign in: commentdesk person link {user.email}")


def show_all(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's people: address, name, role, how they may sign in."""
    with open_cli_runtime(context) as runtime:
        for member in users.list_users(runtime, apply_event(runtime, site)):
            user = member.user
            means = "disabled" if user.disabled_at else "password" if user.has_password else "links only"
            typer.echo(f"{user.email}\t{user.name}\t{member.role}\t{means}")


def disable(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Shut somebody out, of every site, and end their sessions."""
    with open_cli_runtime(context) as runtime:
        users.disable_user(runtime, apply_event(runtime, site), email=email)
    typer.echo(f"{email} is disabled.")


def enable(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Let somebody in again."""
    with open_cli_runtime(context) as runtime:
        users.enable_user(runtime, apply_event(runtime, site), email=email)
    typer.echo(f"{email} is enabled.")


def link(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Print a link that signs somebody in once, within 15 minutes."""
    with open_cli_runtime(context) as runtime:
        address = users.create_sign_in_link(runtime, apply_event(runtime, site), email=email)
    typer.echo(address)


def password(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Give somebody a password: asked for, or the first line of standard input."""
    chosen = _ask() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with open_cli_runtime(context) as runtime:
        users.set_password(runtime, apply_event(runtime, site), email=email, password=chosen)
    typer.echo(f"{email} has a new password; their sessions have ended.")


def _ask() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
