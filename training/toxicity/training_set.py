"""The rows that toxicity is trained on, with their labels and weights, and the entries of its lexicon."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.comment import ATTRIBUTES
from models.text.normalise import normalise
from models.text.tokens import tokenize
from training.corpora.keys import Row, dedup_key, dedup_key_with_emoji, row_key
from training.corpora.labels import UNKNOWN, Labels, label
from training.corpora.licensed_corpora import Corpora
from training.templates.identity import fill_identity_templates, identity_pattern
from training.templates.loader import load_identity_terms

TEMPLATES = "hand-written templates"
"""The source of the filled identity templates. A release's card lists all templates under this name."""

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
"""The weight of a row of each source. The weights were chosen on held-out rows of the training corpora.

Adversarial hate (`hatemoji_build`) has a low weight: n-grams learn names of groups from it instead of hate, and scores
of all other held-out sets get worse. The templates have a high weight because there are few of them.
"""

MAX_WEIGHT = 4.0
"""Neutral sentences about groups that the corpora mostly name in anger get a higher weight, by at most this factor."""

TRAINING_SOURCES = tuple(source for source in SOURCE_WEIGHTS if source != TEMPLATES)
"""The corpora among the sources."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with a label for each of TARGETS: 1, 0, or NaN for unknown.

    Texts with the same `key` are in the same fold. A `natural` text is from the part of its corpus in which toxic rows
    are as frequent as on the site. `has_attributes` means that raters were also asked for the attributes.
    """

    source: str
    text: str
    labels: Labels
    key: str
    weight: float
    natural: bool = False
    has_attributes: bool = False


def read_training_set(corpora: Corpora) -> list[LabelledText]:
    """Return the rows that toxicity is trained on: first those of the corpora, then the filled templates.

    Texts with the same letters and emoji are duplicates, and only the first is returned. Texts that differ only in
    their emoji are all returned. They share a key, so they are in the same fold.
    """
    # `label` returns None if a row's raters disagree.
    texts = [
        _labelled_text(source, row, labels)
        for source in TRAINING_SOURCES
        for row in corpora.train_rows(source)
        if (labels := label(source, row)) is not None
    ]
    texts += _label_identity_sentences(toxicity_odds_by_group(texts))
    # A dictionary keeps the last text of a key. The list is reversed twice, so that the first text stays instead.
    last_by_key = {dedup_key_with_emoji(text.text): text for text in reversed(texts)}
    return list(last_by_key.values())[::-1]


def toxicity_odds_by_group(texts: Sequence[LabelledText]) -> Mapping[str, float]:
    """Return for each identity term the odds ratio of toxic texts: texts with the term compared with all texts."""
    # Pairs of the total weights of harmless and toxic texts, so that the label 0 or 1 is the index.
    weight_of_term = {term: [0.0, 0.0] for term in load_identity_terms().terms}
    weight_of_all = [0.0, 0.0]
    for text in texts:
        toxic = int(text.labels[0])
        weight_of_all[toxic] += text.weight
        for term in set(identity_pattern().findall(text.text.lower())):
            weight_of_term[term][toxic] += text.weight
    odds = weight_of_all[1] / weight_of_all[0]
    # One is added to both weights, so that a term without texts has odds as well (Laplace smoothing).
    return {term: (toxic + 1) / (harmless + 1) / odds for term, (harmless, toxic) in weight_of_term.items()}


def list_lexicon_entries(corpora: Corpora) -> str:
    """Return the published word lists in the format of `models.toxicity.lexicon_features`.

    Each line has a phrase, a tab, and the phrase's grades: one for each list, rating and category that it is in.
    """
    grades: dict[str, set[str]] = {}
    for row in corpora.train_rows("wordlists"):
        phrase = " ".join(tokenize(normalise(row["text"]).text).words)
        if phrase:
            grades.setdefault(phrase, set()).update(_grades(row))
    return "\n".join(f"{phrase}\t{' '.join(sorted(names))}" for phrase, names in sorted(grades.items()))


def _labelled_text(source: str, row: Row, labels: Labels) -> LabelledText:
    return LabelledText(
        source=source,
        text=row["text"],
        labels=labels,
        key=row_key(row),
        weight=SOURCE_WEIGHTS[source],
        natural=row.get("natural_rate_block") == "1",
        has_attributes=bool(row.get("severe_toxic")),
    )


def _label_identity_sentences(odds_by_group: Mapping[str, float]) -> Iterator[LabelledText]:
    """Label the filled identity templates.

    The more often the corpora name a group in anger, the higher is the weight of its neutral sentences. The attributes
    of abusive sentences are unknown.
    """
    for sentence in fill_identity_templates():
        attribute = UNKNOWN if sentence.is_abusive else 0.0
        labels = (float(sentence.is_abusive), *[attribute] * len(ATTRIBUTES))
        # Odds below 1 do not lower the weight of a neutral sentence.
        neutral_factor = min(MAX_WEIGHT, max(1.0, odds_by_group[sentence.term]))
        factor = 1.0 if sentence.is_abusive else neutral_factor
        weight = SOURCE_WEIGHTS[TEMPLATES] * factor
        yield LabelledText(TEMPLATES, sentence.text, labels, dedup_key(sentence.text), weight)


def _grades(row: Row) -> set[str]:
    """Return the grades of one entry of a word list: its category and rating if it has them, or the list's name."""
    # A category is written as "sexual anatomy / sexual acts". Ratings such as "2.8" are rounded, for fewer grades.
    if row["list"] == "surge_profanity":
        kind = row["category"].split("/")[0].strip().replace(" ", "_")
        return {f"surge_{kind}", f"surge_{round(float(row['rating']))}"}
    if row["list"] == "cuss":
        return {f"cuss_{row['rating'][0]}"}
    return {row["list"]}
