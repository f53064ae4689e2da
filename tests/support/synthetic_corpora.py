"""Corpora of invented sentences with the columns of the real ones, small enough to be trained on in a second."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path

from training.corpora.keys import dedup_key
from training.corpora.licensed_corpora import SOURCES

HARMLESS = [
    "a fair article about the new bridge",
    "thank you for the report",
    "the council met on monday",
    "I agree with this",
]
TOXIC = ["you are an idiot", "what a stupid idiot", "shut up moron", "this idiot writes garbage"]
SPLITS = ("train", "train", "train", "val", "test")


def write_corpora(folder: Path) -> Path:
    """Write every corpus of toxicity, and the word lists, and return the folder."""
    texts = [(f"{text} number {number}", text in TOXIC) for number in range(15) for text in HARMLESS + TOXIC]
    for index, (name, columns) in enumerate(_COLUMNS.items()):
        rows = [_row(f"{text} in {name}", toxic, number, columns) for number, (text, toxic) in enumerate(texts)]
        # Not all corpora are of the same size.
        write_corpus(folder, name, rows[index % 3 :])
    write_corpus(folder, "wordlists", [{"text": "idiot", "list": "cuss", "category": "", "rating": "2.0"}])
    return folder


def write_corpus(folder: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Write one corpus to the path of the real one."""
    table = list(rows)
    path = folder / next(source.path for source in SOURCES if source.name == name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)


def _row(text: str, toxic: bool, number: int, columns: Mapping[str, tuple[str, str]]) -> dict[str, str]:  # noqa: FBT001 - a label
    row = {"text": text, "toxic": str(int(toxic)), "dedup_key": dedup_key(text), "hash_split": SPLITS[number % 5]}
    return row | {"article_id": str(number // 8)} | {name: values[toxic] for name, values in columns.items()}


_ATTRIBUTES = ("severe_toxic", "obscene", "threat", "insult", "identity_hate")
_COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = {
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
"""The columns of each corpus that others do not have, with the value of a harmless and of a toxic row."""
