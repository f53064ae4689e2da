"""Sentence embeddings from an ONNX file, and where they enter a pipeline; neither trains nor finds the file.

The encoder is never part of a fitted pipeline's file: `bind` gives it to every step that asks for one, after
loading.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.comment import Article, ArticleVectors, Comment, Passage, Vector
from models.passages import passage_spans
from models.text import normalise

DIMENSIONS = 384
MOST_TOKENS = 128
LONGEST_TEXT = 8_192  # code points that reach the tokenizer: far more than 128 word pieces of any written language

Bindable = TypeVar("Bindable")


class Encoder:
    """Turns texts into unit vectors, each text alone.

    Dynamic int8 takes its activation scales over a whole batch, so a text's vector would depend on its
    batch-mates. Alone it is the same in training, in a batch and by itself, bit for bit, and on a CPU no slower.
    Safe to share between threads. `threads` spreads the rows of one call, not the work on one row.
    """

    def __init__(self, onnx_path: Path, tokenizer_path: Path, *, threads: int = 1) -> None:
        graph = onnx_path.read_bytes()
        self.identity = hashlib.sha256(graph + tokenizer_path.read_bytes()).hexdigest()[:16]
        self.threads = threads
        self._session = onnxruntime.InferenceSession(
            graph, sess_options=_one_thread(), providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts into unit rows, shape (n, 384); only the first 128 word pieces of a text count."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        if self.threads == 1 or len(texts) == 1:
            for row, text in enumerate(texts):
                rows[row] = self._embed_one(text)
            return rows
        with ThreadPoolExecutor(self.threads) as pool:
            for row, vector in enumerate(pool.map(self._embed_one, texts)):
                rows[row] = vector
        return rows

    def __deepcopy__(self, memo: dict[int, Any]) -> "Encoder":
        """An encoder never changes, so scikit-learn's `clone` shares it."""
        return self

    def _embed_one(self, text: str) -> Vector:
        ids = np.array([self._tokenizer.encode(text[:LONGEST_TEXT]).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        answer: Vector = self._session.run(None, inputs)[0][0]
        return answer


@dataclass(frozen=True, slots=True)
class EmbeddedComment:
    """A comment and its vector, shape (384,): a pipeline takes it in place of the comment alone."""

    comment: Comment
    vector: Vector


def bind(pipeline: Bindable, encoder: Encoder) -> Bindable:
    """Hands the encoder to every part of an estimator that has a parameter of that name."""
    estimator: Any = pipeline
    wanted = [name for name in estimator.get_params() if name.split("__")[-1] == "encoder"]
    estimator.set_params(**dict.fromkeys(wanted, encoder))
    return pipeline


def embed_comment(encoder: Encoder, comment: Comment) -> EmbeddedComment:
    """Embeds a comment as the scorers read it: normalised."""
    return EmbeddedComment(comment, embed_passage(encoder, Passage(comment.text)))


def embed_passage(encoder: Encoder, passage: Passage) -> Vector:
    """The vector that a parent or earlier comment brings along, or else the one it would have been given."""
    if passage.vector is not None:
        return passage.vector
    vector: Vector = encoder.embed([normalise(passage.text).text])[0]
    return vector


def embed_article(encoder: Encoder, article: Article) -> Article:
    """Embeds an article's title and passages, once per article: about 5 ms a passage, 40 passages at most."""
    return replace(article, vectors=article_vectors(encoder, article))


def article_vectors(encoder: Encoder, article: Article) -> ArticleVectors:
    """The vectors that an article brings along, if they are this encoder's, or else new ones."""
    if article.vectors is not None and article.vectors.encoder == encoder.identity:
        return article.vectors
    spans = tuple(passage_spans(article.text))
    return ArticleVectors(
        encoder=encoder.identity,
        title=encoder.embed([article.title])[0] if article.title.strip() else None,
        passages=encoder.embed([article.text[start:end] for start, end in spans]),
        spans=spans,
    )


def _one_thread() -> onnxruntime.SessionOptions:
    """One thread per call: the service's parallelism is over comments, and idle threads would spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options
