"""Embeddings as bytes: little-endian 32-bit floats, so that a stored one scores exactly as a fresh one."""

import numpy as np

from models.comment import Vector


def pack(vector: Vector | None) -> bytes | None:
    """The bytes of an array of any shape."""
    return None if vector is None else np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(data: bytes | None) -> Vector | None:
    """The flat array."""
    return None if data is None else np.frombuffer(data, dtype="<f4").astype(np.float32)
