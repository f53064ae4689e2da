"""The corpora: their names, licences and rows, and whether a release may be trained on them."""

import csv
import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from training.corpora.keys import Row, row_key


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus. `path` is relative to the corpora's folder; `may_train` says whether a release may be trained on it."""

    name: str
    path: str
    licence: str
    may_train: bool


SOURCES = (
    Source("wikipedia_talk", "train/toxicity/wikipedia_talk.csv.gz", "CC0 labels, CC BY-SA 3.0 text", may_train=True),
    Source("civil_balanced", "train/toxicity/civil_balanced.csv.gz", "CC0", may_train=True),
    Source("civil_spans", "train/toxicity/civil_spans.csv.gz", "CC0", may_train=True),
    Source("wikipedia_context", "train/toxicity/wikipedia_context.csv.gz", "Apache-2.0", may_train=True),
    Source("hatemoji_build", "train/toxicity/hatemoji_build.csv.gz", "CC BY 4.0", may_train=True),
    Source("toxigen", "train/toxicity/toxigen_demonstrations.csv.gz", "MIT, CDLA-Permissive-2.0", may_train=True),
    Source("surge", "train/toxicity/surge.csv.gz", "MIT", may_train=True),
    Source("youtube", "train/spam/youtube_a.csv.gz", "CC BY 4.0, unconfirmed", may_train=False),
    Source("fox", "train/news/fox_a.csv.gz", "MIT", may_train=True),
    Source("wordlists", "train/wordlists.csv.gz", "MIT, CC BY 4.0, WTFPL", may_train=True),
    Source("ucc", "eval/toxicity/ucc_val.csv.gz", "CC BY-NC-SA 4.0", may_train=False),
    Source("bias_madlibs", "eval/toxicity/bias_madlibs.csv.gz", "CC BY 4.0", may_train=False),
    Source("hatemoji_check", "eval/toxicity/hatemoji_check.csv.gz", "CC BY 4.0", may_train=False),
    Source("c3", "eval/news/c3_a.csv.gz", "CC BY-NC-SA 4.0", may_train=False),
    Source("cocolofa", "eval/news/cocolofa_dev.csv.gz", "none stated", may_train=False),
    Source("ukpconvarg2", "eval/coherence/ukpconvarg2.csv.gz", "CC BY 4.0, CC BY-NC-SA 4.0", may_train=False),
)

_BY_NAME = {source.name: source for source in SOURCES}
_CIVIL_COMMENTS = ("civil_spans", "civil_balanced")
"""Two corpora of the same newspapers' comments. The text of a comment differs between them, and so does its key."""

_MAX_FIELD_CHARS = 10_000_000
"""The limit of the csv module, which is too low for some texts by default."""


class CorpusNotForRelease(ValueError):
    """A release may not be trained on this corpus."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a release may not be trained on {name}: its licence or its role forbids it")


@dataclass(frozen=True)
class Corpora:
    """A folder of corpora, each read when it is first needed.

    `max_rows` limits the rows of a set for measuring. It contains whole articles, except that the last may be cut.
    """

    folder: Path
    max_rows: int | None = None

    def rows(self, name: str) -> list[Row]:
        """Return all rows of a corpus, for measuring. Raises KeyError for an unknown name, and OSError."""
        # Read once: some stages ask for the same corpus several times.
        if name not in self._cache:
            csv.field_size_limit(_MAX_FIELD_CHARS)
            with gzip.open(self.path(name), "rt", encoding="utf-8", newline="") as lines:
                self._cache[name] = list(csv.DictReader(lines))
        rows = self._cache[name]
        return self._limit(rows) if _BY_NAME[name].path.startswith("eval/") else rows

    def train_rows(self, name: str) -> list[Row]:
        """Return the rows that a release may be trained on. Raises CorpusNotForRelease if there are none.

        The two corpora of Civil Comments split the same comments differently. A comment that one of them holds out is
        not a training row of the other.
        """
        rows = self.train_split_rows(name)
        if name not in _CIVIL_COMMENTS:
            return rows
        return [row for row in rows if row.get("civil_comment_id") not in self._held_out_civil_comments]

    def train_split_rows(self, name: str) -> list[Row]:
        """Return the training split of a corpus, including what the other corpora hold out.

        Raises CorpusNotForRelease if a release may not be trained on the corpus.
        """
        if not _BY_NAME[name].may_train:
            raise CorpusNotForRelease(name)
        return [row for row in self.rows(name) if row.get("hash_split", "train") == "train"]

    def held_out(self, name: str) -> list[Row]:
        """Return the held-out rows of a training corpus, without copies of its training rows."""
        return self._limit(self._all_held_out(name))

    def path(self, name: str) -> Path:
        """Return the path of a corpus's file."""
        return self.folder / _BY_NAME[name].path

    def sha256(self, name: str) -> str:
        """Return the SHA-256 of a corpus's file, in hexadecimal."""
        return hashlib.sha256(self.path(name).read_bytes()).hexdigest()

    def _all_held_out(self, name: str) -> list[Row]:
        trained_on = {row_key(row) for row in self.train_split_rows(name)}
        rows = [row for row in self.rows(name) if row.get("hash_split", "train") != "train"]
        return [row for row in rows if row_key(row) not in trained_on]

    @cached_property
    def _held_out_civil_comments(self) -> frozenset[str]:
        """The ids of the comments that either corpus of Civil Comments holds out."""
        rows = [row for name in _CIVIL_COMMENTS for row in self._all_held_out(name)]
        return frozenset(row["civil_comment_id"] for row in rows if row.get("civil_comment_id"))

    def _limit(self, rows: list[Row]) -> list[Row]:
        """Return at most `max_rows` rows, article by article, in the order of a hash."""
        if self.max_rows is None or len(rows) <= self.max_rows:
            return rows
        # In corpora without articles or debates, each text is a group of its own.
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row.get("article_id") or row.get("debate") or row_key(row), []).append(row)
        ordered = sorted(groups.values(), key=lambda group: row_key(group[0]))
        return [row for group in ordered for row in group][: self.max_rows]

    @cached_property
    def _cache(self) -> dict[str, list[Row]]:
        # The rows of each corpus by its name. Unlike a field, this is not compared by the dataclass.
        return {}
