"""Sections on what a release's card states: known failures, training labels, sources and intended use."""

from collections.abc import Iterator

from models.card import Card
from training.report.tables import Section, Table


def write_sections(card: Card) -> Iterator[Section]:
    """Yield the sections."""
    failures = [
        (failure.score, failure.text, f"{failure.predicted:.2f}", failure.reason) for failure in card.known_failures
    ]
    yield Section(
        title="Known failures",
        text="Hand-written comments that this release scores wrongly, published so that users need not discover them. "
        "Each stands for many.",
        table=Table(("score", "comment", "value", "why"), failures),
    )
    labels = card.metrics["toxicity"]["labels"].items()
    counts = [(name, str(count["positive"]), str(count["known"])) for name, count in labels]
    yield Section(title="Labels that it was trained on", table=Table(("target", "positive", "known"), counts))
    sources = [(source.name, source.licence, str(source.rows), source.sha256[:12]) for source in card.sources]
    yield Section(title="Sources", table=Table(("corpus", "licence", "rows", "SHA-256"), sources))
    yield Section(title="Intended use", text=f"{card.intended_use} Not for: {card.not_for}")
