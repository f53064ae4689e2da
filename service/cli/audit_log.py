"""`commentdesk audit-log`: the audit log as lines for people and for `grep`."""

import json
from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.moderation.insights.audit_log import read_audit_log


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("audit-log")(show_audit_log)


def show_audit_log(
    context: typer.Context,
    *,
    subject: Annotated[str | None, typer.Option(help="Only entries about this: for example a comment id.")] = None,
    lines: Annotated[int, typer.Option(min=1, help="Number of entries.")] = 50,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Show who changed what on a site, newest first.

    Columns: time, actor, action, subject, details.
    """
    with open_cli_runtime(context) as runtime:
        for entry in read_audit_log(runtime, operator_on(runtime, site), subject=subject, limit=lines):
            details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
            typer.echo("\t".join((f"{entry.at:%Y-%m-%dT%H:%M:%SZ}", entry.actor, entry.action, entry.subject, details)))
