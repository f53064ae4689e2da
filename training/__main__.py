"""The command line: `python -m training fit|tune|evaluate|suite|…`; the work is elsewhere."""

# Each command imports what it needs when it runs: a site's retraining must need neither matplotlib nor torch.
# ruff: noqa: PLC0415

import json
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import joblib
import typer
from rich.console import Console
from rich.progress import track as show_progress

from models.card import CARD_FILE, Card, ReleaseRefused, read_card

cli = typer.Typer(help="Fit, measure and report releases.", no_args_is_help=True, add_completion=False)

DIFFERENT = 1
REFUSED = 2
EVALUATION_FILE = "evaluation.json"

CorporaFolder = Annotated[Path, typer.Option("--corpora", "--data", help="The folder of corpora.", exists=True)]
Seed = Annotated[int, typer.Option(help="The seed of everything random.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes; 0 is one for each core.")]
Cache = Annotated[Path | None, typer.Option(help="Where features and vectors are kept for the next run.")]

_console = Console(stderr=True)


@cli.command()
def fit(
    *,
    corpora: CorporaFolder,
    out: Annotated[Path, typer.Option(help="The folder of releases, in which a new one is made.")],
    version: Annotated[str, typer.Option(help="The new release's version: year, month, number.")],
    encoder: Annotated[
        Path | None, typer.Option(help="A folder with a tuned encoder's files; else one is tuned first.")
    ] = None,
    code_commit: Annotated[str, typer.Option(help="The commit of this code, for the card.")] = "",
    seed: Seed = 7,
    jobs: Jobs = 0,
    cache: Cache = None,
) -> None:
    """Fit a base release: 15 minutes on two cores, about a hundred for the encoder; less where the cache has it."""
    from training.release.build import Order, VersionTaken, fit_release, refuse_taken

    try:
        refuse_taken(out / version)
    except VersionTaken as problem:
        _refuse(problem)
    with tempfile.TemporaryDirectory() as workshop, _console.status("toxicity") as status:
        order = Order(
            corpora=corpora,
            encoder=encoder or _tune_encoder(corpora, (cache or Path(workshop)) / f"encoder-{seed}", seed=seed),
            version=version,
            created_at=datetime.now(UTC),
            code_commit=code_commit,
            seed=seed,
            cache=cache or Path(workshop),
            jobs=jobs or joblib.cpu_count(),
        )
        card = fit_release(order, out / version, begin=lambda step: _begin(status, step))
    _console.print(f"{out / version}: {len(card.files)} files.")


@cli.command(name="tune")
def tune_encoder(
    *,
    corpora: CorporaFolder,
    out: Annotated[Path, typer.Option(help="The folder of the encoder's files, and of what a stopped run needs.")],
    seed: Seed = 7,
) -> None:
    """Tune the encoder: about a hundred minutes on two cores that know bfloat16; called again it goes on from there."""
    _console.print(str(_tune_encoder(corpora, out, seed=seed)))


@cli.command()
def probe(
    *,
    corpora: CorporaFolder,
    out: Annotated[Path, typer.Option(help="The folder that `tune` was given.", exists=True)],
    seed: Seed = 7,
) -> None:
    """Look at a tuned encoder and its teacher on rows that neither has seen, before a release is fitted on it."""
    from training.corpora.registry import Corpora
    from training.encoder.probe import probe as look

    for row in look(Corpora(corpora), out, seed=seed):
        interval = f"{row['low']:.3f} to {row['high']:.3f}"
        typer.echo(f"{row['measure']:<10}{row['set']:<22}{row['value']:.3f}  ({interval}), {row['n']} rows")


