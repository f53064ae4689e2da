"""What toxicity is taught: which rows of which corpora, with which labels and weights; fits nothing."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.comment import ATTRIBUTES
from models.text.normalise import normalise
from models.text.tokens import tokenize
from models.toxicity.pipeline import TARGETS
from training.corpora.registry import Corpora, Row, dedup_key_with_emoji, dedup_key, key
from training.templates.identity import NAMED, TERMS, write_sentences

Labels = tuple[float, ...]

UNKNOWN = math.nan
TEMPLATES = "sentences of ours"
SOURCE_WEIGHTS: Mapping[str, float] = {
    "wikipedia_talk": 0.8,
    "civil_balanced": 1.5,
    "civil_spans": 0.7,
    "hatemoji_build": 0.2,
    "surge": 1.0,
    "toxigen": 3.0,
    "wikipedia_context": 1.0,
    TEMPLATES: 4.0,
}
"""How much a row of each source counts; chosen on held-out rows of the training corpora.

Adversarial hate counts little: on n-grams it teaches names of groups rather than hate, and every other held-out set
suffers. Our sentences count much because there are few of them.
"""

MAX_WEIGHT = 4.0
"""How many times more a kind sentence counts, at most, where the corpora name its group mostly in anger."""

TRAINING_SOURCES = tuple(source for source in SOURCE_WEIGHTS if source != TEMPLATES)
"""The corpora among the sources."""

WIKIPEDIA_NAMES = {
    "severe_toxicity": "severe_toxic",
    "identity_attack": "identity_hate",
    "insult": "insult",
    "profanity": "obscene",
    "threat": "threat",
}
"""The columns of wikipedia_talk in which our attributes stand."""

_POSITIVE, _NEGATIVE = 0.6, 0.2


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with a label (1, 0 or NaN for unknown) for each of TARGETS.

    `natural`: from a part of its corpus that has the corpus's own rate. `asked`: raters were asked for attributes.
    """

    source: str
    text: str
    labels: Labels
    key: str
    weight: float
    natural: bool = False
    asked: bool = False


def label(source: str, row: Row) -> Labels | None:
    """Answer a row's labels, or None where its raters disagree too much to teach anything.

    What is not toxic has none of the attributes, whatever its raters said of them: they are kinds of toxicity. What
    is toxic has them where somebody was asked.
    """
    if source == "civil_spans":
        return _label_by_shares(row)
    toxic = float(row["toxic"])
    if toxic == 0:
        return (0.0,) * len(TARGETS)
    if source == "wikipedia_talk" and row["severe_toxic"]:
        return (toxic, *(float(row[WIKIPEDIA_NAMES[name]]) for name in ATTRIBUTES))
    known = {}
    if source in {"hatemoji_build", "toxigen"}:
        known["identity_attack"] = 1.0
    if source == "hatemoji_build":
        known["threat"] = float(row["type"] == "threateninglanguage")
    return (toxic, *(known.get(name, UNKNOWN) for name in ATTRIBUTES))


def read_training_set(corpora: Corpora) -> list[LabelledText]:
    """Read every row that toxicity may learn from, once: of copies the first.

    Copies are told with their emoji (`training.corpora.registry.dedup_key_with_emoji`). Twins that differ in emoji alone are both read, and
    share the key that says which fold they are in.
    """
    lessons = []
    for source in TRAINING_SOURCES:
        for row in corpora.train_rows(source):
            if labels := label(source, row):
                natural = row.get("natural_rate_block") == "1"
                asked = bool(row.get("severe_toxic"))
                lessons.append(LabelledText(source, row["text"], labels, key(row), SOURCE_WEIGHTS[source], natural, asked))
    lessons += _our_lessons(toxicity_odds_by_group(lessons))
    return list({dedup_key_with_emoji(lesson.text): lesson for lesson in reversed(lessons)}.values())[::-1]


def toxicity_odds_by_group(lessons: Sequence[LabelledText]) -> Mapping[str, float]:
    """Answer, for each group, the odds that a lesson naming it is toxic, against the odds of any lesson."""
    counts = dict.fromkeys(TERMS, (0.0, 0.0))
    every = [0.0, 0.0]
    for lesson in lessons:
        toxic = int(lesson.labels[0])
        every[toxic] += lesson.weight
        for term in {*NAMED.findall(lesson.text.lower())}:
            kind, rude = counts[term]
            counts[term] = (kind + lesson.weight * (1 - toxic), rude + lesson.weight * toxic)
    return {term: (rude + 1) / (kind + 1) / (every[1] / every[0]) for term, (kind, rude) in counts.items()}


def list_lexicon_entries(corpora: Corpora) -> str:
    """Answer the published word lists as `models.toxicity.lexicon_features` reads them: a grade for each list, rating and category."""
    grades: dict[str, set[str]] = {}
    for row in corpora.train_rows("wordlists"):
        phrase = " ".join(tokenize(normalise(row["text"]).text).words)
        if phrase:
            grades.setdefault(phrase, set()).update(_grades(row))
    return "\n".join(f"{phrase}\t{' '.join(sorted(found))}" for phrase, found in sorted(grades.items()))


def _our_lessons(anger: Mapping[str, float]) -> Iterator[LabelledText]:
    for sentence in write_sentences():
        unknown = UNKNOWN if sentence.rude else 0.0
        labels = (float(sentence.rude), *[unknown] * len(ATTRIBUTES))
        emphasis = 1.0 if sentence.rude else min(MAX_WEIGHT, max(1.0, anger[sentence.term]))
        yield LabelledText(TEMPLATES, sentence.text, labels, dedup_key(sentence.text), SOURCE_WEIGHTS[TEMPLATES] * emphasis)


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
