"""What the report says, section by section, as titles, sentences and tables; not how it looks."""

from collections.abc import Iterator

from models.card import Card
from training.evaluation.toxicity_metrics import WORKLOADS
from training.report.findings import write_findings, write_spam, write_suite
from training.report.tables import (
    Facts,
    Section,
    Table,
    write_figure,
    write_interval,
    write_percent,
    write_percent_interval,
    write_rows,
)
from training.report.targets import write_aims


def write_sections(card: Card, measured: Facts) -> list[Section]:
    """Answer all sections, from the figures of `training.evaluation.run` and the card."""
    return [
        write_aims({**measured, "out_of_fold": card.metrics.get("out_of_fold")}),
        _toxicity(card, measured),
        _out_of_fold(card),
        _attributes(measured),
        *_calibration(measured),
        _lengths(measured),
        _slices(measured),
        *write_findings(card, measured),
        Section(
            title="Relevance",
            text="Measured as the score is defined: a comment's own article against another of the same newspaper. No "
            "trustworthy human labels exist. Unknown counts as .5.",
            table=write_rows(measured["relevance"]),
        ),
        Section(
            title="Coherence",
            text="Intact texts against constructed corruptions, some of which training never saw; then against human "
            "judgements, beside what the length alone would say.",
            table=write_rows(measured["coherence"]),
        ),
        *write_spam(measured["spam"]),
        write_suite(measured["suite"]),
        _ordinary(measured),
        _failures(card),
        _lessons(card),
        _sources(card),
        Section(title="Intended use", text=f"{card.intended_use} Not for: {card.not_for}"),
    ]


def _toxicity(card: Card, measured: Facts) -> Section:
    shares = " / ".join(f"{share:.0%}" for share in WORKLOADS)
    header = (
        "set",
        "rows",
        "toxic",
        "copies",
        "AUC",
        "95 %",
        "n-grams before",
        f"recall, {shares} held",
        "held",
        "missed",
    )
    rows = [
        (
            row["set"],
            *map(str, (row["n"], row["positives"], row["copies"])),
            write_figure(row["value"]),
            write_interval(row),
            write_figure(row["floor"]),
            " / ".join(f"{share:.0%}" for share in row["recall"]),
            *map(write_percent, (row["held"], row["missed"])),
        )
        for row in measured["toxicity"]
    ]
    text = (
        "Area under the ROC curve; “n-grams before” is what n-grams reached before this release. “Copies” are rows "
        "left out because a release learns from the same text. “Held” is the share held at the recommended threshold, "
        f"{card.thresholds['toxicity']}, and “missed” the share of toxic comments among those let through."
    )
    return Section(
        title="Toxicity", text=text, table=Table(header, rows), curves=("roc", "precision", "workload", "recall")
    )


def _out_of_fold(card: Card) -> Section:
    areas = card.metrics["toxicity"]["auc_out_of_fold"]
    text = "Sources with too small a part for measuring, or none: each row was scored by a model without it."
    if out_of_fold := card.metrics.get("out_of_fold"):
        area, beside = out_of_fold["area"], out_of_fold["beside"]
        text += (
            f" With the rows that were held out, {area['n']} in all, {area['set'].split(' ')[0]} is at "
            f"{write_figure(area['value'])} ({write_interval(area)}), {beside['value']:+.3f} ({beside['low']:+.3f} to "
            f"{beside['high']:+.3f}) more than n-grams on the same rows."
        )
    return Section(
        title="Toxicity, out of fold",
        text=text,
        table=Table(("set", "AUC"), [(name, write_figure(area)) for name, area in areas.items()]),
    )


def _attributes(measured: Facts) -> Section:
    rows = [
        (
            row["set"],
            row["measure"],
            str(row["n"]),
            str(row["positives"]),
            write_figure(row["value"]),
            write_interval(row),
        )
        for row in measured["attributes"]
    ]
    header = ("set", "attribute", "rows", "positives", "AUC", "95 %")
    return Section(title="Attributes", text="Labels are scarce: read the intervals.", table=Table(header, rows))


def _calibration(measured: Facts) -> Iterator[Section]:
    for table in measured["calibration"]:
        rows = [
            (str(part["rows"]), *map(write_percent, (part["stated"], part["observed"])), write_percent_interval(part))
            for part in table["bins"]
        ]
        yield Section(
            title=f"Calibration: {table['set']}",
            text="Ten groups of equal size by score. The mean distance between what is stated and what is observed is "
            f"{write_figure(table['error'])}. Where a site's rate is not the card's, the score orders rightly but "
            "states too much or too little, until the site's own verdicts recalibrate it.",
            table=Table(("comments", "stated", "observed", "95 %"), rows),
            curves=(f"calibration {table['set']}",),
        )


def _lengths(measured: Facts) -> Section:
    rows = [(row["set"], row["slice"], str(row["rows"]), write_figure(row["auc"])) for row in measured["lengths"]]
    return Section(title="Toxicity by length", table=Table(("set", "words", "rows", "AUC"), rows))


def _slices(measured: Facts) -> Section:
    rows = [
        (row["set"], row["slice"], str(row["rows"]), write_figure(row["auc"]), write_percent(row["mean_of_negatives"]))
        for row in measured["slices"]
    ]
    text = (
        "The last column is the mean score of rows that are not toxic: where it is high for a group of people, it is "
        "the name of the group that is scored."
    )
    header = ("set", "slice", "rows", "AUC", "score of the harmless")
    return Section(title="Toxicity by kind and by group named", text=text, table=Table(header, rows))


def _ordinary(measured: Facts) -> Section:
    rows = [
        (
            row["set"],
            row["score"],
            str(row["threshold"]),
            f"{row['known']} of {row['rows']}",
            write_percent(row["held"]),
        )
        for row in measured["ordinary"]
    ]
    text = "Comments under their own articles, scored one by one as the service does: what is beyond each threshold."
    table = Table(("set", "score", "threshold", "known", "beyond it"), rows)
    return Section(title="What the recommended thresholds hold", text=text, table=table)


def _failures(card: Card) -> Section:
    rows = [(failure.score, failure.text, f"{failure.predicted:.2f}", failure.reason) for failure in card.known_failures]
    text = "Comments of ours that this release scores wrongly, so that nobody has to find out: they stand for many."
    return Section(title="Known failures", text=text, table=Table(("score", "comment", "says", "why"), rows))


def _lessons(card: Card) -> Section:
    counts = card.metrics["toxicity"]["labels"].items()
    rows = [(name, str(count["positive"]), str(count["known"])) for name, count in counts]
    return Section(title="Labels that it learned from", table=Table(("target", "positive", "known"), rows))


def _sources(card: Card) -> Section:
    rows = [(source.name, source.licence, str(source.rows), source.sha256[:12]) for source in card.sources]
    return Section(title="Sources", table=Table(("corpus", "licence", "rows", "SHA-256"), rows))
