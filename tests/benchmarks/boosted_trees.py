"""Compare the boosted trees with the same trees as ONNX: `python -m tests.benchmarks.boosted_trees`.

The converter belongs to no extra of ours and, at 1.20, fails with protobuf 7. Install it into a virtual environment of
its own: `pip install -e ".[training]" skl2onnx "protobuf<7"`. Nothing is written; the figures are in
docs/decisions/boosted-trees.md.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import skops.io
from numpy.typing import NDArray
from rich.console import Console
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

from models.comment import Comment
from models.encoder import EmbeddedComment, Encoder
from models.release import Release, newest_release
from models.scorer import Scorer
from models.text.normalise import MAX_CHARS, NormalisedText, normalise
from tests.benchmarks.same_scores import ROOT, generate_comments, read_suite

ROUNDS = 300
BATCHES = (1, 64)
OPSETS = {"": 18, "ai.onnx.ml": 3}

Floats = NDArray[np.float64]
Predict = Callable[[Floats], NDArray[Any]]

out = Console(width=120)


def as_plain(classifier: Any) -> HistGradientBoostingClassifier:
    """Return the same trees as scikit-learn's own class, which is the one that the converter knows."""
    plain = HistGradientBoostingClassifier()
    plain.__dict__.update(classifier.__getstate__())
    return plain


def convert(classifier: Any) -> bytes:
    """Return the classifier as an ONNX file. Raises ValueError with a protobuf that skl2onnx does not know."""
    from skl2onnx import to_onnx  # installed for this comparison alone
    from skl2onnx.common.data_types import FloatTensorType

    # float32, because ONNX Runtime refuses the double graph that skl2onnx writes.
    inputs = [("rows", FloatTensorType([None, classifier.n_features_in_]))]
    model = to_onnx(as_plain(classifier), initial_types=inputs, options={"zipmap": False}, target_opset=OPSETS)
    written: bytes = model.SerializeToString()
    return written


def open_session(written: bytes) -> Predict:
    """Return a function from feature rows (n, features) to probabilities (n, 2), on one thread as in the service."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(written, options, providers=["CPUExecutionProvider"])

    def predict(rows: Floats) -> NDArray[Any]:
        probabilities: NDArray[Any] = session.run(["probabilities"], {"rows": rows.astype(np.float32)})[0]
        return probabilities

    return predict


def prepare_rows(release: Release, comments: Iterable[Comment]) -> Iterator[tuple[str, Floats, Any]]:
    """Yield name, feature rows and classifier of each tree model, for comments as the scorer prepares them."""
    texts = [(comment, normalise(comment.text[:MAX_CHARS], html=True)) for comment in comments]
    embedded = [_embed(release.encoder, comment, text) for comment, text in texts]
    yield "relevance", *_split(release.relevance, embedded)
    yield "coherence", *_split(release.coherence, [text for _, text in texts])


def _embed(encoder: Encoder, comment: Comment, text: NormalisedText) -> EmbeddedComment:
    return EmbeddedComment(replace(comment, text=text.text), encoder.encode(text.text).embedding)


def _split(pipeline: Pipeline, inputs: list[Any]) -> tuple[Floats, Any]:
    (_, features), (_, classifier) = pipeline.steps
    return features.transform(inputs), classifier


def compare_probabilities(rows: Floats, ours: Predict, onnx: Predict, *, threshold: float) -> None:
    """Print how far the two are apart, each row scored by itself, and how many rows cross the threshold."""
    before = np.array([ours(rows[[number]])[0, 1] for number in range(len(rows))])
    after = np.array([onnx(rows[[number]])[0, 1] for number in range(len(rows))], dtype=np.float64)
    distance = np.abs(after - before)
    same = np.mean(after == before)
    rounded = np.mean(np.round(after, 4) == np.round(before, 4))
    crossing = np.sum((after <= threshold) != (before <= threshold))
    out.print(
        f"  {len(rows)} rows: largest difference {distance.max():.2g}, {np.sum(distance > 1e-6)} rows over 1e-6; "
        f"the same to the last digit {same:.1%}, to four decimals {rounded:.2%}; {crossing} cross {threshold:.3g}"
    )


def time_interleaved(rows: Floats, ways: dict[str, Predict]) -> None:
    """Print the median milliseconds a row of each way, the ways taking turns, so that a busy machine slows all."""
    for size in BATCHES:
        times: dict[str, list[float]] = {name: [] for name in ways}
        chance = np.random.default_rng(1)
        gc.disable()
        for _ in range(ROUNDS):
            batch = rows[chance.integers(len(rows), size=size)]
            for name, predict in ways.items():
                started = time.perf_counter()
                predict(batch)
                times[name].append(1000 * (time.perf_counter() - started) / size)
        gc.enable()
        medians = {name: statistics.median(each) for name, each in times.items()}
        out.print(f"  {size} rows: " + ", ".join(f"{name} {value:.4f} ms a row" for name, value in medians.items()))


def measure_files(classifier: Any, written: bytes) -> None:
    """Print what the classifier takes in each form, and the types that only skops has to trust."""
    packed = skops.io.dumps(classifier)
    untrusted = skops.io.get_untrusted_types(data=packed)
    out.print(
        f"  skops {len(packed) / 1024:.0f} kB, ONNX {len(written) / 1024:.0f} kB; trusted: {', '.join(untrusted)}"
    )


def time_whole_comments(scorer: Scorer, comments: list[Comment]) -> float:
    """Return the median milliseconds that all scores of a comment take, without reasons."""
    times = []
    for comment in comments:
        started = time.perf_counter()
        scorer.assess(comment, explain=False)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def main() -> None:
    """Measure both models of the newest release."""
    release = newest_release(Path(ROOT / "models" / "released"))
    comments = list(generate_comments(read_suite()))
    out.print(f"all scores of a comment: {time_whole_comments(Scorer(release), comments[-ROUNDS:]):.0f} ms")
    for name, rows, classifier in prepare_rows(release, comments):
        out.print(f"{name} of {release.version}, {classifier.n_iter_} trees")
        written = convert(classifier)
        onnx, ours = open_session(written), classifier.predict_proba
        compare_probabilities(rows, ours, onnx, threshold=release.card.thresholds.get(name, 0.5))
        time_interleaved(rows, {"hand-written": ours, "ONNX": onnx, "scikit-learn": as_plain(classifier).predict_proba})
        measure_files(classifier, written)


if __name__ == "__main__":
    main()
