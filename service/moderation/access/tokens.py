"""API tokens: creating, authenticating, listing and revoking them.

A token has the form `cd_<id>_<random>`. The id finds its row, and the random part (200 bits) proves that it is genuine.
Only the SHA-256 of the whole token is stored. Unlike for passwords, a fast hash is enough: nobody can try 2^200 random
strings.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime

from service.domain.errors import NotAuthenticated, NotFound
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.access import tokens as store
from service.store.access.tokens import TokenInfo
from service.store.insights import audit_log

TOKEN_PREFIX = "cd"  # noqa: S105  a prefix, not a secret
ID_BYTES = 8
RANDOM_BYTES = 25
_PARTS = 3
# Compared with if the id is unknown, so that the response takes the same time.
_NO_HASH = "0" * 64


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal. Only for secrets that were generated at random here."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def authenticate_token(runtime: Runtime, secret: str) -> Caller:
    """Return the caller that a token stands for. Raises NotAuthenticated.

    Every call reads the token from the database, so that a revocation applies at once.
    """
    parts = secret.split("_", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != TOKEN_PREFIX or not parts[1].isalnum():
        raise NotAuthenticated
    with runtime.database.reading() as connection:
        token = store.find_token(connection, token_id=parts[1])
    matches = hmac.compare_digest(hash_secret(secret), token.secret_hash if token else _NO_HASH)
    if token is None or not matches:
        raise NotAuthenticated
    _require_usable(token.info, runtime.clock())
    return Caller(site=token.info.site, name=f"token:{token.info.id}", rights=token.info.rights)


def create_token(
    runtime: Runtime, caller: Caller, *, name: str, rights: Collection[Right], expires_at: datetime | None
) -> tuple[str, TokenInfo]:
    """Create a token for the caller's site. Return its secret, which cannot be read again, and its properties."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    token_id = secrets.token_hex(ID_BYTES)
    # Lowercase, because older clients of Akismet send their key as part of a host name.
    random = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode().lower()
    secret = f"{TOKEN_PREFIX}_{token_id}_{random}"
    info = TokenInfo(
        id=token_id,
        site=caller.site,
        name=name,
        rights=frozenset(rights),
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    with runtime.database.writing() as connection:
        store.add_token(connection, info=info, secret_hash=hash_secret(secret))
        subject, names = f"token:{token_id}", sorted(info.rights)
        audit_log.record(connection, caller, "token.created", subject=subject, now=now, name=name, rights=names)
    return secret, info


def list_tokens(runtime: Runtime, caller: Caller) -> list[TokenInfo]:
    """Return the site's tokens, oldest first."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return store.list_tokens(connection, site=caller.site)


def revoke_token(runtime: Runtime, caller: Caller, *, token_id: str) -> None:
    """Revoke a token at once and for good. Raises NotFound if the site does not have it."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        token = store.find_token(connection, token_id=token_id)
        if token is None or token.info.site != caller.site:
            raise NotFound
        store.revoke_token(connection, site=caller.site, token_id=token_id, now=now)
        audit_log.record(connection, caller, "token.revoked", subject=f"token:{token_id}", now=now)


def _require_usable(info: TokenInfo, now: datetime) -> None:
    # Only someone with the right secret sees these details.
    if info.revoked_at is not None:
        raise NotAuthenticated("This token was revoked.")
    if info.expires_at is not None and info.expires_at <= now:
        raise NotAuthenticated("This token has expired.")