@cli.command()
def evaluate(
    *,
    corpora: CorporaFolder,
    release: Annotated[Path, typer.Option(help="The folder of one release, or of several.")] = Path("models/released"),
    out: Annotated[Path, typer.Option(help="Where the figures and the report go.")] = Path("build/evaluation"),
    quick: Annotated[bool, typer.Option("--quick", help="A minute, over a part of each set.")] = False,
    attach: Annotated[
        bool, typer.Option("--attach", help="Make the report part of the release, new as it is.")
    ] = False,
    against: Annotated[
        list[Path] | None, typer.Option(help="The folder of another release, compared with on the same rows.")
    ] = None,
    seed: Seed = 7,
    jobs: Jobs = 0,
    cache: Cache = None,
) -> None:
    """Measure a release on the corpora, beside n-grams and other releases, and write the report."""
    from training.evaluation.run import QUICK, Extent, evaluate_release

    folder, opened = _open(release)
    extent = QUICK if quick else Extent(jobs=jobs or joblib.cpu_count())
    measured = evaluate_release(
        corpora, opened, seed=seed, extent=extent, cache=cache, track=_track, against=against or ()
    )
    out.mkdir(parents=True, exist_ok=True)
    (out / EVALUATION_FILE).write_text(json.dumps(measured, indent=1), encoding="utf-8")
    written = _write_report(opened.card, measured, out)
    if attach:
        from training.release.build import attach as attach_files

        attach_files(folder, written)


@cli.command()
def reliability(
    *,
    corpora: CorporaFolder,
    release: Annotated[Path, typer.Option(help="The folder of one release.", exists=True)],
    jobs: Jobs = 0,
) -> None:
    """State on a release's card how often its toxicity was right, where it was fitted before cards said so."""
    from training.corpora.registry import Corpora
    from training.release.reliability import state_reliability

    card = state_reliability(release, Corpora(corpora), jobs=jobs or joblib.cpu_count())
    for band in card.metrics["reliability"]["toxicity"]["bins"]:
        interval = f"{band['low']:.1%} to {band['high']:.1%}"
        told = f"{band['start']:.2f} to {band['stop']:.2f}  {band['rows']:>5} rows"
        typer.echo(f"{told}  {band['observed']:>6.1%}  ({interval})")


@cli.command()
def suite(
    *,
    release: Annotated[Path, typer.Option(help="The folder of one release, or of several.")] = Path("models/released"),
    cases: Annotated[Path | None, typer.Option(help="Other cases than the release's own, as CSV.")] = None,
    failures: Annotated[bool, typer.Option("--failures", help="Print every case that fails, with its score.")] = False,
) -> None:
    """Run the sentences that ship with a release: what anybody can check without corpora, in ten seconds."""
    from training.evaluation.behavioural_suite import count_passes, find_suite, read_suite, run_suite

    folder, opened = _open(release)
    outcomes = run_suite(opened, read_suite(cases or find_suite(folder)))
    for row in count_passes(outcomes):
        interval = f"{row['low']:.0%} to {row['high']:.0%}"
        told = f"{row['function']:<18}{row['score']:<10} {row['expected']:<8}"
        typer.echo(f"{told} {row['passed']:>3} of {row['n']:<3} {row['value']:>5.0%}  ({interval})")
    for outcome in outcomes if failures else ():
        if not outcome.has_passed:
            value = "unknown" if outcome.value is None else f"{outcome.value:.3f}"
            typer.echo(f"{outcome.case.function}: {outcome.case.score} {value}: {outcome.case.text}")


@cli.command()
def speed(
    *,
    release: Annotated[Path, typer.Option(help="The folder of one release, or of several.")] = Path("models/released"),
    comments: Annotated[int, typer.Option(min=40, help="Comments that are timed.")] = 400,
    seed: Seed = 7,
) -> None:
    """Time a release in process beside a BERT-base and alt-profanity-check, where they are installed."""
    from itertools import chain

    from training.evaluation.latency import time_profanity_check, time_release, time_transformer

    folder, opened = _open(release)
    timings = chain(
        time_release(folder, count=comments, seed=seed),
        time_profanity_check(count=comments, seed=seed),
        time_transformer(opened, seed=seed),
    )
    for timing in timings:
        value = "not installed" if timing.value is None else f"{timing.value:.1f} {timing.unit}"
        typer.echo(f"{timing.what:<60}{value}")


