"""What toxicity is taught: which rows of which corpora, with which labels and weights; fits nothing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from models.comment import ATTRIBUTES
from models.reading import read
from models.text import normalise
from models.toxicity import TARGETS
from training.corpora import Corpora, Row, dedup_key, key
from training.kindness import write_sentences

Labels = tuple[float, ...]

UNKNOWN = math.nan
OURS = "sentences of ours"
WEIGHTS: Mapping[str, float] = {
    "wikipedia_talk": 0.8,
    "civil_balanced": 1.5,
    "civil_spans": 0.7,
    "hatemoji_build": 0.2,
    "surge": 1.0,
    "toxigen": 3.0,
    "wikipedia_context": 1.0,
    OURS: 6.0,
}
"""How much a row of each source counts; chosen on held-out rows of the training corpora.

Adversarial hate counts little: on n-grams it teaches names of groups rather than hate, and every other held-out set
suffers. Our sentences count much because there are few of them.
"""

TAUGHT = tuple(source for source in WEIGHTS if source != OURS)
"""The corpora among the sources."""

_POSITIVE, _NEGATIVE = 0.6, 0.2
_WIKIPEDIA_NAMES = {
    "severe_toxicity": "severe_toxic",
    "identity_attack": "identity_hate",
    "insult": "insult",
    "profanity": "obscene",
    "threat": "threat",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with a label (1, 0 or NaN for unknown) for each of TARGETS.

    `natural`: from a part of its corpus that has the corpus's own rate. `asked`: raters were asked for attributes.
    """

    source: str
    text: str
    labels: Labels
    key: str
    natural: bool
    asked: bool


def label(source: str, row: Row) -> Labels | None:
    """Answer a row's labels, or None where its raters disagree too much to teach anything.

    What is not toxic has none of the attributes; what is toxic has them where somebody was asked.
    """
    if source == "civil_spans":
        return _label_by_shares(row)
    toxic = float(row["toxic"])
    if source == "wikipedia_talk" and row["severe_toxic"]:
        return (toxic, *(float(row[_WIKIPEDIA_NAMES[name]]) for name in ATTRIBUTES))
    if toxic == 0:
        return (0.0,) * len(TARGETS)
    known = {}
    if source in {"hatemoji_build", "toxigen"}:
        known["identity_attack"] = 1.0
    if source == "hatemoji_build":
        known["threat"] = float(row["type"] == "threateninglanguage")
    return (toxic, *(known.get(name, UNKNOWN) for name in ATTRIBUTES))


def read_lessons(corpora: Corpora) -> list[Lesson]:
    """Read every row that toxicity may learn from, once."""
    lessons = []
    for source in TAUGHT:
        for row in corpora.lessons(source):
            if labels := label(source, row):
                natural = row.get("natural_rate_block") == "1"
                asked = bool(row.get("severe_toxic"))
                lessons.append(Lesson(source, row["text"], labels, key(row), natural, asked))
    for text, rude in write_sentences():
        unknown = UNKNOWN if rude else 0.0
        labels = (float(rude), *[unknown] * len(ATTRIBUTES))
        lessons.append(Lesson(OURS, text, labels, dedup_key(text), natural=False, asked=False))
    return list({lesson.key: lesson for lesson in reversed(lessons)}.values())[::-1]


def list_entries(corpora: Corpora) -> str:
    """Answer the published word lists as `models.abuse` reads them: a grade for each list, rating and category."""
    grades: dict[str, set[str]] = {}
    for row in corpora.lessons("wordlists"):
        phrase = " ".join(read(normalise(row["text"]).text).words)
        if phrase:
            grades.setdefault(phrase, set()).update(_grades(row))
    return "\n".join(f"{phrase}\t{' '.join(sorted(found))}" for phrase, found in sorted(grades.items()))


def _label_by_shares(row: Row) -> Labels | None:
    toxic = _decided(row["toxicity"])
    if math.isnan(toxic):
        return None
    if toxic == 0:
        return (0.0,) * len(TARGETS)
    names = {"profanity": "obscene", "identity_attack": "identity_attack", "insult": "insult", "threat": "threat"}
    return (toxic, *(_decided(row[names[name]]) if name in names else UNKNOWN for name in ATTRIBUTES))


def _decided(share: str) -> float:
    value = float(share)
    return 1.0 if value >= _POSITIVE else 0.0 if value <= _NEGATIVE else UNKNOWN


def _grades(row: Row) -> set[str]:
    if row["list"] == "surge_profanity":
        kind = row["category"].split("/")[0].strip().replace(" ", "_")
        return {f"surge_{kind}", f"surge_{round(float(row['rating']))}"}
    return {f"cuss_{row['rating'][0]}"} if row["list"] == "cuss" else {row["list"]}
