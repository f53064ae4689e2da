"""`commentdesk log`: the audit trail, as lines that a person or `grep` reads."""

import json
from typing import Annotated

import typer

from service.cli.context import DEFAULT_SITE, SiteOption, apply_event, open_cli_runtime
from service.moderation.insights.audit_log import read_audit_log


def register(cli: typer.Typer) -> None:
    """Adds the command."""
    cli.command("audit-log")(show_audit_log)


def show_audit_log(
    context: typer.Context,
    *,
    subject: Annotated[str | None, typer.Option(help="Only what was done to this: a comment's id, say.")] = None,
    lines: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Show who changed what on a site, newest first: time, who, what, to what, and how."""
    with open_cli_runtime(context) as runtime:
        for line in read_audit_log(runtime, apply_event(runtime, site), subject=subject, limit=lines):
            facts = json.dumps(line.details, ensure_ascii=False, sort_keys=True)
            typer.echo("\t".join((f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.actor, line.action, line.subject, facts)))
