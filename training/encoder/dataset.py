"""The examples that the encoder is fine-tuned on: rows sampled by quotas, with noise, and augmentations of them."""

import hashlib
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from training.augmentation.copies import (
    insert_emoji,
    join_comments,
    mention_groups,
    misspell_copies,
    swap_groups,
)
from training.augmentation.corruptions import Sampler
from training.augmentation.generate import GENERATED, fill_all_identities, generate
from training.augmentation.identity_swap import Predict, cap_targets, mentions_identity
from training.augmentation.reweighting import reweight
from training.augmentation.text_noise import misspell, strip_punctuation
from training.corpora.examples import NON_TOXIC, Example, in_held_out_fold
from training.corpora.keys import Row, row_key
from training.corpora.labels import UNKNOWN, soft_targets
from training.corpora.licensed_corpora import Corpora


@dataclass(frozen=True, slots=True)
class SamplingQuota:
    """How many rows of a corpus are sampled, and how often noise is added to them.

    `toxic` and `other` are the most rows of each class, and `weight` is the weight of a row in the loss. The last three
    are probabilities: that a row loses its case and punctuation (`unpunctuated`), that it gets some (`punctuated`), and
    that it is misspelt.
    """

    toxic: int
    other: int
    weight: float = 1.0
    unpunctuated: float = 0.1
    punctuated: float = 0.0
    misspelt: float = 0.08


QUOTAS: Mapping[str, SamplingQuota] = {
    "wikipedia_talk": SamplingQuota(toxic=8_000, other=15_000),
    "civil_balanced": SamplingQuota(toxic=4_000, other=4_000, punctuated=0.6, unpunctuated=0.0),
    "civil_spans": SamplingQuota(toxic=6_000, other=3_500, unpunctuated=0.4),
    "wikipedia_context": SamplingQuota(toxic=500, other=2_500, weight=0.7, unpunctuated=0.2),
    "hatemoji_build": SamplingQuota(toxic=4_000, other=4_000, weight=1.5),
    "toxigen": SamplingQuota(toxic=1_000, other=1_000, weight=3.0),
    "surge": SamplingQuota(toxic=1_000, other=1_000),
    "fox": SamplingQuota(toxic=1_000, other=0),
}
"""The quota of each corpus. No other rows of `fox` are sampled, because they may be rude without being hateful.

`civil_balanced` has neither case nor punctuation, and `civil_spans` has hardly any harmless row. Unless some rows of
both are changed, a model would learn that news comments with capitals are toxic.
"""

UNLABELLED_QUOTAS: Mapping[str, int] = {"civil_spans": 6_000, "wikipedia_talk": 5_000, "wikipedia_context": 5_000}
"""How many more rows of each corpus the teacher labels. They include rows whose raters disagree."""

SWAPPED_COPIES, MENTION_COPIES, JOINED_COPIES, MISSPELT_COPIES, EMOJI_COPIES = 2_400, 4_000, 3_000, 4_000, 3_000
REPEATED_EXAMPLES = 12_000
"""The most copies of each kind. The final stage repeats at most REPEATED_EXAMPLES examples of the first stage."""


def collect_examples(corpora: Corpora, *, seed: int) -> list[Example]:
    """Return the labelled rows of the corpora, filled templates, and copies of rows, reweighted by the groups named."""
    rows = sample_examples(corpora, seed=seed)
    examples = [
        *rows,
        *generate(seed=seed),
        *swap_groups(rows, seed=seed, max_copies=SWAPPED_COPIES),
        *mention_groups(rows, seed=seed, max_copies=MENTION_COPIES),
        *join_comments(rows, seed=seed, max_copies=JOINED_COPIES),
        *misspell_copies(rows, seed=seed, max_copies=MISSPELT_COPIES),
    ]
    # The first target is toxicity.
    toxic = np.array([example.targets[0] > 1 / 2 for example in examples])
    weights = np.array([example.weight for example in examples])
    balanced = reweight([example.text for example in examples], toxic, weights)
    return [replace(example, weight=float(weight)) for example, weight in zip(examples, balanced, strict=True)]


