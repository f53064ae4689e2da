"""Embeddings as bytes: little-endian 32-bit floats, so that a stored embedding gives exactly the same scores."""

import numpy as np

from models.comment import Vector


def pack(vector: Vector | None) -> bytes | None:
    """Return the bytes of an array of any shape."""
    return None if vector is None else np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(data: bytes | None) -> Vector | None:
    """Return the array in one dimension."""
    return None if data is None else np.frombuffer(data, dtype="<f4").astype(np.float32)
