"""`commentdesk user`: the people who moderate, their passwords and one-time sign-in links."""

import sys
from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.domain.rights import Role
from service.moderation.access import users

Email = Annotated[str, typer.Argument(help="E-mail address of the user.")]


def register(cli: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Manage the people who moderate, their passwords and sign-in links.", no_args_is_help=True)
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
    name: Annotated[str, typer.Option(help="Name that colleagues see; the address if left out.")] = "",
    role: Annotated[
        Role, typer.Option(help="What they may do; each role includes the ones before it.")
    ] = Role.MODERATOR,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Add a user, or change the name or role of an existing one."""
    with open_cli_runtime(context) as runtime:
        user = users.add_user(runtime, operator_on(runtime, site), email=email, name=name, role=role)
    typer.echo(f"{user.email} is {role} on {site}. To sign in: commentdesk user sign-in-link {user.email}")


def show_all(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's users: address, name, role, how they sign in."""
    with open_cli_runtime(context) as runtime:
        for member in users.list_users(runtime, operator_on(runtime, site)):
            user = member.user
            means = "disabled" if user.disabled_at else "password" if user.has_password else "links only"
            typer.echo(f"{user.email}\t{user.name}\t{member.role}\t{means}")


def disable(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Disable a user on every site, and end their sessions."""
    with open_cli_runtime(context) as runtime:
        users.disable_user(runtime, operator_on(runtime, site), email=email)
    typer.echo(f"Disabled {email}.")


def enable(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Enable a disabled user."""
    with open_cli_runtime(context) as runtime:
        users.enable_user(runtime, operator_on(runtime, site), email=email)
    typer.echo(f"Enabled {email}.")


def link(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Print a link that signs a user in once, within 15 minutes."""
    with open_cli_runtime(context) as runtime:
        address = users.create_sign_in_link(runtime, operator_on(runtime, site), email=email)
    typer.echo(address)


def password(context: typer.Context, email: Email, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Set a user's password: prompted for, or the first line of standard input."""
    chosen = _prompt() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with open_cli_runtime(context) as runtime:
        users.set_password(runtime, operator_on(runtime, site), email=email, password=chosen)
    typer.echo(f"Set the password of {email} and ended their sessions.")


def _prompt() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
