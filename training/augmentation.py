"""Examples that no corpus holds: our own patterns filled in, and corpus rows with groups exchanged; trains nothing."""

import math
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.comment import ATTRIBUTES
from training import patterns
from training.corpora import dedup_key
from training.mixture import NOTHING, Example

GENERATED, UNTAUGHT, SWAPPED = "generated", "untaught", "swapped"
PER_PATTERN = 12
"""Groups that each pattern is filled in with: all forty would teach the pattern by heart."""

_SIGNED = 0.12
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
_RARE = frozenset(word for word, kind in _SWAPPABLE.items() if kind not in {"age", "sex", "sexes", "gender"})


def generate(*, seed: int, per_pattern: int = PER_PATTERN) -> list[Example]:
    """Fill every taught pattern in with some of the groups; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable sentences, no secret
    attack, insult, threat = known(identity_attack=1.0), known(insult=1.0), known(threat=1.0)
    hateful = (*patterns.CONTEMPT, *patterns.ENDORSED)
    harmless = (*patterns.HARMLESS, *patterns.ANSWERS)
    examples = [
        *_fill(hateful, attack, chance, times=per_pattern),
        *_fill(harmless, NOTHING, chance, times=per_pattern),
        *_describe(chance, times=per_pattern),
        *_say(patterns.INSULTS, insult, chance),
        *_say(patterns.THREATS, threat, chance),
        *_say((*patterns.COURTEOUS, *patterns.HEATED, *patterns.RECLAIMED), NOTHING, chance),
    ]
    return list({example.text: example for example in examples}.values())


def generate_untaught(*, seed: int) -> list[Example]:
    """Fill in the patterns that are never taught, with every group: what implicit contempt is measured on."""
    chance = random.Random(seed)  # noqa: S311 - as above
    times = len(patterns.GROUPS)
    hateful = _fill(patterns.UNTAUGHT_CONTEMPT, known(identity_attack=1.0), chance, times=times, source=UNTAUGHT)
    return hateful + _fill(patterns.UNTAUGHT_HARMLESS, NOTHING, chance, times=times, source=UNTAUGHT)


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


def known(**targets: float) -> tuple[float, ...]:
    """Answer the aims of a toxic sentence of ours: what is named is known, and none of them swears."""
    found = {"profanity": 0.0, **targets}
    return (1.0, *(found.get(name, math.nan) for name in ATTRIBUTES))


def _fill(
    frames: Sequence[str], targets: tuple[float, ...], chance: random.Random, *, times: int, source: str = GENERATED
) -> list[Example]:
    examples = []
    for frame in frames:
        for people, kind in chance.sample(patterns.GROUPS, times):
            text = _capital(frame.format(people=people, kind=kind))
            examples.append(_example(_surround(text, targets, chance), targets, frame, source=source))
    return examples


def _describe(chance: random.Random, *, times: int) -> list[Example]:
    """Fill in the patterns about one person or group with kind and with unkind qualities, alike in number."""
    examples = []
    for frame in patterns.ABOUT_ONE:
        about_all = "{people}" in frame
        unkind = known(identity_attack=1.0, insult=1.0) if about_all else known(insult=1.0)
        for qualities, targets in ((patterns.KIND, NOTHING), (patterns.UNKIND, unkind)):
            for people, kind in chance.sample(patterns.GROUPS, min(2 * times, len(patterns.GROUPS))):
                text = frame.format(people=people, kind=kind, quality=chance.choice(qualities))
                examples.append(_example(_surround(_capital(text), targets, chance), targets, frame))
    return examples


def _say(sentences: Sequence[str], targets: tuple[float, ...], chance: random.Random) -> list[Example]:
    """Say each sentence three times, differently surrounded."""
    return [_example(_surround(text, targets, chance), targets, text) for text in sentences for _ in range(3)]


def _surround(text: str, targets: tuple[float, ...], chance: random.Random) -> str:
    opening, closing = chance.choice(patterns.OPENINGS), chance.choice(patterns.CLOSINGS)
    whole = opening + text + closing
    if chance.random() < _SIGNED:
        signs = patterns.SOUR_SIGNS if targets[0] > 1 / 2 else patterns.KIND_SIGNS
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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