@cli.command()
def report(
    *,
    release: Annotated[Path, typer.Option(help="The folder of the release that was measured.", exists=True)],
    out: Annotated[Path, typer.Option(help="The folder with the figures, where the report goes too.", exists=True)],
) -> None:
    """Write the report again from figures measured before."""
    measured = json.loads((out / EVALUATION_FILE).read_text(encoding="utf-8"))
    _write_report(read_card(release), measured, out)


@cli.command()
def repeated(
    one: Annotated[Path, typer.Argument(help="The folder of a release.", exists=True)],
    other: Annotated[Path, typer.Argument(help="The folder of the same release, fitted again.", exists=True)],
) -> None:
    """Compare a release with the same one fitted again, figure by figure; fails where three decimals differ."""
    from training.release.reproducibility import PLACES, compare_cards

    found = compare_cards(read_card(one), read_card(other))
    differing = len(found.differences)
    typer.echo(f"{found.figures} figures: {found.exact} to the last digit, {differing} differ in {PLACES} decimals")
    for pair in found.differences:
        typer.echo(f"  {pair.path}: {pair.one} and {pair.other}")
    typer.echo(f"largest difference {found.largest:.4f}; other bytes: {', '.join(found.files) or 'none'}")
    if differing:
        sys.exit(DIFFERENT)


@cli.command()
def site(
    *,
    examples: Annotated[Path, typer.Option(help="A site's verdicts, exported, as JSON lines.", exists=True)],
    base: Annotated[Path, typer.Option(help="The folder of the base release.", exists=True)],
    out: Annotated[Path, typer.Option(help="The folder of the new site release.")],
    created_at: Annotated[
        datetime, typer.Option(parser=datetime.fromisoformat, help="The time of the export, with its zone.")
    ],
    live: Annotated[Path | None, typer.Option(help="The folder of the site release that is live.")] = None,
    code_commit: Annotated[str, typer.Option(help="The commit or version of this code, for the card.")] = "",
    seed: Seed = 0,
) -> None:
    """Fit a site's own model on its verdicts, and measure it against what serves now."""
    from models.release import open_release
    from training.site_model.fit import TooLittle, fit_site

    try:
        card = fit_site(
            examples,
            base=open_release(base),
            live=live,
            out=out,
            seed=seed,
            created_at=created_at,
            code_commit=code_commit,
        )
    except TooLittle as problem:
        _refuse(problem)
    typer.echo(json.dumps(card.metrics))


def main() -> None:
    """Run the command line; a release that is refused ends it with one line."""
    try:
        cli()
    except ReleaseRefused as refusal:
        _refuse(refusal)


def _refuse(problem: Exception) -> None:
    typer.echo(str(problem), err=True)
    sys.exit(REFUSED)


def _open(folder: Path) -> tuple[Path, Any]:
    """Open the release that a folder is, or the newest of those in it, and answer where it lies and what it is."""
    from models.release import newest_release, open_release

    if (folder / CARD_FILE).exists():
        return folder, open_release(folder)
    opened = newest_release(folder)
    found = folder / opened.version
    read_card(found)  # a release under another name than its version is refused now, and not after all the work
    return found, opened


def _write_report(card: Card, measured: Any, out: Path) -> list[Path]:
    from training.report.render import write_report

    written = write_report(card, measured, out)
    for path in written:
        _console.print(str(path))
    return written


def _tune_encoder(corpora: Path, out: Path, *, seed: int) -> Path:
    from training.corpora.provenance import RecipeDiffers
    from training.corpora.registry import Corpora
    from training.encoder.export import export_encoder
    from training.encoder.finetune import tune
    from training.encoder.teacher import TeacherMissing, TeacherRefused

    _console.print("encoder")
    try:
        export_encoder(tune(Corpora(corpora), out, seed=seed, track=_track), out)
    except (RecipeDiffers, TeacherMissing, TeacherRefused) as problem:
        _refuse(problem)
    return out


def _begin(status: Any, step: str) -> None:
    _console.print(step)
    status.update(step)


def _track(things: Iterable[Any], name: str) -> Iterable[Any]:
    return show_progress(list(things), description=name, console=_console)


if __name__ == "__main__":
    main()
