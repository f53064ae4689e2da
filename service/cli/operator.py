"""What commands share: opening the desk with a clear word where it cannot be, and acting as the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from models.release import ReleaseRefused
from service.desk import open_desk
from service.domain.errors import DomainError
from service.domain.rights import Caller
from service.logs import configure_logs
from service.moderation.desk import Desk
from service.moderation.people import operator_of
from service.moderation.sites import find_site
from service.settings import Settings

DEFAULT_SITE = "main"

SiteOption = Annotated[str, typer.Option("--site", help="The site's id.")]


@contextmanager
def working_desk(context: typer.Context) -> Iterator[Desk]:
    """An open desk; a domain error, an unusable release or database ends the command with its message and exit 1."""
    settings: Settings = context.obj
    configure_logs(settings.log_level)
    try:
        with open_desk(settings) as desk:
            yield desk
    except (DomainError, ReleaseRefused) as error:
        typer.echo(f"commentdesk: {error}", err=True)
        raise typer.Exit(1) from None


def act_on(desk: Desk, site: str) -> Caller:
    """The operator as a caller on this site; raises NotFound where there is none."""
    return operator_of(find_site(desk, site=site).id)
