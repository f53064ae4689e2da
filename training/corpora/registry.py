"""The corpora: their names, their rows, and whether a release may learn from them; not where they lie."""

import csv
import gzip
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

Row: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus: `path` is relative to the folder; a release learns from it only where it `ships`."""

    name: str
    path: str
    licence: str
    ships: bool


SOURCES = (
    Source("wikipedia_talk", "train/toxicity/wikipedia_talk.csv.gz", "CC0 labels, CC BY-SA 3.0 text", ships=True),
    Source("civil_balanced", "train/toxicity/civil_balanced.csv.gz", "CC0", ships=True),
    Source("civil_spans", "train/toxicity/civil_spans.csv.gz", "CC0", ships=True),
    Source("wikipedia_context", "train/toxicity/wikipedia_context.csv.gz", "Apache-2.0", ships=True),
    Source("hatemoji_build", "train/toxicity/hatemoji_build.csv.gz", "CC BY 4.0", ships=True),
    Source("toxigen", "train/toxicity/toxigen_demonstrations.csv.gz", "MIT, CDLA-Permissive-2.0", ships=True),
    Source("surge", "train/toxicity/surge.csv.gz", "MIT", ships=True),
    Source("youtube", "train/spam/youtube_a.csv.gz", "CC BY 4.0, unconfirmed", ships=False),
    Source("fox", "train/news/fox_a.csv.gz", "MIT", ships=True),
    Source("wordlists", "train/wordlists.csv.gz", "MIT, CC BY 4.0, WTFPL", ships=True),
    Source("ucc", "eval/toxicity/ucc_val.csv.gz", "CC BY-NC-SA 4.0", ships=False),
    Source("bias_madlibs", "eval/toxicity/bias_madlibs.csv.gz", "CC BY 4.0", ships=False),
    Source("hatemoji_check", "eval/toxicity/hatemoji_check.csv.gz", "CC BY 4.0", ships=False),
    Source("c3", "eval/news/c3_a.csv.gz", "CC BY-NC-SA 4.0", ships=False),
    Source("cocolofa", "eval/news/cocolofa_dev.csv.gz", "none stated", ships=False),
    Source("ukpconvarg2", "eval/coherence/ukpconvarg2.csv.gz", "CC BY 4.0, CC BY-NC-SA 4.0", ships=False),
)

_BY_NAME = {source.name: source for source in SOURCES}
_CIVIL_COMMENTS = ("civil_spans", "civil_balanced")
"""Two corpora of the same newspapers' comments, each split by keys of its own spelling."""

_MAX_FIELD_CHARS = 10_000_000


class CorpusNotForRelease(ValueError):
    """A release may not learn from this corpus."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a release may not learn from {name}: its licence or its role forbids it")


@dataclass(frozen=True)
class Corpora:
    """A folder of corpora, read when asked for; `most` bounds the rows of a set for measuring.

    They are taken article by article, of which the last may be cut.
    """

    folder: Path
    most: int | None = None

    def rows(self, name: str) -> list[Row]:
        """Read all rows of a corpus, for measuring. Raises KeyError and OSError."""
        if name not in self._read:
            csv.field_size_limit(_MAX_FIELD_CHARS)
            with gzip.open(self.path(name), "rt", encoding="utf-8", newline="") as lines:
                self._read[name] = list(csv.DictReader(lines))
        rows = self._read[name]
        return self._thinned(rows) if _BY_NAME[name].path.startswith("eval/") else rows

    def lessons(self, name: str) -> list[Row]:
        """Read the rows that a release may learn from. Raises CorpusNotForRelease where there are none.

        A comment that is held out of one corpus of Civil Comments is no lesson in the other either: the two spell it
        differently, so its keys differ, and it may be on both sides.
        """
        rows = self.split_rows(name)
        if name not in _CIVIL_COMMENTS:
            return rows
        return [row for row in rows if row.get("civil_comment_id") not in self._civil_held_out]

    def split_rows(self, name: str) -> list[Row]:
        """Read the rows that a corpus's own split gives to learning, whatever the other corpora hold out.

        Raises CorpusNotForRelease.
        """
        if not _BY_NAME[name].ships:
            raise CorpusNotForRelease(name)
        return [row for row in self.rows(name) if row.get("hash_split", "train") == "train"]

    def held_out(self, name: str) -> list[Row]:
        """Read the rows of a training corpus that no release learns from, without copies of those it does."""
        return self._thinned(self._every_held_out(name))

    def path(self, name: str) -> Path:
        """Answer where a corpus lies."""
        return self.folder / _BY_NAME[name].path

    def sha256(self, name: str) -> str:
        """Answer the SHA-256 of a corpus's file, in hexadecimal."""
        return hashlib.sha256(self.path(name).read_bytes()).hexdigest()

    def _every_held_out(self, name: str) -> list[Row]:
        learned = {key(row) for row in self.split_rows(name)}
        rows = [row for row in self.rows(name) if row.get("hash_split", "train") != "train"]
        return [row for row in rows if key(row) not in learned]

    @cached_property
    def _civil_held_out(self) -> frozenset[str]:
        """The comments that either corpus of Civil Comments holds out."""
        rows = [row for name in _CIVIL_COMMENTS for row in self._every_held_out(name)]
        return frozenset(row["civil_comment_id"] for row in rows if row.get("civil_comment_id"))

    def _thinned(self, rows: list[Row]) -> list[Row]:
        if self.most is None or len(rows) <= self.most:
            return rows
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row.get("article_id") or row.get("debate") or key(row), []).append(row)
        chosen = sorted(groups.values(), key=lambda group: key(group[0]))
        return [row for group in chosen for row in group][: self.most]

    @cached_property
    def _read(self) -> dict[str, list[Row]]:
        return {}


def key(row: Row) -> str:
    """Answer what two copies of a text share: the corpora's own key, or the same computed from the text."""
    return row.get("dedup_key") or dedup_key(row["text"])


def dedup_key(text: str) -> str:
    """Compute the corpora's key of a text: 16 hexadecimal digits of the SHA-1 of its letters and digits."""
    bare = re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKC", text).lower())
    return hashlib.sha1(bare.encode(), usedforsecurity=False).hexdigest()[:16]


def copy_key(text: str) -> str:
    """Answer what a text shares with its copies alone: its letters and digits, as in `dedup_key`, and its emoji.

    Emoji decide some labels: a praise and an insult may differ in nothing else.
    """
    return dedup_key(text) + "".join(sign for sign in text if _is_emoji(sign))


def _is_emoji(sign: str) -> bool:
    return not sign.isascii() and unicodedata.category(sign) in {"So", "Sk"}
