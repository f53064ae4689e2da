"""The text encoder: embeddings of meaning and of toxicity, from one ONNX file.

The encoder is not saved in the files of pipelines. After loading a pipeline, `bind` sets the encoder of its steps.
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
from models.text.emoji import describe_emoji_aligned
from models.text.normalise import normalise, strip_markup
from models.text.segmentation import passage_spans

DIMENSIONS = 384
MAX_TOKENS = 128
MAX_CHARS = 8_192  # code points that reach the tokenizer: far more than 128 word pieces in any language

_EMBEDDING, _TOXICITY_STATES = "embedding", "toxicity_states"

_SLOW_FUSION = "SkipLayerNormFusion"
"""An optimisation of ONNX Runtime that is switched off. It fuses a sum with the layer norm after it, but on CPUs the
fused kernel is far slower than the two kernels that it replaces (measured with ONNX Runtime's profiler)."""

NeedsEncoder = TypeVar("NeedsEncoder")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The encoder's output for one text.

    `embedding` is the sentence embedding, shape (384,), unit length. `toxicity_states` has a vector per token in its
    context, shape (tokens, 384), from a branch of the network that is tuned for toxicity. `spans` has the (start, end)
    of each token in the text. The special tokens at both ends have empty spans.
    """

    embedding: Vector
    toxicity_states: Vector
    spans: tuple[tuple[int, int], ...]

    @property
    def toxicity_embedding(self) -> Vector:
        """The mean of `toxicity_states`, shape (384,)."""
        mean: Vector = self.toxicity_states.mean(axis=0)
        return mean


class Encoder:
    """Encodes texts one at a time, with emoji replaced by their names. Safe to share between threads.

    In a batch, dynamic int8 quantisation computes its scales from all texts, so a text's vector would depend on the
    other texts. One at a time, vectors are always the same, bit for bit, and on a CPU this takes no longer.
    `files_hash` identifies the encoder: it is a hash of both files. `threads` is the number of texts of one call that
    are encoded in parallel.
    """

    def __init__(self, onnx_path: Path, tokenizer_path: Path, *, threads: int = 1) -> None:
        graph = onnx_path.read_bytes()
        self.files_hash = hashlib.sha256(graph + tokenizer_path.read_bytes()).hexdigest()[:16]
        self.threads = threads
        self._session = onnxruntime.InferenceSession(
            graph, sess_options=_one_thread(), providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW_FUSION]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        # The file may have settings for batches; texts are encoded one at a time.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, text: str) -> Encoded:
        """Encode one text. Tokens after the first 128 are ignored."""
        # The tokenizer reads the text with the names of emoji. Spans must refer to `text`, and are mapped back.
        described = describe_emoji_aligned(text[:MAX_CHARS])
        tokens = self._tokenizer.encode(described.text)
        ids = np.array([tokens.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        embedding, toxicity_states = self._session.run([_EMBEDDING, _TOXICITY_STATES], inputs)
        spans = tuple(described.original_span(*span) for span in tokens.offsets)
        return Encoded(embedding[0], toxicity_states[0], spans)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the sentence embedding of each text, shape (n, 384), rows of unit length."""
        return _stacked([encoded.embedding for encoded in self._encode_all(texts)])

    def embed_toxicity(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the toxicity embedding of each text, shape (n, 384)."""
        return _stacked([encoded.toxicity_embedding for encoded in self._encode_all(texts)])

    def _encode_all(self, texts: Sequence[str]) -> list[Encoded]:
        if self.threads == 1 or len(texts) < 2:  # noqa: PLR2004 - one text cannot be distributed
            return [self.encode(text) for text in texts]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(self.encode, texts))

    def __deepcopy__(self, memo: dict[int, Any]) -> "Encoder":
        """Return the encoder itself: it never changes, so scikit-learn's `clone` may share it."""
        return self


@dataclass(frozen=True, slots=True)
class EmbeddedComment:
    """A comment with its embedding, shape (384,). The relevance pipeline accepts it in place of a comment."""

    comment: Comment
    vector: Vector


def bind(pipeline: NeedsEncoder, encoder: Encoder) -> NeedsEncoder:
    """Set the encoder of every step that has such a parameter, and return the same pipeline."""
    estimator: Any = pipeline
    # scikit-learn names nested parameters like `features__toxicity_embedding__encoder`.
    parameters = [name for name in estimator.get_params() if name.split("__")[-1] == "encoder"]
    estimator.set_params(**dict.fromkeys(parameters, encoder))
    return pipeline


def embed_comment(encoder: Encoder, comment: Comment) -> EmbeddedComment:
    """Return the comment with the embedding of its normalised text. The text of the result has no markup."""
    plain = replace(comment, text=strip_markup(comment.text).text)
    return EmbeddedComment(plain, embed_passage(encoder, Passage(comment.text)))


def embed_passage(encoder: Encoder, passage: Passage) -> Vector:
    """Return the embedding of a parent or an earlier comment. It is computed if the passage has none."""
    if passage.vector is not None:
        return passage.vector
    vector: Vector = encoder.embed([normalise(passage.text, html=True).text])[0]
    return vector


def embed_article(encoder: Encoder, article: Article) -> Article:
    """Return the article with the embeddings of its title and passages (at most 40, about 5 ms each)."""
    return replace(article, vectors=article_vectors(encoder, article))


def article_vectors(encoder: Encoder, article: Article) -> ArticleVectors:
    """Return the article's embeddings. They are computed if it has none from this encoder."""
    if article.vectors is not None and article.vectors.encoder == encoder.files_hash:
        return article.vectors
    spans = tuple(passage_spans(article.text))
    return ArticleVectors(
        encoder=encoder.files_hash,
        title=encoder.embed([article.title])[0] if article.title.strip() else None,
        passages=encoder.embed([article.text[start:end] for start, end in spans]),
        spans=spans,
    )


def _stacked(rows: Sequence[Vector]) -> NDArray[np.float32]:
    return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)


def _one_thread() -> onnxruntime.SessionOptions:
    """Return options for one thread per call. The service scores comments in parallel; idle threads cost CPU time."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    return options
