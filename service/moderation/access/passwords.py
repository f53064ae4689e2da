"""Hashing and checking of passwords with Argon2id. A check takes the same time whether there is a password or not."""

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.errors import UserInvalid

MIN_CHARS = 12
MAX_CHARS = 1_000

# The parameters that OWASP recommends (Password Storage Cheat Sheet): 19 MiB of memory, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)

# The hash of an unknown password with the same parameters. It is used where a user does not exist or has no password.
DUMMY_HASH = "$argon2id$v=19$m=19456,t=2,p=1$Ldh2GrrWufGq96BeoVSYiQ$zUokfQB4vlnt83vvwYorXgv7ZlflJl2mmuKqIiWEDg4"


def hash_password(password: str) -> str:
    """Return the hash of a password. Raises UserInvalid if it is too short or too long."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise UserInvalid(f"A password has at least {MIN_CHARS} characters.", field="password")
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether this is the password. The check takes the same time if there is no hash."""
    if len(password) > MAX_CHARS:
        # No password is so long, and hashing such a text would take long.
        password = ""
    try:
        _HASHER.verify(password_hash or DUMMY_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def renew(password_hash: str, password: str) -> str | None:
    """Return a new hash of a correct password; None if the present one already has today's parameters."""
    return _HASHER.hash(password) if _HASHER.check_needs_rehash(password_hash) else None
