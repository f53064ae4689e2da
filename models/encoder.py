"""The text encoder: embeddings of meaning and of toxicity, from one ONNX file.

The encoder is never part of a pipeline's file. `bind` gives it to every step that needs one, after loading.
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
"""ONNX Runtime's fusion of a sum with the layer norm after it. On CPUs its kernel is far slower than the two that it
replaces, as ONNX Runtime's profiler shows."""

NeedsEncoder = TypeVar("NeedsEncoder")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The encoder's output for one text.

    `embedding` is the sentence embedding, shape (384,), unit length. `toxicity_states` are the contextual token vectors
    of the branch that is tuned for toxicity, shape (tokens, 384). `spans` are the tokens' (start, end) in the text;
    those of the two special tokens at the ends are empty.
    """

    embedding: Vector
    toxicity_states: Vector
    spans: tuple[tuple[int, int], ...]

    @property
    def toxicity_embedding(self) -> Vector:
        """The mean of the token vectors, shape (384,)."""
        mean: Vector = self.toxicity_states.mean(axis=0)
        return mean


class Encoder:
    """Encodes texts one at a time, with emoji replaced by their names. Safe to share between threads.

    One at a time, because dynamic int8 quantisation takes its activation scales over a whole batch: a text's vector
    would depend on the other texts. This way it is the same everywhere, bit for bit, and on a CPU no slower.
    `identity` changes with the files. `threads` distributes the texts of one call, not the work on one text.
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
        """Encode one text; only its first 128 tokens count."""
        # Spans refer to the text with its emoji, so they are mapped back from the described one.
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
    """A comment whose embedding, shape (384,), has been computed. A pipeline takes it in place of the comment."""

    comment: Comment
    vector: Vector


def bind(pipeline: NeedsEncoder, encoder: Encoder) -> NeedsEncoder:
    """Set the encoder of every part of an estimator that has such a parameter, and return the estimator."""
    estimator: Any = pipeline
    # Nested parameters are called, for example, `features__toxicity_embedding__encoder`.
    parameters = [name for name in estimator.get_params() if name.split("__")[-1] == "encoder"]
    estimator.set_params(**dict.fromkeys(parameters, encoder))
    return pipeline


def embed_comment(encoder: Encoder, comment: Comment) -> EmbeddedComment:
    """Return the comment without markup, and with the embedding of its normalised text."""
    plain = replace(comment, text=strip_markup(comment.text).text)
    return EmbeddedComment(plain, embed_passage(encoder, Passage(comment.text)))


def embed_passage(encoder: Encoder, passage: Passage) -> Vector:
    """Return the embedding of a parent or an earlier comment, which is computed unless the passage has one."""
    if passage.vector is not None:
        return passage.vector
    vector: Vector = encoder.embed([normalise(passage.text, html=True).text])[0]
    return vector


def embed_article(encoder: Encoder, article: Article) -> Article:
    """Return the article with embeddings of its title and passages: about 5 ms per passage, 40 passages at most."""
    return replace(article, vectors=article_vectors(encoder, article))


def article_vectors(encoder: Encoder, article: Article) -> ArticleVectors:
    """Return the article's embeddings, which are computed unless it has some from this encoder."""
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
    """Return options for one thread per call: the service runs comments in parallel, and idle threads would spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options
