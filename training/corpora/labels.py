"""The ratings of a row: hard labels for the n-gram heads, soft targets for fine-tuning.

Both are tuples with one number for each of `models.toxicity.pipeline.TARGETS`: toxicity, then its attributes. The
attributes are kinds of toxicity, so a row that is not toxic has none of them, even if its raters chose one.
"""

import math

from models.comment import ATTRIBUTES
from training.corpora.examples import NON_TOXIC
from training.corpora.keys import Row

Labels = tuple[float, ...]

UNKNOWN = math.nan

_WIKIPEDIA_COLUMNS = {
    "severe_toxicity": "severe_toxic",
    "identity_attack": "identity_hate",
    "insult": "insult",
    "profanity": "obscene",
    "threat": "threat",
}
"""The column of wikipedia_talk for each attribute."""

_CIVIL_COLUMNS = {
    "identity_attack": "identity_attack",
    "insult": "insult",
    "profanity": "obscene",
    "threat": "threat",
}
"""The column of civil_spans for each attribute: the share of raters who saw it. They were asked for no others."""

_MIN_TOXIC_SHARE, _MAX_HARMLESS_SHARE = 0.6, 0.2
"""A row is toxic if at least the first share of its raters call it so, and harmless if at most the second share do.

Between these shares the raters disagree too much.
"""

_HATE_CORPORA = frozenset(("hatemoji_build", "toxigen", "fox"))
"""Corpora of hate speech: every toxic row attacks a group."""


def label(source: str, row: Row) -> Labels | None:
    """Return a row's labels (1, 0, or NaN where unknown), or None if its raters disagree too much."""
    if source == "civil_spans":
        return _label_by_annotator_share(row)
    return _read_labels(source, row)


def soft_targets(source: str, row: Row) -> Labels | None:
    """Return the probabilities that fine-tuning aims at, or None if the row's raters disagree too much."""
    if source == "civil_spans":
        return _soften_annotator_shares(row)
    return _read_labels(source, row)


def _read_labels(source: str, row: Row) -> Labels:
    """Return the labels in a row's columns. For a toxic row, add the attributes that its corpus implies."""
    toxic = float(row["toxic"])
    if toxic == 0:
        return NON_TOXIC
    known: dict[str, float] = {}
    # The columns of wikipedia_talk are empty if a row's raters were not asked for attributes.
    if row.get("severe_toxic"):
        known = {attribute: float(row[column]) for attribute, column in _WIKIPEDIA_COLUMNS.items()}
    elif source in _HATE_CORPORA:
        known["identity_attack"] = 1.0
    if source == "hatemoji_build":
        known["threat"] = float(row["type"] == "threateninglanguage")
    return (toxic, *(known.get(attribute, UNKNOWN) for attribute in ATTRIBUTES))


def _label_by_annotator_share(row: Row) -> Labels | None:
    """Return labels for which the annotators' shares are rounded."""
    toxic = _round_share(float(row["toxicity"]))
    if math.isnan(toxic):
        return None
    if toxic == 0:
        return NON_TOXIC
    known = {attribute: _round_share(float(row[column])) for attribute, column in _CIVIL_COLUMNS.items()}
    return (toxic, *(known.get(attribute, UNKNOWN) for attribute in ATTRIBUTES))


def _round_share(share: float) -> float:
    if share >= _MIN_TOXIC_SHARE:
        return 1.0
    return 0.0 if share <= _MAX_HARMLESS_SHARE else UNKNOWN


def _soften_annotator_shares(row: Row) -> Labels | None:
    """Return the annotators' shares, moved a little towards toxic.

    The corpus contains only rows that an earlier, larger group of annotators called toxic.
    """
    share = float(row["toxicity"])
    if _MAX_HARMLESS_SHARE < share < _MIN_TOXIC_SHARE:
        return None
    # Shares of 0 to 0.2 become targets of 0.15 to 0.35, and shares of 0.6 to 1 become targets of 0.71 to 0.95.
    if share <= _MAX_HARMLESS_SHARE:
        return (0.15 + share, *NON_TOXIC[1:])
    known = {attribute: float(row[column]) for attribute, column in _CIVIL_COLUMNS.items()}
    return (0.35 + 0.6 * share, *(known.get(attribute, UNKNOWN) for attribute in ATTRIBUTES))
