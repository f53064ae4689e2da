"""What a text is about and how it is said, from one ONNX file; neither trains nor finds the file.

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
from models.text.emoji import describe_all
from models.text.normalise import normalise, strip_markup
from models.text.segmentation import passage_spans

DIMENSIONS = 384
MAX_TOKENS = 128
MAX_CHARS = 8_192  # code points that reach the tokenizer: far more than 128 word pieces of any written language

_EMBEDDING, _TOXICITY_STATES = "embedding", "toxicity_states"

_SLOW_FUSION = "SkipLayerNormFusion"
"""ONNX Runtime's fusion of a sum with the layer norm after it: its kernel for CPUs is far slower than the two it
replaces, which its own profiler shows."""

NeedsEncoder = TypeVar("NeedsEncoder")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as the encoder reads it.

    `embedding`, shape (384,) and unit length, says what it is about. `toxicity_states`, shape (pieces, 384), are how each word
    piece sounds where it stands; their mean is the text's tone. `spans` are the pieces' places in the text, (start,
    end), and empty for the marks at both ends.
    """

    embedding: Vector
    toxicity_states: Vector
    spans: tuple[tuple[int, int], ...]

    @property
    def toxicity_embedding(self) -> Vector:
        """Shape (384,)."""
        mean: Vector = self.toxicity_states.mean(axis=0)
        return mean


class Encoder:
    """Reads texts, each alone, with emoji spelt out.

    Dynamic int8 takes its activation scales over a whole batch, so a text's vector would depend on its
    batch-mates. Alone it is the same in training, in a batch and by itself, bit for bit, and on a CPU no slower.
    Safe to share between threads. `threads` spreads the rows of one call, not the work on one row.
    """

    def __init__(self, onnx_path: Path, tokenizer_path: Path, *, threads: int = 1) -> None:
        graph = onnx_path.read_bytes()
        self.identity = hashlib.sha256(graph + tokenizer_path.read_bytes()).hexdigest()[:16]
        self.threads = threads
        self._session = onnxruntime.InferenceSession(
            graph, sess_options=_one_thread(), providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW_FUSION]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, text: str) -> Encoded:
        """Reads one text; only its first 128 word pieces count."""
        spelt = describe_all(text[:MAX_CHARS])
        pieces = self._tokenizer.encode(spelt.text)
        ids = np.array([pieces.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        embedding, toxicity_states = self._session.run([_EMBEDDING, _TOXICITY_STATES], inputs)
        return Encoded(embedding[0], toxicity_states[0], tuple(spelt.original_span(*span) for span in pieces.offsets))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts into unit rows, shape (n, 384)."""
        return _stacked([encoded.embedding for encoded in self._encode_all(texts)])

    def toxicity_states(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The tone of each text, shape (n, 384)."""
        return _stacked([encoded.toxicity_embedding for encoded in self._encode_all(texts)])

    def _encode_all(self, texts: Sequence[str]) -> list[Encoded]:
        if self.threads == 1 or len(texts) < 2:  # noqa: PLR2004 - one text is nothing to spread
            return [self.encode(text) for text in texts]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(self.encode, texts))

    def __deepcopy__(self, memo: dict[int, Any]) -> "Encoder":
        """An encoder never changes, so scikit-learn's `clone` shares it."""
        return self


@dataclass(frozen=True, slots=True)
class EmbeddedComment:
    """A comment and its vector, shape (384,): a pipeline takes it in place of the comment alone."""

    comment: Comment
    vector: Vector


def bind(pipeline: NeedsEncoder, encoder: Encoder) -> NeedsEncoder:
    """Hands the encoder to every part of an estimator that has a parameter of that name."""
    estimator: Any = pipeline
    wanted = [name for name in estimator.get_params() if name.split("__")[-1] == "encoder"]
    estimator.set_params(**dict.fromkeys(wanted, encoder))
    return pipeline


def embed_comment(encoder: Encoder, comment: Comment) -> EmbeddedComment:
    """Embeds a comment as the scorers read it: normalised. Its words too are compared without markup."""
    plain = replace(comment, text=strip_markup(comment.text).text)
    return EmbeddedComment(plain, embed_passage(encoder, Passage(comment.text)))


def embed_passage(encoder: Encoder, passage: Passage) -> Vector:
    """The vector that a parent or earlier comment brings along, or else the one it would have been given."""
    if passage.vector is not None:
        return passage.vector
    vector: Vector = encoder.embed([normalise(passage.text, html=True).text])[0]
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


def _stacked(rows: Sequence[Vector]) -> NDArray[np.float32]:
    return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)


def _one_thread() -> onnxruntime.SessionOptions:
    """One thread per call: the service's parallelism is over comments, and idle threads would spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options
