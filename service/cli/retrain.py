"""`commentdesk retrain` and `commentdesk model`: a site learns from its own verdicts, and goes back where it must."""

import typer
from rich.console import Console

from service.cli.context import DEFAULT_SITE, SiteOption, apply_event, open_cli_runtime
from service.moderation.learning import retraining
from service.store.learning.site_models import StoredSiteModel


def register(cli: typer.Typer) -> None:
    """Adds the command and the group."""
    cli.command()(retrain)
    group = typer.Typer(help="A site's own models.", no_args_is_help=True)
    group.command("list")(list_models)
    group.command("promote")(promote)
    group.command("rollback")(roll_back)
    cli.add_typer(group, name="model")


def retrain(context: typer.Context, *, site: SiteOption = DEFAULT_SITE, seed: int = 0) -> None:
    """Fit a model of the site's own from its verdicts; it goes live only if it beats what is live."""
    with open_cli_runtime(context) as runtime, Console(stderr=True).status("Fitting and comparing …"):
        release = retraining.retrain(runtime, apply_event(runtime, site), seed=seed)
    report_outcome(release)


def report_outcome(release: StoredSiteModel) -> None:
    """Prints how a release has just fared, and against what where that is not what the operator thinks is live."""
    _show(release)
    if passed_over := release.gate_report["compared_with"]["passed_over"]:
        typer.echo(f"Compared with the base alone, because the site's model cannot be used: {passed_over}.")
    if release.state == "refused":
        typer.echo("Not released: it is not surely better than what is live.")


def list_models(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List the site's models, newest first."""
    with open_cli_runtime(context) as runtime:
        for release in retraining.list_releases(runtime, apply_event(runtime, site)):
            _show(release)


def promote(context: typer.Context, version: str, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Make a model live, whatever the comparison said."""
    with open_cli_runtime(context) as runtime:
        retraining.promote(runtime, apply_event(runtime, site), version=version)
    typer.echo(f"{version} is live.")


def roll_back(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Go back to the model that was live before, or to the base alone."""
    with open_cli_runtime(context) as runtime:
        previous = retraining.roll_back(runtime, apply_event(runtime, site))
    typer.echo(f"{previous} is live." if previous else "The base is live, without a model of the site's own.")


def _show(release: StoredSiteModel) -> None:
    facts = release.gate_report
    saved = facts["log_loss_saved"]
    typer.echo(
        f"{release.version}  {release.state}  on {facts['measured_on']['verdicts']} newest verdicts: "
        f"AUC {facts['candidate']['auc']:.3f} (live {facts['live']['auc']:.3f}), "
        f"log loss saved {saved['value']:.3f} ({saved['low']:.3f} to {saved['high']:.3f})"
    )
