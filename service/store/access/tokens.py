"""API tokens in the database: facts and the hash of the secret, never the secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from service.domain.rights import Right
from service.store.tables import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What may be shown of a token."""

    id: str
    site: str
    name: str
    rights: frozenset[Right]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """A token as it is compared with a secret: SHA-256 in hexadecimal beside the facts."""

    secret_hash: str
    facts: TokenFacts


def add_token(connection: Connection, *, facts: TokenFacts, secret_hash: str) -> None:
    """Adds a token."""
    values: dict[str, Any] = {
        "id": facts.id,
        "site": facts.site,
        "name": facts.name,
        "secret_hash": secret_hash,
        "rights": sorted(facts.rights),
        "created_at": facts.created_at,
        "expires_at": facts.expires_at,
    }
    connection.execute(insert(tokens).values(**values))


def find_token(connection: Connection, *, token_id: str) -> StoredToken | None:
    """The token with this id, of whatever site: one read by primary key."""
    row = connection.execute(select(tokens).where(tokens.c.id == token_id)).mappings().first()
    return StoredToken(secret_hash=row["secret_hash"], facts=_facts(row)) if row else None


def list_tokens(connection: Connection, *, site: str) -> list[TokenFacts]:
    """A site's tokens, oldest first, the revoked and expired among them."""
    query = select(tokens).where(tokens.c.site == site).order_by(tokens.c.created_at, tokens.c.id)
    return [_facts(row) for row in connection.execute(query).mappings()]


def revoke_token(connection: Connection, *, site: str, token_id: str, now: datetime) -> None:
    """Marks a token as revoked; a revoked one keeps its first time."""
    connection.execute(
        update(tokens)
        .where(tokens.c.site == site, tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _facts(row: RowMapping) -> TokenFacts:
    return TokenFacts(
        id=row["id"],
        site=row["site"],
        name=row["name"],
        rights=frozenset(Right(name) for name in row["rights"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
