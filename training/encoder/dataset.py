"""What the encoder is tuned on: rows of the corpora in chosen proportions, softened labels, noise; trains nothing.

One fifth of every corpus is never taken (`is_reserved`), so that whatever stands on the tuned encoder can be fitted
on rows that it has not seen.
"""

import hashlib
import math
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.comment import ATTRIBUTES
from training.augmentation.corruptions import Draw
from training.augmentation.text_noise import misspell
from training.corpora.registry import Corpora, Row, key
from training.toxicity.training_set import WIKIPEDIA_NAMES

UNKNOWN = math.nan
NOTHING = (0.0,) * (1 + len(ATTRIBUTES))
FOLDS = 5
RESERVED_FOLD = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A text, the wanted probability of toxicity and of each attribute (NaN: unknown), and how much it counts."""

    source: str
    text: str
    targets: tuple[float, ...]
    key: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Share:
    """How many toxic and other rows of a corpus are taken, at most, and what each counts.

    `bare`: the share of rows whose case and punctuation are removed; `dressed`: the share that is given some;
    `misspelt`: the share with slips of the keyboard, toxic or not.
    """

    toxic: int
    other: int
    weight: float = 1.0
    bare: float = 0.1
    dressed: float = 0.0
    misspelt: float = 0.08


MIXTURE: Mapping[str, Share] = {
    "wikipedia_talk": Share(toxic=8_000, other=15_000),
    "civil_balanced": Share(toxic=4_000, other=4_000, dressed=0.6, bare=0.0),
    "civil_spans": Share(toxic=6_000, other=3_500, bare=0.4),
    "wikipedia_context": Share(toxic=500, other=2_500, weight=0.7, bare=0.2),
    "hatemoji_build": Share(toxic=4_000, other=4_000, weight=1.5),
    "toxigen": Share(toxic=1_000, other=1_000, weight=3.0),
    "surge": Share(toxic=1_000, other=1_000),
    "fox": Share(toxic=1_000, other=0),
}
"""`fox` lends its hate only: its other rows may be rude. `civil_balanced` has neither case nor punctuation, and
`civil_spans` hardly any harmless row, so without `bare` and `dressed` case would tell toxic news comments apart."""

UNLABELLED: Mapping[str, int] = {"civil_spans": 6_000, "wikipedia_talk": 5_000, "wikipedia_context": 5_000}
"""How many more rows of a corpus, without their labels, a teacher is asked about: among them those whose raters
disagree."""

_AGREED, _HARMLESS = 0.6, 0.2
_SPAN_NAMES = {"identity_attack": "identity_attack", "insult": "insult", "profanity": "obscene", "threat": "threat"}
_MARKS = re.compile(r"[^\w\s']+")


def mix(corpora: Corpora, *, seed: int, mixture: Mapping[str, Share] = MIXTURE) -> list[Example]:
    """Draw the examples of every corpus: the same for the same seed, in an order that tells nothing.

    Copies are told by their text, not by the corpora's key: that leaves out emoji, which decide some labels.
    """
    drawn: dict[str, Example] = {}
    for name, share in mixture.items():
        for example in draw(name, corpora.lessons(name), share, seed=seed):
            drawn.setdefault(example.text.lower(), example)
    return sorted(drawn.values(), key=lambda example: _order(example.key, seed))


def mix_unlabelled(
    corpora: Corpora, known: Iterable[Example], *, seed: int, most: Mapping[str, int] = UNLABELLED
) -> list[Example]:
    """Draw rows that are not known yet, every target unknown; never a reserved one."""
    taken = {example.key for example in known}
    drawn: dict[str, Example] = {}
    for name, count in most.items():
        rows = [row for row in corpora.lessons(name) if not is_reserved(key(row)) and key(row) not in taken]
        for row in sorted(rows, key=lambda row: _order(key(row), seed))[:count]:
            unknown = (UNKNOWN,) * len(NOTHING)
            drawn.setdefault(key(row), Example(name, row["text"], unknown, key(row)))
    return list(drawn.values())


def draw(name: str, rows: Iterable[Row], share: Share, *, seed: int) -> list[Example]:
    """Draw from one corpus's rows what its share allows, never a reserved one, with its noise."""
    left = {True: share.toxic, False: share.other}
    drawn = []
    for row in sorted(rows, key=lambda row: _order(key(row), seed)):
        targets = None if is_reserved(key(row)) else aim(name, row)
        if targets and left[targets[0] > 1 / 2]:
            left[targets[0] > 1 / 2] -= 1
            example = Example(name, row["text"], targets, key(row), share.weight)
            drawn.append(roughen(example, share, seed=seed))
    return drawn


def is_reserved(text_key: str) -> bool:
    """Tell whether a row belongs to the fifth that the encoder never sees."""
    return int(text_key, 16) % FOLDS == RESERVED_FOLD


def aim(name: str, row: Row) -> tuple[float, ...] | None:
    """Answer the probabilities to aim at for a row, or None where its raters disagree too much to teach anything."""
    if name == "civil_spans":
        return _aim_at_shares(row)
    toxic = float(row["toxic"])
    if toxic == 0:
        return NOTHING
    known: dict[str, float] = {}
    if row.get("severe_toxic"):
        known = {attribute: float(row[column]) for attribute, column in WIKIPEDIA_NAMES.items()}
    elif name in {"hatemoji_build", "toxigen", "fox"}:
        known["identity_attack"] = 1.0
    if name == "hatemoji_build":
        known["threat"] = float(row["type"] == "threateninglanguage")
    return (toxic, *(known.get(attribute, UNKNOWN) for attribute in ATTRIBUTES))


def roughen(example: Example, share: Share, *, seed: int) -> Example:
    """Strip, dress or misspell an example's text, as its corpus's share says; which ones follows from seed and key."""
    chance = random.Random(f"{seed}:{example.key}")  # noqa: S311 - a repeatable choice, no secret
    draw_one = chance.random()
    if draw_one < share.bare:
        return replace(example, text=strip_marks(example.text))
    if draw_one < share.bare + share.dressed:
        return replace(example, text=dress(example.text, chance))
    if draw_one > 1 - share.misspelt:
        return replace(example, text=misspell(example.text, Draw(np.random.default_rng(chance.getrandbits(32)))))
    return example


def strip_marks(text: str) -> str:
    """Lower the case and remove punctuation, as one of the corpora comes."""
    return " ".join(_MARKS.sub(" ", text.lower()).split())


def dress(text: str, chance: random.Random) -> str:
    """Give bare text a capital, capital I's and a final mark: what any keyboard adds, and tells nothing."""
    dressed = re.sub(r"\bi\b", "I", text.strip())
    return dressed[:1].upper() + dressed[1:] + chance.choice(("", ".", ".", ".", "!", "?", "..."))


def _aim_at_shares(row: Row) -> tuple[float, ...] | None:
    """Aim at the raters' shares, drawn a little towards the crowd that had called every one of these rows toxic."""
    share = float(row["toxicity"])
    if _HARMLESS < share < _AGREED:
        return None
    if share <= _HARMLESS:
        return (0.15 + share, *NOTHING[1:])
    shares = {name: float(row[column]) for name, column in _SPAN_NAMES.items()}
    return (0.35 + 0.6 * share, *(shares.get(name, UNKNOWN) for name in ATTRIBUTES))


def _order(text_key: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{text_key}".encode()).digest()
