"""Examples that no corpus holds: our own patterns filled in, and copies of a corpus's rows; trains nothing.

Copies name another group or one more, stand beside another row, or have slips and signs in them.
"""

import math
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.comment import ATTRIBUTES
from training.augmentation.corruptions import Draw
from training.augmentation.text_noise import misspell_badly
from training.corpora.registry import dedup_key
from training.encoder.dataset import NOTHING, Example, is_reserved
from training.templates import implicit_hate, insults_and_threats, opinions
from training.templates.identity import TERMS, write_sentences
from training.templates.identity_extra import write_namings

GENERATED, UNTAUGHT = "generated", "untaught"
SWAPPED, JOINED, MISSPELT, SIGNED = "swapped", "joined", "misspelt", "signed"
PER_PATTERN = 12
"""Groups that each pattern is filled in with: all forty would teach the pattern by heart."""

_SIGNED = 0.12
_SHORT = 220
"""Characters; two such comments fit into what the tuning reads."""

_THINGS = "🚗🍕🐟⚽🎈📎🎸🦆🥕🧦☕🚲🍀📦🪁🐌🧀🎩🌵🍞🚀🪑🎹🐢🌊🍇🧩🚦🛟🌈✨❄"
_SURELY_HARMLESS = 0.3
_BEFRIENDED = 0.15
_NAMED_IN_ANGER = frozenset(
    ("gay", "lesbian", "homosexual", "queer", "trans", "transgender", "black", "muslim", "jewish", "white", "asian")
)
_SWAPPABLE = {
    "muslim": "faith", "muslims": "faiths", "jew": "member", "jews": "faiths", "jewish": "faith",
    "christian": "faith", "christians": "faiths", "catholic": "faith", "catholics": "faiths",
    "hindu": "faith", "atheist": "faith", "atheists": "faiths", "mormon": "faith", "mormons": "faiths",
    "gay": "love", "lesbian": "love", "bisexual": "love", "transgender": "love", "queer": "love",
    "straight": "love", "gays": "loves", "lesbians": "loves", "homosexuals": "loves", "homosexual": "love",
    "black": "origin", "white": "origin", "asian": "origin", "latino": "origin", "mexican": "origin",
    "african": "origin", "arab": "origin", "american": "origin", "european": "origin", "chinese": "origin",
    "blacks": "origins", "whites": "origins", "asians": "origins", "latinos": "origins", "mexicans": "origins",
    "arabs": "origins", "americans": "origins", "immigrants": "origins", "europeans": "origins",
    "blind": "body", "deaf": "body", "disabled": "body", "autistic": "body", "paralyzed": "body",
    "elderly": "age", "young": "age", "old": "age", "teenage": "age",
    "women": "sexes", "men": "sexes", "woman": "sex", "man": "sex", "female": "gender", "male": "gender",
}  # fmt: skip
"""A group's word and what it may be exchanged within; words of different grammar never meet."""

