"""Examples made from hand-written templates: contempt, insults and threats with harmless counterparts.

The corpora lack such sentences, or have them about a few groups only.
"""

import math
import random
from collections.abc import Iterator, Sequence
from functools import cache

from models.comment import ATTRIBUTES
from training.corpora.examples import NON_TOXIC, Example, in_held_out_fold
from training.corpora.keys import dedup_key
from training.templates.identity import fill_extra_identity_templates, fill_identity_templates
from training.templates.loader import (
    load_held_out_implicit_hate,
    load_identity_terms,
    load_implicit_hate,
    load_insults_and_threats,
    load_opinions,
)

Targets = tuple[float, ...]

GENERATED, HELD_OUT = "generated", "held out"
"""The sources of examples from templates, and from the templates that are held out of training."""

GROUPS_PER_TEMPLATE = 12
"""Each template is filled with this many groups. With all forty, a model would memorise the template."""

_REPEATS = 3
"""How often a sentence without placeholders is used, each time with another beginning and end."""

_EMOJI_RATE = 0.12
_LOWERCASE_RATE = 0.12
_IDENTITY_RATE = 0.15
"""The share of the identity sentences that are used. Those with terms that are mostly named in anger are all used."""


def generate(*, seed: int, per_template: int = GROUPS_PER_TEMPLATE) -> list[Example]:
    """Fill every template for training with `per_template` groups. Each text is returned once.

    The same seed gives the same examples.
    """
    # All steps share one generator, so their order decides what each of them samples.
    rng = random.Random(seed)  # repeatable, not secret
    attack, insult, threat = toxic_targets(identity_attack=1.0), toxic_targets(insult=1.0), toxic_targets(threat=1.0)
    sentences = load_implicit_hate()
    harmless = (*sentences.courteous, *sentences.heated, *sentences.reclaimed)
    examples = [
        *_fill(_hateful_templates(), attack, rng, times=per_template),
        *_fill(_harmless_templates(), NON_TOXIC, rng, times=per_template),
        *_sample_identity_sentences(seed=seed),
        *_fill_descriptions(rng, times=per_template),
        *_repeat(sentences.insults, insult, rng),
        *_repeat(sentences.threats, threat, rng),
        *_repeat(harmless, NON_TOXIC, rng),
        *_fill_insults_and_threats(rng, times=per_template),
    ]
    return list({example.text: example for example in examples}.values())


def fill_all_identities(*, seed: int) -> list[Example]:
    """Fill every template about groups, neutral or abusive, with every group.

    Identity templates of the held-out fold are left out.
    """
    rng = random.Random(seed)  # repeatable, not secret
    attack, insult = toxic_targets(identity_attack=1.0), toxic_targets(insult=1.0)
    times = len(load_identity_terms().groups)
    # Pairs of a text whose key decides the fold, and a sentence. For the plain templates that text is the sentence.
    sentences = [
        *fill_extra_identity_templates(),
        *((sentence.text, sentence) for sentence in fill_identity_templates()),
    ]
    identities = [
        _make_example(sentence.text, insult if sentence.is_abusive else NON_TOXIC, template)
        for template, sentence in sentences
        if not in_held_out_fold(dedup_key(template))
    ]
    return [
        *identities,
        *_fill(_hateful_templates(), attack, rng, times=times),
        *_fill(_harmless_templates(), NON_TOXIC, rng, times=times),
    ]


def generate_held_out(*, seed: int) -> list[Example]:
    """Fill the held-out templates of implicit hate with every group, for measuring."""
    rng = random.Random(seed)  # repeatable, not secret
    times, templates = len(load_identity_terms().groups), load_held_out_implicit_hate()
    attack = toxic_targets(identity_attack=1.0)
    return [
        *_fill(templates.contempt, attack, rng, times=times, source=HELD_OUT),
        *_fill(templates.harmless, NON_TOXIC, rng, times=times, source=HELD_OUT),
    ]


def toxic_targets(**known: float) -> Targets:
    """Return the targets of a toxic template: 1 for toxicity, then its attributes, NaN where they are not `known`.

    Profanity is known to be 0, because no template swears.
    """
    attributes = {"profanity": 0.0, **known}
    return (1.0, *(attributes.get(name, math.nan) for name in ATTRIBUTES))


@cache
def _hateful_templates() -> tuple[str, ...]:
    hate, opinions = load_implicit_hate(), load_opinions()
    return (*hate.contempt, *hate.endorsed, *opinions.contemptuous)


