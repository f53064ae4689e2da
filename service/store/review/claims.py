"""Claims: who is looking at which comment, until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from service.store.tables import claims, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody looks at a comment until a time; looking on makes it later."""

    comment_id: str
    person_id: str
    person_name: str
    until: datetime


def take_claim(
    connection: Connection,
    *,
    site: str,
    comment_id: str,
    person_id: str,
    now: datetime,
    until: datetime,
    by_force: bool,
) -> bool:
    """Claims a comment, or claims it for longer; False, changing nothing, while somebody else has it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"site": site, "comment_id": comment_id, "person_id": person_id, "until": until}
    statement = dialect.insert(claims).values(values)
    free = None if by_force else or_(claims.c.person_id == person_id, claims.c.until <= now)
    statement = statement.on_conflict_do_update(
        index_elements=["site", "comment_id"], set_={"person_id": person_id, "until": until}, where=free
    )
    return connection.execute(statement.returning(claims.c.comment_id)).one_or_none() is not None


def drop_claims(
    connection: Connection,
    *,
    site: str,
    comment_ids: Collection[str],
    person_id: str | None,
    latest: datetime | None = None,
) -> None:
    """Lets comments go; with a person, only that one's claims; with a time, only those that end by then."""
    statement = delete(claims).where(claims.c.site == site, claims.c.comment_id.in_(comment_ids))
    if person_id is not None:
        statement = statement.where(claims.c.person_id == person_id)
    if latest is not None:
        statement = statement.where(claims.c.until <= latest)
    connection.execute(statement)


def list_claims(connection: Connection, *, site: str, comment_ids: Collection[str], now: datetime) -> dict[str, Claim]:
    """The claims on these comments that hold now, by comment."""
    query = (
        select(claims.c.comment_id, claims.c.person_id, people.c.name, claims.c.until)
        .join(people, people.c.id == claims.c.person_id)
        .where(claims.c.site == site, claims.c.comment_id.in_(comment_ids), claims.c.until > now)
    )
    return {
        row.comment_id: Claim(comment_id=row.comment_id, person_id=row.person_id, person_name=row.name, until=row.until)
        for row in connection.execute(query)
    }


def drop_expired(connection: Connection, *, now: datetime) -> None:
    """Forgets the claims that have run out, but for those that somebody is just renewing or dropping."""
    key = (claims.c.site, claims.c.comment_id)
    # Waiting for one while holding others would be a deadlock with whoever decides many comments at once.
    free = select(*key).where(claims.c.until <= now).with_for_update(skip_locked=True)
    connection.execute(delete(claims).where(tuple_(*key).in_(free)))
