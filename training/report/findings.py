"""What the report says of peers, calibration, promises, fairness and robustness; not how it looks."""

from collections.abc import Iterator, Sequence

from models.card import Card
from training.evaluation.fairness import AREAS
from training.report.tables import (
    Facts,
    Section,
    Table,
    write_figure,
    write_interval,
    write_percent,
    write_percent_interval,
    write_points,
    write_points_interval,
    write_rows,
)

_AGREEMENT = ("precision", "recall", "f1", "kappa")


def write_findings(card: Card, measured: Facts) -> Iterator[Section]:
    """Answer the sections, from the figures of `training.evaluation.run` and the card."""
    yield Section(
        title="Recall at a workload",
        text="The share of all toxic comments that is found when so many of the comments, those with the highest "
        "scores, are held. On sets at their natural rate; elsewhere positives are too many for it to mean anything.",
        table=write_rows(row for table in measured["toxicity"] for row in table["workloads"]),
    )
    yield _against(measured["against"])
    yield _lines(measured["calibration"])
    yield _promises(measured["calibration"])
    yield from _areas(measured["areas"])
    yield _differences(
        "Fairness: harmless statements",
        "Statements of ours, each made about every group, and the share held at the recommended threshold: "
        f"{write_percent(measured['statements']['held'])} of {measured['statements']['n']}. The difference is that of "
        "a term from all terms in the same statements, in points; intervals are drawn by statement.",
        measured["statements"]["terms"],
        curve="statements",
    )
    yield _differences(
        "Fairness: harmless comments that mention a group",
        f"Real comments from sets that no release learns from, {measured['mentions']['n']} harmless ones in all. The "
        "difference is from the rate of harmless comments in the sets that the mentions come from, in points.",
        measured["mentions"]["terms"],
        curve="mentions",
    )
    yield _disguises(measured["disguises"])
    if measured.get("perspective"):
        yield _scale(measured["perspective"], "held-out rows")
    if fitted := card.metrics.get("perspective"):
        yield _scale(fitted, "rows that the release's own scale was fitted on, each by a scale without it")


def _against(rows: Sequence[Facts]) -> Section:
    cells = [
        (
            row["peer"],
            row["set"],
            row["measure"],
            *map(write_figure, (row["ours"], row["theirs"])),
            f"{row['value']:+.3f}",
            f"{row['low']:+.3f} to {row['high']:+.3f}",
            str(row["n"]),
        )
        for row in rows
    ]
    return Section(
        title="Against others, on the same rows",
        text="Ours less theirs with the 95 % interval of the paired difference: above zero throughout, ours is better "
        "beyond chance. The n-grams (words 1-2, characters 2-5, logistic regression) learned from Wikipedia talk, "
        "Civil Comments and HatemojiBuild, training parts. Perspective's scores were recorded by the "
        "authors of that corpus.",
        table=Table(("other", "set", "measure", "ours", "theirs", "difference", "95 %", "n"), cells),
    )


def _lines(tables: Sequence[Facts]) -> Section:
    rows = []
    for table in tables:
        above = table["above"]
        told = (
            (
                str(above["rows"]),
                *map(write_percent, (above["stated"], above["observed"])),
                write_percent_interval(above),
            )
            if above
            else ("0", "", "", "")
        )
        rows.append(
            (
                table["set"],
                write_percent(table["rate"]),
                _write_number(table["line"], "slope"),
                _write_number(table["line"], "intercept"),
                write_figure(table["skill"]),
                *told,
            )
        )
    header = ("set", "toxic", "slope", "intercept", "Brier skill", "above .5", "stated", "observed", "95 %")
    return Section(
        title="Calibration in one line each",
        text="Slope 1 and intercept 0 would be right; an intercept under 0 says that the scores state too much there. "
        "Brier skill is what the scores take off the squared error of stating the set's own rate every time.",
        table=Table(header, rows),
    )


def _write_number(line: Facts | None, name: str) -> str:
    return f"{line[name]['value']:.2f} ({line[name]['low']:.2f} to {line[name]['high']:.2f})" if line else "too few"


def _promises(tables: Sequence[Facts]) -> Section:
    rows = [
        (
            table["set"],
            f"1 in {round(1 / promise['promised'])}",
            "not with these rows" if promise["threshold"] is None else write_figure(promise["threshold"]),
            write_percent(promise["held"]),
            write_percent(promise["bound"]),
            str(promise["reviewed"]),
        )
        for table in tables
        for promise in table["promises"]
    ]
    return Section(
        title="Promises, and what they cost",
        text="A promise: of the comments let through, at most so many are toxic, wrong with a chance of 5 % at most "
        "whatever the scores' distribution, on comments like those of the set. “Held” is its price. The last column is "
        "how many comments let through must be reviewed, without a mistake among them, before it can be made at all.",
        table=Table(("set", "at most", "threshold", "held", "95 % bound", "reviews it takes"), rows),
    )