@cache
def _harmless_templates() -> tuple[str, ...]:
    hate, opinions = load_implicit_hate(), load_opinions()
    return (*hate.harmless, *hate.counter_speech, *opinions.civil)


def _fill(
    templates: Sequence[str], targets: Targets, rng: random.Random, *, times: int, source: str = GENERATED
) -> list[Example]:
    """Fill each template with `times` groups."""
    examples = []
    for template in templates:
        for people, kind in rng.sample(load_identity_terms().groups, times):
            text = _capitalise(template.format(people=people, kind=kind))
            examples.append(_make_example(_wrap(text, targets, rng), targets, template, source=source))
    return examples


def _fill_descriptions(rng: random.Random, *, times: int) -> list[Example]:
    """Fill the descriptions of a person or a group, equally often with positive and with negative qualities."""
    hate, groups = load_implicit_hate(), load_identity_terms().groups
    examples = []
    for template in hate.descriptions:
        is_about_group = "{people}" in template
        insult = toxic_targets(identity_attack=1.0, insult=1.0) if is_about_group else toxic_targets(insult=1.0)
        for qualities, targets in ((hate.positive_qualities, NON_TOXIC), (hate.negative_qualities, insult)):
            for people, kind in rng.sample(groups, min(2 * times, len(groups))):
                text = _capitalise(template.format(people=people, kind=kind, quality=rng.choice(qualities)))
                examples.append(_make_example(_wrap(text, targets, rng), targets, template))
    return examples


def _fill_insults_and_threats(rng: random.Random, *, times: int) -> Iterator[Example]:
    """Fill the insults and threats, and their harmless counterparts with the same words."""
    templates = load_insults_and_threats()
    insult, threat = toxic_targets(insult=1.0, threat=0.0), toxic_targets(threat=1.0)
    kinds = (
        (templates.direct_insults, "called", templates.insult_terms, insult),
        (templates.reported_insults, "called", templates.insult_terms, NON_TOXIC),
        (templates.threats_to_victim, "victim", templates.victims, threat),
        (templates.harmless_to_victim, "victim", templates.victims, NON_TOXIC),
    )
    for sentences, placeholder, words, targets in kinds:
        for template in sentences:
            for word in rng.sample(words, min(times, len(words))):
                text = _capitalise(template.format(**{placeholder: word}))
                yield _make_example(_wrap(text, targets, rng), targets, template)
    yield from _repeat(templates.threats, threat, rng)
    yield from _repeat(templates.harmless, NON_TOXIC, rng)


def _sample_identity_sentences(*, seed: int) -> Iterator[Example]:
    """Yield some of the identity sentences: all with terms that corpora mostly name in anger, few with other terms."""
    for sentence in fill_identity_templates():
        key = dedup_key(sentence.text)
        if in_held_out_fold(key):
            continue
        rng = random.Random(f"{seed}:{sentence.text}")  # repeatable, not secret
        if sentence.term in load_identity_terms().named_in_anger or rng.random() < _IDENTITY_RATE:
            targets = toxic_targets(insult=1.0) if sentence.is_abusive else NON_TOXIC
            yield _make_example(sentence.text, targets, sentence.text)


def _repeat(sentences: Sequence[str], targets: Targets, rng: random.Random) -> list[Example]:
    """Return each sentence three times, with random beginnings and ends."""
    return [_make_example(_wrap(text, targets, rng), targets, text) for text in sentences for _ in range(_REPEATS)]


def _wrap(text: str, targets: Targets, rng: random.Random) -> str:
    """Add a random prefix and suffix, and sometimes an emoji. Sometimes turn everything into lowercase."""
    hate = load_implicit_hate()
    prefix, suffix = rng.choice(hate.prefixes), rng.choice(hate.suffixes)
    wrapped = prefix + text + suffix
    if rng.random() < _EMOJI_RATE:
        is_toxic = targets[0] > 1 / 2
        wrapped += " " + rng.choice(hate.toxic_emoji if is_toxic else hate.harmless_emoji)
    return wrapped.lower() if rng.random() < _LOWERCASE_RATE else wrapped


def _make_example(text: str, targets: Targets, template: str, *, source: str = GENERATED) -> Example:
    """Make an example with the key of its template, so that a split never separates examples of one template."""
    return Example(source, text, targets, dedup_key(template))


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
