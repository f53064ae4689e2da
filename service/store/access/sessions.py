"""Sessions and sign-in links. Only the hash of their secret is stored, and they are found by it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from service.domain.rights import Role
from service.store.tables import memberships, sessions, sign_in_links, sites, users


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session of a user on a site. Every form must send its `form_key`, against cross-site request forgery."""

    user_id: str
    user_name: str
    site: str
    site_name: str
    role: Role
    form_key: str
    expires_at: datetime


def add_session(
    connection: Connection,
    *,
    secret_hash: str,
    user_id: str,
    site: str,
    form_key: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Add a session."""
    connection.execute(
        insert(sessions).values(
            secret_hash=secret_hash,
            user_id=user_id,
            site=site,
            form_key=form_key,
            created_at=now,
            expires_at=expires_at,
        )
    )


def find_session(connection: Connection, *, secret_hash: str, now: datetime) -> Session | None:
    """Return the session. None if it has expired, or its user is disabled or no longer has a role on its site."""
    query = (
        select(sessions, users.c.name, memberships.c.role, sites.c.name.label("site_name"))
        .join(users, users.c.id == sessions.c.user_id)
        .join(sites, sites.c.id == sessions.c.site)
        .join(
            memberships,
            (memberships.c.user_id == sessions.c.user_id) & (memberships.c.site == sessions.c.site),
        )
        .where(sessions.c.secret_hash == secret_hash, sessions.c.expires_at > now, users.c.disabled_at.is_(None))
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return Session(
        user_id=row["user_id"],
        user_name=row["name"],
        site=row["site"],
        site_name=row["site_name"],
        role=Role(row["role"]),
        form_key=row["form_key"],
        expires_at=row["expires_at"],
    )


def set_site(connection: Connection, *, secret_hash: str, site: str) -> None:
    """Switch a session to another site."""
    connection.execute(update(sessions).where(sessions.c.secret_hash == secret_hash).values(site=site))


def end_session(connection: Connection, *, secret_hash: str) -> None:
    """End one session."""
    connection.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash))


def end_sessions(connection: Connection, *, user_id: str) -> None:
    """End all sessions of a user and delete their sign-in links."""
    connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
    drop_links(connection, user_id=user_id)


def drop_expired(connection: Connection, *, now: datetime) -> None:
    """Delete expired sessions and links."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now))


def add_link(connection: Connection, *, secret_hash: str, user_id: str, expires_at: datetime) -> None:
    """Add a sign-in link."""
    connection.execute(insert(sign_in_links).values(secret_hash=secret_hash, user_id=user_id, expires_at=expires_at))


def drop_links(connection: Connection, *, user_id: str) -> None:
    """Delete a user's links."""
    connection.execute(delete(sign_in_links).where(sign_in_links.c.user_id == user_id))


def use_link(connection: Connection, *, secret_hash: str, now: datetime) -> str | None:
    """Use a link and return its user's id. None if it is unknown, expired or used, or its user is disabled.

    A single UPDATE checks the link and marks it as used, so that only one of two simultaneous clicks succeeds.
    """
    used = connection.execute(
        update(sign_in_links)
        .where(
            sign_in_links.c.secret_hash == secret_hash,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
    )
    if used.rowcount == 0:
        return None
    query = (
        select(users.c.id)
        .join(sign_in_links, sign_in_links.c.user_id == users.c.id)
        .where(sign_in_links.c.secret_hash == secret_hash, users.c.disabled_at.is_(None))
    )
    return connection.execute(query).scalar_one_or_none()