_NAMED = re.compile(r"\b(" + "|".join(sorted(_SWAPPABLE, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"(?<=[a-z,] )(?:people|persons?|man|men|woman|women|folks?|guys?|kids?|friends?|neighbou?rs?|voters?|couples?)\b"
)
_RARE = frozenset(word for word, kind in _SWAPPABLE.items() if kind not in {"age", "sex", "sexes", "gender"})


def generate(*, seed: int, per_pattern: int = PER_PATTERN) -> list[Example]:
    """Fill every taught pattern in with some of the groups; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable sentences, no secret
    attack, insult, threat = known(identity_attack=1.0), known(insult=1.0), known(threat=1.0)
    hateful = (*implicit_hate.CONTEMPT, *implicit_hate.ENDORSED, *opinions.SNEERED)
    harmless = (*implicit_hate.HARMLESS, *implicit_hate.ANSWERS, *opinions.ARGUED)
    examples = [
        *_fill(hateful, attack, chance, times=per_pattern),
        *_fill(harmless, NOTHING, chance, times=per_pattern),
        *_befriend(seed=seed),
        *_describe(chance, times=per_pattern),
        *_say(implicit_hate.INSULTS, insult, chance),
        *_say(implicit_hate.THREATS, threat, chance),
        *_say((*implicit_hate.COURTEOUS, *implicit_hate.HEATED, *implicit_hate.RECLAIMED), NOTHING, chance),
        *_quarrel(chance, times=per_pattern),
    ]
    return list({example.text: example for example in examples}.values())


def name_everybody(*, seed: int) -> list[Example]:
    """Name every group in every sentence of ours that is neither reserved nor untaught, kindly and rudely alike."""
    chance = random.Random(seed)  # noqa: S311 - as above
    attack, insult = known(identity_attack=1.0), known(insult=1.0)
    times = len(implicit_hate.GROUPS)
    taught = [(frame, sentence) for frame, sentence in write_namings() if not is_reserved(dedup_key(frame))]
    taught += [(one.text, one) for one in write_sentences() if not is_reserved(dedup_key(one.text))]
    named = [_example(one.text, insult if one.rude else NOTHING, frame) for frame, one in taught]
    return [
        *named,
        *_fill((*implicit_hate.CONTEMPT, *implicit_hate.ENDORSED, *opinions.SNEERED), attack, chance, times=times),
        *_fill((*implicit_hate.HARMLESS, *implicit_hate.ANSWERS, *opinions.ARGUED), NOTHING, chance, times=times),
    ]


def generate_untaught(*, seed: int) -> list[Example]:
    """Fill in the patterns that are never taught, with every group: what implicit contempt is measured on."""
    chance = random.Random(seed)  # noqa: S311 - as above
    times = len(implicit_hate.GROUPS)
    hateful = _fill(implicit_hate.UNTAUGHT_CONTEMPT, known(identity_attack=1.0), chance, times=times, source=UNTAUGHT)
    return hateful + _fill(implicit_hate.UNTAUGHT_HARMLESS, NOTHING, chance, times=times, source=UNTAUGHT)


def swap_groups(examples: Iterable[Example], *, seed: int, most: int) -> list[Example]:
    """Copy examples that name a group with another of its kind in its place: the label must not follow the name.

    Whoever is named often is heard less often than chance would have it: at most a twentieth of the copies starts
    from any one word.
    """
    copies: list[Example] = []
    started: dict[str, int] = {}
    for example in examples:
        names = {name.lower() for name in _NAMED.findall(example.text)} & _RARE
        first = min(names, key=lambda name: (started.get(name, 0), name), default=None)
        if first is None or started.get(first, 0) >= most // 20 or len(copies) >= most:
            continue
        started[first] = started.get(first, 0) + 1
        chance = random.Random(f"{seed}:{example.key}")  # noqa: S311 - as above
        text = _exchange(example.text, first, chance)
        copies.append(replace(example, source=SWAPPED, text=text))
    return copies


def name_in_passing(examples: Iterable[Example], *, seed: int, most: int) -> list[Example]:
    """Copy comments that speak of people with a group named before them: `the people here`, `the gay people here`.

    The label stays, toxic or not, so that in the words of real comments too a name by itself tells nothing. Every
    group is named equally often, and half of the copies are of toxic comments.
    """
    chance = random.Random(seed)  # noqa: S311 - as above
    able = [one for one in examples if len(one.text) <= _SHORT and _PEOPLE.search(one.text)]
    chance.shuffle(able)
    copies: list[Example] = []
    for is_toxic in (True, False):
        alike = [one for one in able if (one.targets[0] > 1 / 2) == is_toxic][: most // 2]
        for place, one in enumerate(alike):
            term = TERMS[place % len(TERMS)]
            text = _PEOPLE.sub(rf"{term} \g<0>", one.text, count=1)
            copies.append(replace(one, source=SWAPPED, text=text))
    return copies


def join_comments(examples: Sequence[Example], *, seed: int, most: int) -> list[Example]:
    """Join short examples with harmless ones of the same corpus, before or behind: abuse stays abuse in company.

    Half of what is joined is toxic, and a corpus gives no more than its share of the examples.
    """
    chance = random.Random(seed)  # noqa: S311 - as above
    short = [example for example in examples if len(example.text) <= _SHORT]
    harmless: dict[str, list[Example]] = {}
    for example in short:
        if example.targets[0] < _SURELY_HARMLESS:
            harmless.setdefault(example.source, []).append(example)
    joined = []
    for is_toxic in (True, False):
        able = [one for one in short if (one.targets[0] > 1 / 2) == is_toxic and one.source in harmless]
        joined += [_join(one, harmless, chance) for one in chance.sample(able, min(most // 2, len(able)))]
    return joined


def misspell_copies(examples: Sequence[Example], *, seed: int, most: int) -> list[Example]:
    """Copy short examples with slips of the keyboard, half of them toxic: nobody means less by a slip."""
    chance = random.Random(seed)  # noqa: S311 - as above
    draw = Draw(np.random.default_rng(seed))
    return [
        replace(one, source=MISSPELT, text=misspell_badly(one.text, draw))
        for one in _draw_halves(examples, chance, most=most)
    ]


def scatter_signs(examples: Sequence[Example], *, seed: int, most: int) -> list[Example]:
    """Copy short examples with pictures of things among the words, half of them toxic: a kite excuses nobody."""
    chance = random.Random(seed)  # noqa: S311 - as above
    copies = []
    for one in _draw_halves(examples, chance, most=most):
        share = chance.uniform(0.1, 0.6)
        words = [f"{word} {chance.choice(_THINGS)}" if chance.random() < share else word for word in one.text.split()]
        copies.append(replace(one, source=SIGNED, text=" ".join(words)))
    return copies


def known(**targets: float) -> tuple[float, ...]:
    """Answer the aims of a toxic sentence of ours: what is named is known, and none of them swears."""
    found = {"profanity": 0.0, **targets}
    return (1.0, *(found.get(name, math.nan) for name in ATTRIBUTES))


def _draw_halves(examples: Sequence[Example], chance: random.Random, *, most: int) -> Iterator[Example]:
    """Draw short examples, half of them toxic."""
    for is_toxic in (True, False):
        able = [one for one in examples if len(one.text) <= _SHORT and (one.targets[0] > 1 / 2) == is_toxic]
        yield from chance.sample(able, min(most // 2, len(able)))


def _fill(
    frames: Sequence[str], targets: tuple[float, ...], chance: random.Random, *, times: int, source: str = GENERATED
) -> list[Example]:
    examples = []
    for frame in frames:
        for people, kind in chance.sample(implicit_hate.GROUPS, times):
            text = _capital(frame.format(people=people, kind=kind))
            examples.append(_example(_surround(text, targets, chance), targets, frame, source=source))
    return examples


def _describe(chance: random.Random, *, times: int) -> list[Example]:
    """Fill in the patterns about one person or group with kind and with unkind qualities, alike in number."""
    examples = []
    for frame in implicit_hate.ABOUT_ONE:
        about_all = "{people}" in frame
        unkind = known(identity_attack=1.0, insult=1.0) if about_all else known(insult=1.0)
        for qualities, targets in ((implicit_hate.KIND, NOTHING), (implicit_hate.UNKIND, unkind)):
            for people, kind in chance.sample(implicit_hate.GROUPS, min(2 * times, len(implicit_hate.GROUPS))):
                text = frame.format(people=people, kind=kind, quality=chance.choice(qualities))
                examples.append(_example(_surround(_capital(text), targets, chance), targets, frame))
    return examples


def _quarrel(chance: random.Random, *, times: int) -> Iterator[Example]:
    """Insult and threaten, and report, deny and avert the same in nearly the same words."""
    insult, threat = known(insult=1.0, threat=0.0), known(threat=1.0)
    sides = (
        (insults_and_threats.SAID, "called", insults_and_threats.CALLED, insult),
        (insults_and_threats.REPORTED, "called", insults_and_threats.CALLED, NOTHING),
        (insults_and_threats.MENACED, "victim", insults_and_threats.VICTIMS, threat),
        (insults_and_threats.UNHARMED, "victim", insults_and_threats.VICTIMS, NOTHING),
    )
    for frames, slot, words, targets in sides:
        for frame in frames:
            for word in chance.sample(words, min(times, len(words))):
                text = _capital(frame.format(**{slot: word}))
                yield _example(_surround(text, targets, chance), targets, frame)
    yield from _say(insults_and_threats.MENACES, threat, chance)
    yield from _say(insults_and_threats.CHEERFUL, NOTHING, chance)


def _befriend(*, seed: int) -> Iterator[Example]:
    """Name groups in the sentences that the wording is taught (`training.templates.identity`), kindly and rudely alike.

    Those whom corpora mostly name in anger take part in every sentence, the others in some.
    """
    for sentence in write_sentences():
        chance = random.Random(f"{seed}:{sentence.text}")  # noqa: S311 - as above
        if is_reserved(dedup_key(sentence.text)):
            continue
        if sentence.term in _NAMED_IN_ANGER or chance.random() < _BEFRIENDED:
            targets = known(insult=1.0) if sentence.rude else NOTHING
            yield _example(sentence.text, targets, sentence.text)


def _say(sentences: Sequence[str], targets: tuple[float, ...], chance: random.Random) -> list[Example]:
    """Say each sentence three times, differently surrounded."""
    return [_example(_surround(text, targets, chance), targets, text) for text in sentences for _ in range(3)]


def _surround(text: str, targets: tuple[float, ...], chance: random.Random) -> str:
    opening, closing = chance.choice(implicit_hate.OPENINGS), chance.choice(implicit_hate.CLOSINGS)
    whole = opening + text + closing
    if chance.random() < _SIGNED:
        signs = implicit_hate.SOUR_SIGNS if targets[0] > 1 / 2 else implicit_hate.KIND_SIGNS
        whole += " " + chance.choice(signs)
    return whole.lower() if chance.random() < _SIGNED else whole


def _example(text: str, targets: tuple[float, ...], frame: str, *, source: str = GENERATED) -> Example:
    """Make an example that shares its key with all of its pattern: they stay together in any split."""
    return Example(source, text, targets, dedup_key(frame))


def _exchange(text: str, name: str, chance: random.Random) -> str:
    others = [word for word, kind in _SWAPPABLE.items() if kind == _SWAPPABLE[name] and word != name]
    other = chance.choice(others or [name])
    return re.sub(rf"\b{name}\b", lambda found: _in_case_of(found.group(), other), text, flags=re.IGNORECASE)


def _in_case_of(written: str, word: str) -> str:
    return word.upper() if written.isupper() else word.capitalize() if written[0].isupper() else word


def _join(example: Example, harmless: Mapping[str, Sequence[Example]], chance: random.Random) -> Example:
    other = chance.choice(harmless[example.source])
    both = [example.text.strip(), other.text.strip()]
    chance.shuffle(both)
    return replace(example, source=JOINED, text=chance.choice((" ", "\n")).join(both))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
