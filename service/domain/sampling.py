"""Random sampling that cannot be predicted from outside and gives the same result when it is repeated."""

import hashlib
import hmac


def sampling_draw(secret_key: bytes, *parts: object) -> float:
    """Return a number from 0 to below 1 that depends on the key and the parts alone.

    An item is in a sample of the share p if its number is below p. A keyed hash takes the place of a random generator:
    without the key nobody can tell which items are sampled, and an item that arrives twice gets the same number twice.
    """
    message = "\x00".join(str(part) for part in parts).encode()
    digest = hmac.new(secret_key, message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) / 2**64
