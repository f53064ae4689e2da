"""API tokens: making, telling apart, listing and revoking them. What a token may do is in `domain.rights`.

A token reads `cd_<id>_<random>`: the id finds its row, the random part (200 bits) proves it. Only the SHA-256
of the whole is kept. A fast hash is right here, unlike for passwords: nobody can try 2^200 random strings.
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
from service.store.access.tokens import TokenFacts
from service.store.insights import audit_log

PREFIX = "cd"
ID_BYTES = 8
RANDOM_BYTES = 25
_PARTS = 3
# Compared with when there is no such id, so that both ways cost the same.
_NO_HASH = "0" * 64


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal; only for secrets that we made at random ourselves."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def authenticate_token(runtime: Runtime, secret: str) -> Caller:
    """Whom a token acts for; raises NotAuthenticated. One read by primary key: a revocation holds at once."""
    parts = secret.split("_", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != PREFIX or not parts[1].isalnum():
        raise NotAuthenticated
    with runtime.database.reading() as connection:
        token = store.find_token(connection, token_id=parts[1])
    matches = hmac.compare_digest(hash_secret(secret), token.secret_hash if token else _NO_HASH)
    if token is None or not matches:
        raise NotAuthenticated
    _require_usable(token.facts, runtime.clock())
    return Caller(site=token.facts.site, name=f"token:{token.facts.id}", rights=token.facts.rights)


def create_token(
    runtime: Runtime, caller: Caller, *, name: str, rights: Collection[Right], expires_at: datetime | None
) -> tuple[str, TokenFacts]:
    """Makes a token for the caller's site: its secret, which is never to be had again, and its facts."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    token_id = secrets.token_hex(ID_BYTES)
    # No capitals: Akismet's older clients send their key as part of a host's name, which has none.
    random = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode().lower()
    secret = f"{PREFIX}_{token_id}_{random}"
    facts = TokenFacts(
        id=token_id,
        site=caller.site,
        name=name,
        rights=frozenset(rights),
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    with runtime.database.writing() as connection:
        store.add_token(connection, facts=facts, secret_hash=hash_secret(secret))
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="token.created",
            subject=f"token:{token_id}",
            details={"name": name, "rights": sorted(facts.rights)},
            now=now,
        )
    return secret, facts


def list_tokens(runtime: Runtime, caller: Caller) -> list[TokenFacts]:
    """The site's tokens, oldest first."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return store.list_tokens(connection, site=caller.site)


def revoke_token(runtime: Runtime, caller: Caller, *, token_id: str) -> None:
    """Ends a token at once and for good; raises NotFound for one that this site does not have."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        token = store.find_token(connection, token_id=token_id)
        if token is None or token.facts.site != caller.site:
            raise NotFound
        store.revoke_token(connection, site=caller.site, token_id=token_id, now=now)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="token.revoked",
            subject=f"token:{token_id}",
            details={},
            now=now,
        )


def _require_usable(facts: TokenFacts, now: datetime) -> None:
    # Said only to who holds the secret: it helps them, and tells nobody else anything.
    if facts.revoked_at is not None:
        raise NotAuthenticated("This token was revoked.")
    if facts.expires_at is not None and facts.expires_at <= now:
        raise NotAuthenticated("This token has expired.")
