"""API tokens. Only the hash of a token's secret is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from service.domain.rights import Right
from service.store.tables import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """A token without the hash of its secret."""

    id: str
    site: str
    name: str
    rights: frozenset[Right]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """A token with the SHA-256 of its secret, in hexadecimal."""

    secret_hash: str
    info: TokenInfo


def add_token(connection: Connection, *, info: TokenInfo, secret_hash: str) -> None:
    """Add a token."""
    values: dict[str, Any] = {
        "id": info.id,
        "site": info.site,
        "name": info.name,
        "secret_hash": secret_hash,
        "rights": sorted(info.rights),
        "created_at": info.created_at,
        "expires_at": info.expires_at,
    }
    connection.execute(insert(tokens).values(**values))


def find_token(connection: Connection, *, token_id: str) -> StoredToken | None:
    """Return the token with this id, of any site."""
    row = connection.execute(select(tokens).where(tokens.c.id == token_id)).mappings().first()
    return StoredToken(secret_hash=row["secret_hash"], info=_token_info(row)) if row else None


def list_tokens(connection: Connection, *, site: str) -> list[TokenInfo]:
    """Return a site's tokens, oldest first, including revoked and expired ones."""
    query = select(tokens).where(tokens.c.site == site).order_by(tokens.c.created_at, tokens.c.id)
    return [_token_info(row) for row in connection.execute(query).mappings()]


def revoke_token(connection: Connection, *, site: str, token_id: str, now: datetime) -> None:
    """Mark a token as revoked. If it is revoked already, `revoked_at` stays."""
    connection.execute(
        update(tokens)
        .where(tokens.c.site == site, tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _token_info(row: RowMapping) -> TokenInfo:
    return TokenInfo(
        id=row["id"],
        site=row["site"],
        name=row["name"],
        rights=frozenset(Right(name) for name in row["rights"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
