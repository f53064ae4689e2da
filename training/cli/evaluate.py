"""`python -m training evaluate` and `report`: measures a release on the corpora, and writes the report."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli.options import (
    RELEASES,
    Cache,
    CorporaFolder,
    Jobs,
    ReleaseFolder,
    Seed,
    count_jobs,
    make_console,
    open_newest,
    with_progress,
)

if TYPE_CHECKING:
    from models.card import Card
    from training.evaluation.results import Evaluation

EVALUATION_FILE = "evaluation.json"


def register(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.command()(evaluate)
    cli.command()(report)


def evaluate(
    *,
    corpora: CorporaFolder,
    release: ReleaseFolder = RELEASES,
    out: Annotated[Path, typer.Option(help="The folder for the results and the report.")] = Path("build/evaluation"),
    quick: Annotated[bool, typer.Option("--quick", help="Measure on a part of each set, in a minute.")] = False,
    attach: Annotated[
        bool, typer.Option("--attach", help="Add the report to the release, which must not be published yet.")
    ] = False,
    against: Annotated[
        list[Path] | None, typer.Option(help="The folder of another release to compare with on the same rows.")
    ] = None,
    seed: Seed = 7,
    jobs: Jobs = 0,
    cache: Cache = None,
) -> None:
    """Measure a release on the corpora, compare it with n-grams and other releases, and write the report."""
    from training.evaluation.run import QUICK, Scope, evaluate_release

    folder, opened = open_newest(release)
    scope = QUICK if quick else Scope(jobs=count_jobs(jobs))
    evaluation = evaluate_release(
        corpora, opened, seed=seed, scope=scope, cache=cache, with_progress=with_progress, against=against or ()
    )
    out.mkdir(parents=True, exist_ok=True)
    (out / EVALUATION_FILE).write_text(json.dumps(evaluation.as_json(), indent=1), encoding="utf-8")
    report_files = _write_report(opened.card, evaluation, out)
    if attach:
        from training.build import attach_report

        attach_report(folder, report_files)


def report(
    *,
    release: Annotated[Path, typer.Option(help="The folder of the release that was measured.", exists=True)],
    out: Annotated[Path, typer.Option(help="The folder with the results, where the report goes too.", exists=True)],
) -> None:
    """Write the report again from the results of an earlier evaluation."""
    from models.card import read_card
    from training.evaluation.results import Evaluation, from_json

    results = json.loads((out / EVALUATION_FILE).read_text(encoding="utf-8"))
    _write_report(read_card(release), from_json(Evaluation, results), out)


def _write_report(card: "Card", evaluation: "Evaluation", out: Path) -> list[Path]:
    """Write the report's files, print their paths, and return these."""
    from training.report.render import write_report

    paths = write_report(card, evaluation, out)
    for path in paths:
        make_console().print(str(path))
    return paths
