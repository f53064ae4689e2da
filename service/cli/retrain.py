"""`commentdesk retrain` and `commentdesk model`: fit a site model on verdicts, promote it or roll it back."""

from typing import Annotated

import typer
from rich.console import Console

from service.cli.context import DEFAULT_SITE, SiteOption, open_cli_runtime, operator_on
from service.moderation.learning import retraining
from service.store.learning.site_models import StoredSiteModel


def register(cli: typer.Typer) -> None:
    """Add the command and the group."""
    cli.command()(retrain)
    group = typer.Typer(help="List, promote or roll back a site's own models.", no_args_is_help=True)
    group.command("list")(list_models)
    group.command("promote")(promote)
    group.command("rollback")(roll_back)
    cli.add_typer(group, name="model")


def retrain(
    context: typer.Context,
    *,
    site: SiteOption = DEFAULT_SITE,
    seed: Annotated[int, typer.Option(help="Seed of the fit; the same seed gives the same model.")] = 0,
) -> None:
    """Fit a site model on verdicts; it goes live only if it beats the live model."""
    with open_cli_runtime(context) as runtime, Console(stderr=True).status("Fitting and comparing …"):
        model = retraining.retrain(runtime, operator_on(runtime, site), seed=seed)
    report_outcome(model)


def report_outcome(model: StoredSiteModel) -> None:
    """Print how a new site model compares with the live one, and whether it went live."""
    _show(model)
    if ignored := model.gate_report["compared_with"]["ignored"]:
        typer.echo(f"Compared with the base release alone, because the live site model cannot be used: {ignored}.")
    if model.state == "refused":
        typer.echo("It does not go live: it is not clearly better than the live model.")


def list_models(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """List a site's models, newest first, with how they compared with the live model of their day."""
    with open_cli_runtime(context) as runtime:
        for model in retraining.list_site_models(runtime, operator_on(runtime, site)):
            _show(model)


def promote(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="Version of the model, as in `model list`.")],
    *,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Make a model live, whatever the comparison showed."""
    with open_cli_runtime(context) as runtime:
        retraining.promote(runtime, operator_on(runtime, site), version=version)
    typer.echo(f"{version} is live.")


def roll_back(context: typer.Context, *, site: SiteOption = DEFAULT_SITE) -> None:
    """Go back to the model that was live before, or to the base release alone."""
    with open_cli_runtime(context) as runtime:
        previous = retraining.roll_back(runtime, operator_on(runtime, site))
    typer.echo(f"{previous} is live." if previous else "The base release is live, without a site model.")


def _show(model: StoredSiteModel) -> None:
    report = model.gate_report
    saved = report["log_loss_saved"]
    typer.echo(
        f"{model.version}  {model.state}  on the {report['measured_on']['verdicts']} newest verdicts: "
        f"AUC {report['candidate']['auc']:.3f} (live model {report['live']['auc']:.3f}), "
        f"log loss reduced by {saved['value']:.3f} ({saved['low']:.3f} to {saved['high']:.3f})"
    )
