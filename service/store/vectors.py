"""Embeddings as bytes for the database: little-endian 32-bit floats, without any loss of precision."""

import numpy as np

from models.comment import Vector


def pack(vector: Vector | None) -> bytes | None:
    """Return the bytes of an array of any shape. The shape is not stored."""
    return None if vector is None else np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(data: bytes | None) -> Vector | None:
    """Return the array of these bytes, in one dimension."""
    return None if data is None else np.frombuffer(data, dtype="<f4").astype(np.float32)
