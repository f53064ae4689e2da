"""Authors: the people who comment, as far as the CMS tells, and what became of their comments."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from service.domain.policy.rules import Trust
from service.store.tables import authors, comments, row_as_dict
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author of one site; `id` is a keyed hash of the CMS's own unless a setting says otherwise."""

    site: str
    id: str
    name: str | None
    trust: Trust
    trust_note: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRecord:
    """An author and how many of their comments are in each state now."""

    author: Author
    approved: int
    rejected: int
    held: int


def see_author(connection: Connection, *, site: str, author_id: str, name: str | None, now: datetime) -> None:
    """Notes that this author exists, and their newest name."""
    values = {
        "site": site,
        "id": author_id,
        "name": name,
        "trust": str(Trust.NORMAL),
        "trust_note": "",
        "first_seen_at": now,
    }
    if not insert_new(connection, authors, values) and name is not None:
        this = (authors.c.site == site) & (authors.c.id == author_id)
        connection.execute(update(authors).where(this, authors.c.name.is_distinct_from(name)).values(name=name))


def find_author(connection: Connection, *, site: str, author_id: str) -> Author | None:
    """The author with this (kept) id."""
    query = select(authors).where(authors.c.site == site, authors.c.id == author_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Author(**{**row_as_dict(row), "trust": Trust(row.trust)})


def set_trust(connection: Connection, *, site: str, author_id: str, trust: Trust, note: str) -> None:
    """Trusts, suspends or neither."""
    this = (authors.c.site == site) & (authors.c.id == author_id)
    connection.execute(update(authors).where(this).values(trust=str(trust), trust_note=note))


def read_author_record(connection: Connection, *, site: str, author_id: str) -> AuthorRecord | None:
    """The author with counts of their comments by state."""
    author = find_author(connection, site=site, author_id=author_id)
    if author is None:
        return None
    query = (
        select(comments.c.state, func.count())
        .where(comments.c.site == site, comments.c.author_id == author_id)
        .group_by(comments.c.state)
    )
    counts = {state: int(count) for state, count in connection.execute(query)}
    return AuthorRecord(
        author=author,
        approved=counts.get("approved", 0),
        rejected=counts.get("rejected", 0),
        held=counts.get("held", 0),
    )
