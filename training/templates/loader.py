"""Load the hand-written sentences and word tables of this folder.

The first line of every data file states who wrote it and whether a release may be trained on it. Append new entries to
the end of a list: augmentation samples from it with a seed, so its results depend on the order.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

FOLDER = Path(__file__).parent

Texts = tuple[str, ...]
Tables = TypeVar("Tables")
"""One of the dataclasses below. Each field is a table or a list of its TOML file."""


@dataclass(frozen=True, slots=True)
class IdentityTerms:
    """Words that name groups of people.

    `terms` fill the identity templates. Corpora name those in `named_in_anger` mostly in anger. `reference_terms`
    replace other groups when targets are capped, and `ambiguous_terms` are not replaced. `groups` are pairs of a plural
    noun and an adjective. Words in the same list of `swappable` may replace one another.
    """

    terms: Texts
    named_in_anger: Texts
    reference_terms: Texts
    ambiguous_terms: Texts
    fairness_terms: Texts
    groups: tuple[tuple[str, str], ...]
    swappable: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class IdentityTemplates:
    """Sentences with `{}` for the name of a group."""

    neutral: Texts
    abusive: Texts


@dataclass(frozen=True, slots=True)
class Opinions:
    """Sentences on the rights of groups, with `{people}` and `{kind}`."""

    civil: Texts
    contemptuous: Texts


@dataclass(frozen=True, slots=True)
class ImplicitHate:
    """Contempt, insults and threats without swearing, and harmless sentences in similar words."""

    contempt: Texts
    harmless: Texts
    counter_speech: Texts
    endorsed: Texts
    reclaimed: Texts
    heated: Texts
    threats: Texts
    insults: Texts
    courteous: Texts
    descriptions: Texts
    positive_qualities: Texts
    negative_qualities: Texts
    prefixes: Texts
    suffixes: Texts
    toxic_emoji: Texts
    harmless_emoji: Texts


@dataclass(frozen=True, slots=True)
class HeldOutImplicitHate:
    """Templates of implicit hate, and harmless ones, that nothing is trained on."""

    contempt: Texts
    harmless: Texts


@dataclass(frozen=True, slots=True)
class InsultsAndThreats:
    """Insults and threats with `{called}` and `{victim}`, and harmless sentences in nearly the same words."""

    insult_terms: Texts
    victims: Texts
    direct_insults: Texts
    reported_insults: Texts
    threats_to_victim: Texts
    harmless_to_victim: Texts
    threats: Texts
    harmless: Texts


@dataclass(frozen=True, slots=True)
class TextNoise:
    """Interjections (`heads`, `tails`) and replacements that make a text informal. Replacements apply in order."""

    heads: Texts
    tails: Texts
    phone: Mapping[str, str]
    dialect: Mapping[str, str]
    second_language: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DifficultComment:
    """A comment that releases have scored wrongly, whether its score should be high, and what makes it difficult."""

    score: str
    text: str
    is_high: bool
    difficulty: str


@cache
def load_identity_terms() -> IdentityTerms:
    """Load the words that name groups."""
    return _load_toml(IdentityTerms, "identity_terms.toml")


@cache
def load_identity_templates() -> IdentityTemplates:
    """Load the identity templates that both the n-gram heads and the encoder are trained on."""
    return _load_toml(IdentityTemplates, "identity.toml")


@cache
def load_extra_identity_templates() -> IdentityTemplates:
    """Load the identity templates of the encoder's final fine-tuning stage."""
    return _load_toml(IdentityTemplates, "identity_extra.toml")


@cache
def load_opinions() -> Opinions:
    """Load the opinions on the rights of groups."""
    return _load_toml(Opinions, "opinions.toml")


@cache
def load_implicit_hate() -> ImplicitHate:
    """Load the implicit hate that the encoder is trained on."""
    return _load_toml(ImplicitHate, "implicit_hate.toml")


@cache
def load_held_out_implicit_hate() -> HeldOutImplicitHate:
    """Load the implicit hate for measuring."""
    return _load_toml(HeldOutImplicitHate, "implicit_hate_held_out.toml")


@cache
def load_insults_and_threats() -> InsultsAndThreats:
    """Load the insults and threats."""
    return _load_toml(InsultsAndThreats, "insults_and_threats.toml")


@cache
def load_text_noise() -> TextNoise:
    """Load the replacements and interjections."""
    return _load_toml(TextNoise, "text_noise.toml")


@cache
def load_plain_comments() -> Texts:
    """Load plain, short, blunt, misspelt and second-language comments for measuring. All of them are coherent."""
    return _load_lines("plain_comments.txt")


@cache
def load_fairness_statements() -> Texts:
    """Load harmless statements for measuring, with `{}` for the name of a group."""
    return _load_lines("fairness_statements.txt")


@cache
def load_known_failures() -> tuple[DifficultComment, ...]:
    """Load the comments that releases have scored wrongly."""
    rows = csv.DictReader(_load_lines("known_failures.csv"))
    return tuple(
        DifficultComment(row["score"], row["text"], row["expected"] == "high", row["difficulty"]) for row in rows
    )


def _load_toml(kind: type[Tables], name: str) -> Tables:
    """Load a file whose keys are the fields of `kind`. Raises TypeError if a list is missing or unknown."""
    tables = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    return kind(**{key: _freeze(value) for key, value in tables.items()})


def _load_lines(name: str) -> Texts:
    """Load the lines of a file without its first, which states its licence and its use."""
    return tuple((FOLDER / name).read_text(encoding="utf-8").splitlines()[1:])


def _freeze(value: object) -> object:
    """Turn lists into tuples, also inside lists and tables."""
    if isinstance(value, list):
        return tuple(map(_freeze, value))
    if isinstance(value, dict):
        return {key: _freeze(part) for key, part in value.items()}
    return value
