"""Claims: a claim reserves a comment for the user who is reviewing it, until it expires."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from service.store.tables import claims, users


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of a user on a comment. It expires at `expires_at` unless it is renewed."""

    comment_id: str
    user_id: str
    user_name: str
    expires_at: datetime


def take_claim(
    connection: Connection,
    *,
    site: str,
    comment_id: str,
    user_id: str,
    now: datetime,
    expires_at: datetime,
    by_force: bool,
) -> bool:
    """Claim a comment, or renew the user's own claim. Return False if another user has an unexpired claim.

    With `by_force`, take over the other user's claim.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"site": site, "comment_id": comment_id, "user_id": user_id, "expires_at": expires_at}
    statement = dialect.insert(claims).values(values)
    # The upsert only replaces a claim if this condition holds. Otherwise it returns no row.
    is_available = None if by_force else or_(claims.c.user_id == user_id, claims.c.expires_at <= now)
    statement = statement.on_conflict_do_update(
        index_elements=["site", "comment_id"], set_={"user_id": user_id, "expires_at": expires_at}, where=is_available
    )
    return connection.execute(statement.returning(claims.c.comment_id)).one_or_none() is not None


def drop_claims(
    connection: Connection,
    *,
    site: str,
    comment_ids: Collection[str],
    user_id: str | None,
    latest: datetime | None = None,
) -> None:
    """Delete the claims on these comments: if given, only those of one user, and only those that expire by `latest`."""
    statement = delete(claims).where(claims.c.site == site, claims.c.comment_id.in_(comment_ids))
    if user_id is not None:
        statement = statement.where(claims.c.user_id == user_id)
    if latest is not None:
        statement = statement.where(claims.c.expires_at <= latest)
    connection.execute(statement)


def list_claims(connection: Connection, *, site: str, comment_ids: Collection[str], now: datetime) -> dict[str, Claim]:
    """Return the unexpired claims on these comments, by comment id."""
    query = (
        select(claims.c.comment_id, claims.c.user_id, users.c.name, claims.c.expires_at)
        .join(users, users.c.id == claims.c.user_id)
        .where(claims.c.site == site, claims.c.comment_id.in_(comment_ids), claims.c.expires_at > now)
    )
    return {
        row.comment_id: Claim(
            comment_id=row.comment_id, user_id=row.user_id, user_name=row.name, expires_at=row.expires_at
        )
        for row in connection.execute(query)
    }


def drop_expired(connection: Connection, *, now: datetime) -> None:
    """Delete expired claims, except those that another transaction is changing."""
    key = (claims.c.site, claims.c.comment_id)
    # Waiting for a locked row while holding others could deadlock with a bulk action.
    expired = select(*key).where(claims.c.expires_at <= now).with_for_update(skip_locked=True)
    connection.execute(delete(claims).where(tuple_(*key).in_(expired)))
