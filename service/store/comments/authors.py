"""Authors of comments, with the number of their comments in each state."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from service.domain.policy.site_policy import Trust
from service.store.row_mapping import row_as_dict
from service.store.tables import authors, comments
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author on one site. `id` is a keyed hash of the author's id in the CMS, unless a setting turns hashing off."""

    site: str
    id: str
    name: str | None
    trust: Trust
    trust_note: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRecord:
    """An author with the number of their comments that are approved, rejected and held now."""

    author: Author
    approved: int
    rejected: int
    held: int


def record_author(connection: Connection, *, site: str, author_id: str, name: str | None, now: datetime) -> None:
    """Add an author. If the author is known already, replace their name; None keeps the old name."""
    values = {
        "site": site,
        "id": author_id,
        "name": name,
        "trust": str(Trust.NORMAL),
        "trust_note": "",
        "first_seen_at": now,
    }
    if not insert_new(connection, authors, values) and name is not None:
        is_author = (authors.c.site == site) & (authors.c.id == author_id)
        connection.execute(update(authors).where(is_author, authors.c.name.is_distinct_from(name)).values(name=name))


def find_author(connection: Connection, *, site: str, author_id: str) -> Author | None:
    """Return the author with this id (hashed, as it is stored)."""
    query = select(authors).where(authors.c.site == site, authors.c.id == author_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Author(**row_as_dict(row, trust=Trust(row.trust)))


def set_trust(connection: Connection, *, site: str, author_id: str, trust: Trust, note: str) -> None:
    """Set whether an author is trusted, suspended or neither."""
    is_author = (authors.c.site == site) & (authors.c.id == author_id)
    connection.execute(update(authors).where(is_author).values(trust=str(trust), trust_note=note))


def read_author_record(connection: Connection, *, site: str, author_id: str) -> AuthorRecord | None:
    """Return an author with the number of their comments by state."""
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
