"""Users and their roles on sites."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from service.domain.rights import Role
from service.store.tables import memberships, users
from service.store.upsert import insert_new, upsert_row


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who can sign in, with a password or, without one, only with a sign-in link."""

    id: str
    email: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A user with their role on one site."""

    user: User
    role: Role


def add_user(connection: Connection, *, user_id: str, email: str, name: str, now: datetime) -> bool:
    """Add a user without a password or role. Return False if the e-mail address is taken."""
    return insert_new(connection, users, {"id": user_id, "email": email, "name": name, "created_at": now})


def find_user(connection: Connection, *, email: str) -> User | None:
    """Return the user with this e-mail address, which must be in lowercase."""
    row = connection.execute(select(users).where(users.c.email == email)).mappings().first()
    return _user(row) if row else None


def read_password_hash(connection: Connection, *, email: str) -> tuple[User, str | None] | None:
    """Return the user with this e-mail address, and the hash of their password if they have one."""
    row = connection.execute(select(users).where(users.c.email == email)).mappings().first()
    return (_user(row), row["password_hash"]) if row else None


def read_names(connection: Connection, *, user_ids: Collection[str]) -> dict[str, str]:
    """Return the names of existing users by id."""
    query = select(users.c.id, users.c.name).where(users.c.id.in_(sorted(user_ids)))
    return {row.id: row.name for row in connection.execute(query)}


def set_password_hash(connection: Connection, *, user_id: str, password_hash: str) -> None:
    """Set or replace a user's password."""
    connection.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))


def renew_password_hash(connection: Connection, *, user_id: str, old: str, new: str) -> None:
    """Replace the hash `old` of a password by a stronger one, unless the password was changed in the meantime."""
    has_old_hash = (users.c.id == user_id) & (users.c.password_hash == old)
    connection.execute(update(users).where(has_old_hash).values(password_hash=new))


def set_disabled(connection: Connection, *, user_id: str, disabled_at: datetime | None) -> None:
    """Disable a user; None enables the user again."""
    connection.execute(update(users).where(users.c.id == user_id).values(disabled_at=disabled_at))


def set_role(connection: Connection, *, user_id: str, site: str, role: Role) -> None:
    """Give a user a role on a site, replacing an earlier one."""
    upsert_row(connection, memberships, {"user_id": user_id, "site": site, "role": str(role)})


def read_roles(connection: Connection, *, user_id: str) -> dict[str, Role]:
    """Return a user's roles by site, ordered by site."""
    query = select(memberships).where(memberships.c.user_id == user_id).order_by(memberships.c.site)
    return {row.site: Role(row.role) for row in connection.execute(query)}


def list_members(connection: Connection, *, site: str) -> list[Member]:
    """Return a site's users, ordered by name, including disabled ones."""
    query = (
        select(users, memberships.c.role)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.site == site)
        .order_by(users.c.name, users.c.id)
    )
    return [Member(user=_user(row), role=Role(row["role"])) for row in connection.execute(query).mappings()]


def _user(row: RowMapping) -> User:
    return User(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        has_password=row["password_hash"] is not None,
    )
