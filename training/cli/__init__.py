"""The command line of training. Each module here adds its commands with `register`.

Modules import what a command needs inside its function. So `--help` is fast, and the retraining of a site's own model
needs neither matplotlib nor torch.
"""

import typer

from training.cli import compare_cards, encoder, evaluate, fit, latency, site_model, suite

_MODULES = (fit, encoder, evaluate, suite, latency, compare_cards, site_model)


def build_cli() -> typer.Typer:
    """Assemble `python -m training` from the modules, in the order in which the help lists their commands."""
    cli = typer.Typer(help="Fit, measure and report releases.", no_args_is_help=True, add_completion=False)
    for module in _MODULES:
        module.register(cli)
    return cli
