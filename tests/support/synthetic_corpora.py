"""Corpora of invented sentences in the shape of the real ones, small enough to learn from in a second."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path

from training.corpora.registry import SOURCES, dedup_key

KIND = [
    "a fair article about the new bridge",
    "thank you for the report",
    "the council met on monday",
    "I agree with this",
]
RUDE = ["you are an idiot", "what a stupid idiot", "shut up moron", "this idiot writes garbage"]
SPLITS = ("train", "train", "train", "val", "test")


def write_corpora(folder: Path) -> Path:
    """Writes every toxicity corpus and the word lists."""
    texts = [(f"{text} number {place}", text in RUDE) for place in range(15) for text in KIND + RUDE]
    for place, (name, facts) in enumerate(_SHAPES.items()):
        rows = [_row(f"{text} in {name}", toxic, number, facts) for number, (text, toxic) in enumerate(texts)]
        write_corpus(folder, name, rows[place % 3 :])
    write_corpus(folder, "wordlists", [{"text": "idiot", "list": "cuss", "category": "", "rating": "2.0"}])
    return folder


def write_corpus(folder: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Writes one corpus where the real one would lie."""
    kept = list(rows)
    path = folder / next(source.path for source in SOURCES if source.name == name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)


def _row(text: str, toxic: bool, number: int, facts: Mapping[str, tuple[str, str]]) -> dict[str, str]:  # noqa: FBT001 - a label
    row = {"text": text, "toxic": str(int(toxic)), "dedup_key": dedup_key(text), "hash_split": SPLITS[number % 5]}
    return row | {"article_id": str(number // 8)} | {name: values[toxic] for name, values in facts.items()}


_ATTRIBUTES = ("severe_toxic", "obscene", "threat", "insult", "identity_hate")
_SHAPES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "wikipedia_talk": {"natural_rate_block": ("1", "1")} | dict.fromkeys(_ATTRIBUTES, ("0.0", "1.0")),
    "civil_balanced": {},
    "civil_spans": dict.fromkeys(("toxicity", "insult", "obscene", "identity_attack", "threat"), ("0.0", "1.0")),
    "hatemoji_build": {"type": ("none", "threateninglanguage")},
    "surge": {},
    "toxigen": {},
    "wikipedia_context": {},
    "ucc": {},
    "hatemoji_check": {"functionality": ("kind", "rude")},
    "c3": {"toxicity_level": ("1.0", "3.0")},
    "bias_madlibs": {"identity_term": ("tall", "tall")},
}
