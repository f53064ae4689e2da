"""Shows that a change of code or of names changes no score: `python -m tests.benchmarks.same_scores write|compare`.

`write FILE` scores every sentence of the suite and generated comments with the newest release and writes all that the
scorer returns, each float as its exact hexadecimal form. `compare ONE OTHER` exits with 1 where two such files differ.
To compare two commits, run `write` in a checkout of each; the module imports only what both have.
"""

import csv
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.comment import Article, Assessment, Comment, Passage
from models.release import newest_release
from models.scorer import Scorer

ROOT = Path(__file__).parents[2]
GENERATED = 2_000
SEED = 20261127

ARTICLES = (
    Article(
        "Harbour Street to close to cars at weekends", "The council voted on Tuesday. Shops on the street are split."
    ),
    Article(
        "Rovers lose the derby after a late penalty", "A handball in stoppage time decided the match, said the coach."
    ),
    Article("Bakery strike enters its second week", ""),
    Article(),
)
RENAMED = {"near_copy": "near_duplicate"}
"""Reasons that have another name since 2026.11.4, whose scores were compared with 2026.11.3's."""

MASKS = str.maketrans({"a": "@", "e": "3", "i": "1", "o": "0", "s": "$"})


def read_suite() -> list[str]:
    """Return the texts of the suite that ships with the models."""
    with (ROOT / "models" / "suite" / "comments.csv").open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines)]


def change(text: str, chance: random.Random) -> str:
    """Return the text as somebody else might have typed it: shouted, masked, spaced out, misspelt or marked up."""
    words = text.split()
    place = chance.randrange(len(words)) if words else 0
    ways = (
        lambda: text,
        text.upper,
        lambda: text.translate(MASKS),
        lambda: " ".join([*words[:place], " ".join(words[place]), *words[place + 1 :]]) if words else text,
        lambda: text.replace("e", "ee", 1),
        lambda: f"<p>{text}</p>\n> quoted &amp; marked",
        lambda: " ".join(chance.sample(words, len(words))),
        lambda: f"{text} \U0001f600 https://example.org/{chance.randrange(99)}",
        lambda: text[: chance.randrange(len(text) + 1)],
    )
    return chance.choice(ways)()


def generate_comments(texts: list[str]) -> Iterator[Comment]:
    """Yield the suite under one article, then generated comments in every kind of context."""
    for text in texts:
        yield Comment(text=text, article=ARTICLES[0])
    chance = random.Random(SEED)  # a repeatable choice, and no secret
    for _ in range(GENERATED):
        text = " ".join(change(chance.choice(texts), chance) for _ in range(chance.choice((1, 1, 1, 2, 6))))
        thread = tuple(Passage(chance.choice(texts)) for _ in range(chance.choice((0, 0, 2))))
        parent = Passage(chance.choice(texts)) if chance.random() < 0.2 else None
        yield Comment(
            text=text, article=chance.choice(ARTICLES), parent=parent, thread=thread, copies=chance.choice((0, 0, 9))
        )


def describe(assessment: Assessment) -> dict[str, Any]:
    """Return everything about an assessment but the model's version, floats in full."""
    explanation = assessment.explanation
    relevance = explanation.relevance
    return {
        "language": assessment.language,
        "scores": {name: None if score is None else score.hex() for name, score in assessment.scores.items()},
        "abstentions": dict(assessment.abstentions),
        "toxicity": [(span.start, span.end, float(span.weight).hex()) for span in explanation.toxicity],
        "coherence": [(span.start, span.end, float(span.weight).hex()) for span in explanation.coherence],
        "relevance": relevance and [relevance.matched, relevance.missed, relevance.passage],
        "spam": list(explanation.spam),
        "vector": "" if assessment.vector is None else assessment.vector.tobytes().hex(),
        "decoded": assessment.decoded,
    }


def write(file: Path) -> None:
    """Score everything and write one JSON line a comment."""
    scorer = Scorer(newest_release(ROOT / "models" / "released"))
    with file.open("w", encoding="utf-8") as lines:
        for comment in generate_comments(read_suite()):
            lines.write(json.dumps(describe(scorer.assess(comment)), sort_keys=True) + "\n")


def compare(one: Path, other: Path) -> int:
    """Print how many comments got the same scores in both files; return the number of those that did not."""
    pairs = list(zip(one.read_text("utf-8").splitlines(), other.read_text("utf-8").splitlines(), strict=True))
    differing = [number for number, (first, second) in enumerate(pairs, 1) if _read(first) != _read(second)]
    sys.stdout.write(f"{len(pairs)} comments, {len(pairs) - len(differing)} the same to the last digit\n")
    if differing:
        sys.stdout.write(f"first lines that differ: {differing[:10]}\n")
    return len(differing)


def _read(line: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(line)
    return {**facts, "spam": [RENAMED.get(reason, reason) for reason in facts["spam"]]}


if __name__ == "__main__":
    command, *files = sys.argv[1:]
    if command == "write":
        write(Path(files[0]))
    else:
        sys.exit(bool(compare(Path(files[0]), Path(files[1]))))