def _areas(areas: Facts) -> Iterator[Section]:
    rows = [
        (row["term"], str(row["rows"]), *(write_figure(row[kind]) for kind in AREAS))
        for row in sorted(areas["terms"], key=lambda row: row["BPSN"])
    ]
    worst = "; ".join(
        f"{row['measure']} {write_figure(row['value'])} ({write_interval(row)}) for {row['set'].split(', ')[-1]}"
        for row in areas["worst"]
    )
    yield Section(
        title="Fairness: areas by identity term",
        text="Bias Madlibs, after Borkan et al. 2019. BPSN: harmless sentences about the group against toxic ones "
        f"about others; BNSP the reverse. Worst: {worst or 'too few rows to tell'}.",
        table=Table(("term", "rows", *AREAS), rows),
        curves=("areas",),
    )


def _differences(title: str, text: str, rows: Sequence[Facts], *, curve: str) -> Section:
    cells = [
        (
            row["measure"],
            str(row["n"]),
            write_percent(row["held"]),
            write_points(row["value"]),
            write_points_interval(row),
        )
        for row in sorted(rows, key=lambda row: -row["value"])
    ]
    return Section(
        title=title, text=text, table=Table(("term", "rows", "held", "difference", "95 %"), cells), curves=(curve,)
    )


def _disguises(rows: Sequence[Facts]) -> Section:
    cells = [
        (
            row["disguise"],
            *(
                cell
                for share in (row["kept"], row["added"])
                for cell in (
                    (write_percent(share["value"]), write_percent_interval(share), str(share["n"]))
                    if share
                    else ("", "", "0")
                )
            ),
        )
        for row in rows
    ]
    return Section(
        title="Robustness",
        text="Of toxic comments that are held as they are, the share that is still held when the word that weighs "
        "most, or the whole comment, is disguised; and of harmless comments that are not held as they are, the share "
        "that is when the same is done to them. Comments that it does not change are left out: slips leave words of "
        "three letters alone.",
        table=Table(("disguise", "kept", "95 %", "toxic", "false positives added", "95 %", "harmless"), cells),
        curves=("disguises", "added"),
    )


def _scale(facts: Facts, which: str) -> Section:
    rows = [
        (
            str(row["threshold"]),
            *map(str, (row["recorded"], row["flagged"])),
            *(f"{row[name]['value']:.2f} ({row[name]['low']:.2f} to {row[name]['high']:.2f})" for name in _AGREEMENT),
            f"{other['recall']:.2f}",
        )
        for row, other in zip(facts["thresholds"], facts["isotonic"], strict=True)
    ]
    header = ("threshold", "rows Perspective has there", "rows we have", *_AGREEMENT, "recall by isotonic regression")
    return Section(
        title=f"Perspective's scale, {which}",
        text=f"Toxicity on Perspective's scale against its recorded scores, {facts['rows']} rows; each by a scale "
        f"that was fitted without it. Rank correlation {write_figure(facts['rank']['value'])} "
        f"({write_interval(facts['rank'])}), mean distance {write_figure(facts['error'])}. Few rows reach the upper "
        "thresholds: read the intervals. The map keeps shares, not single scores."
        + _write_difference(facts["against"]),
        table=Table(header, rows),
    )


def _write_difference(row: Facts | None) -> str:
    if not row:
        return ""
    return (
        f" As to the corpus's own label, the area is {write_figure(row['ours'])} for ours and "
        f"{write_figure(row['theirs'])} for Perspective's, difference {row['value']:+.3f} ({row['low']:+.3f} to "
        f"{row['high']:+.3f})."
    )


def write_spam(facts: Facts) -> Iterator[Section]:
    """Answer what the spam rules find, and how often each is right."""
    rules = ", ".join(f"{row['rule']} {row['right']} of {row['fired']}" for row in facts["rules"] if row["fired"])
    yield Section(
        title="Spam",
        text="The rules against labels of YouTube comments; nothing was learned from them. Right of fired, by rule: "
        f"{rules or 'none fired'}.",
        table=write_rows(facts["rows"]),
    )


def write_suite(rows: Sequence[Facts]) -> Section:
    """Answer what became of the sentences that ship with a release."""
    cells = [
        (
            row["function"],
            f"{row['score']} {row['expected']}",
            f"{row['passed']} of {row['n']}",
            write_percent(row["value"]),
            write_percent_interval(row),
        )
        for row in rows
    ]
    return Section(
        title="The suite that ships",
        text="Sentences of ours, never learned from, at the recommended thresholds: what anybody can run without "
        "corpora, by `python -m training suite`.",
        table=Table(("function", "expected", "passed", "share", "95 %"), cells),
    )