def final_stage_examples(examples: Sequence[Example], predict: Predict, *, seed: int) -> list[Example]:
    """Return the examples of the toxicity branch's last, short stage. It unlearns that names of groups are toxic.

    Every template is filled with every group. The targets of `examples` that name a group are capped by `predict`,
    which is the branch itself after the first stage. Misspellings, emoji and repeated examples are mixed in, so that
    the branch does not forget what it learned before.
    """
    from_corpora = [example for example in examples if example.source != GENERATED]
    others = [example for example in from_corpora if not mentions_identity(example.text)]
    # Other seeds than in `collect_examples`, so that the copies differ from those of the first stage.
    return [
        *insert_emoji(others, seed=seed, max_copies=EMOJI_COPIES),
        *misspell_copies(others, seed=seed + 1, max_copies=MISSPELT_COPIES),
        *fill_all_identities(seed=seed),
        *mention_groups(others, seed=seed + 1, max_copies=MENTION_COPIES),
        *cap_targets([example for example in from_corpora if mentions_identity(example.text)], predict),
        *random.Random(seed).sample(others, min(REPEATED_EXAMPLES, len(others))),  # repeatable, not secret
    ]


def sample_examples(corpora: Corpora, *, seed: int, quotas: Mapping[str, SamplingQuota] = QUOTAS) -> list[Example]:
    """Sample from every corpus by its quota, and shuffle. The same seed gives the same examples.

    Texts that differ only in case are duplicates, and only the first is returned. `dedup_key` would also merge texts
    that differ in their emoji, but emoji decide some labels.
    """
    sampled: dict[str, Example] = {}
    for source, quota in quotas.items():
        for example in sample(source, corpora.train_rows(source), quota, seed=seed):
            sampled.setdefault(example.text.lower(), example)
    return sorted(sampled.values(), key=lambda example: _shuffle_key(example.key, seed))


def sample_unlabelled(
    corpora: Corpora, labelled: Iterable[Example], *, seed: int, quotas: Mapping[str, int] = UNLABELLED_QUOTAS
) -> list[Example]:
    """Sample rows that are neither labelled examples nor in the held-out fold. All their targets are unknown."""
    used = {example.key for example in labelled}
    sampled: dict[str, Example] = {}
    unknown = (UNKNOWN,) * len(NON_TOXIC)
    for source, count in quotas.items():
        # Each key is computed once: corpora without a column of keys need a hash of every text.
        keyed = [(row_key(row), row) for row in corpora.train_rows(source)]
        unused = [(key, row) for key, row in keyed if not in_held_out_fold(key) and key not in used]
        for key, row in sorted(unused, key=lambda item: _shuffle_key(item[0], seed))[:count]:
            sampled.setdefault(key, Example(source, row["text"], unknown, key))
    return list(sampled.values())


def sample(source: str, rows: Iterable[Row], quota: SamplingQuota, *, seed: int) -> list[Example]:
    """Sample from the rows of one corpus, and add noise. The order depends on the seed and the rows' keys only.

    Rows of the held-out fold, and rows whose raters disagree, are left out.
    """
    # How many rows may still be sampled, by whether a row is toxic.
    remaining = {True: quota.toxic, False: quota.other}
    examples = []
    for row in sorted(rows, key=lambda row: _shuffle_key(row_key(row), seed)):
        key = row_key(row)
        targets = None if in_held_out_fold(key) else soft_targets(source, row)
        if targets is None:
            continue
        is_toxic = targets[0] > 1 / 2
        if remaining[is_toxic]:
            remaining[is_toxic] -= 1
            example = Example(source, row["text"], targets, key, quota.weight)
            examples.append(add_noise(example, quota, seed=seed))
    return examples


def add_noise(example: Example, quota: SamplingQuota, *, seed: int) -> Example:
    """Change the case and punctuation of an example, or misspell it, with the probabilities of its corpus's quota.

    The seed and the example's key alone decide which change is made.
    """
    rng = random.Random(f"{seed}:{example.key}")  # repeatable, not secret
    # One number decides between the three changes, so that at most one of them is made.
    number = rng.random()
    if number < quota.unpunctuated:
        return replace(example, text=strip_punctuation(example.text))
    if number < quota.unpunctuated + quota.punctuated:
        return replace(example, text=restore_case(example.text, rng))
    if number > 1 - quota.misspelt:
        sampler = Sampler(np.random.default_rng(rng.getrandbits(32)))
        return replace(example, text=misspell(example.text, sampler))
    return example


def restore_case(text: str, rng: random.Random) -> str:
    """Capitalise the first letter and the word "I" of a lowercase text, and end it with random punctuation."""
    restored = re.sub(r"\bi\b", "I", text.strip())
    return restored[:1].upper() + restored[1:] + rng.choice(("", ".", ".", ".", "!", "?", "..."))


def _shuffle_key(key: str, seed: int) -> bytes:
    """Return a hash to sort by: sorting by it shuffles rows in an order that depends on the seed."""
    return hashlib.sha256(f"{seed}:{key}".encode()).digest()
