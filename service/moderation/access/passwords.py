"""Passwords: hashing and comparing them with Argon2id, at the same cost whether there is one or not."""

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.errors import UserInvalid

MIN_CHARS = 12
MAX_CHARS = 1_000

# OWASP's recommendation for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)

# The hash of a password that nobody knows, made with the same costs: compared with where there is none.
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$Ldh2GrrWufGq96BeoVSYiQ$zUokfQB4vlnt83vvwYorXgv7ZlflJl2mmuKqIiWEDg4"


def hash_password(password: str) -> str:
    """The hash to keep; raises UserInvalid where the password is too short or absurdly long."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise UserInvalid(f"A password has at least {MIN_CHARS} characters.", field="password")
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is none to compare with."""
    if len(password) > MAX_CHARS:
        password = ""
    try:
        _HASHER.verify(password_hash or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def renew(password_hash: str, password: str) -> str | None:
    """A new hash of the password that this is the hash of; None where it was made at today's costs already."""
    return _HASHER.hash(password) if _HASHER.check_needs_rehash(password_hash) else None
