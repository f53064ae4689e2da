"""People and their roles on sites, in the database. Sessions and sign-in links are in `store.sessions`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from service.domain.rights import Role
from service.store.tables import memberships, people
from service.store.upsert import insert_new, put_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in; `has_password` is false where only links are used."""

    id: str
    email: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with the role that they have on one site."""

    person: Person
    role: Role


def add_person(connection: Connection, *, person_id: str, email: str, name: str, now: datetime) -> bool:
    """Adds somebody without a password and without a role anywhere; False where the address is known."""
    return insert_new(connection, people, {"id": person_id, "email": email, "name": name, "created_at": now})


def find_person(connection: Connection, *, email: str) -> Person | None:
    """The person with this address, which is stored in lower case."""
    row = connection.execute(select(people).where(people.c.email == email)).mappings().first()
    return _person(row) if row else None


def read_password_hash(connection: Connection, *, email: str) -> tuple[Person, str | None] | None:
    """The person with this address and what their password is compared with."""
    row = connection.execute(select(people).where(people.c.email == email)).mappings().first()
    return (_person(row), row["password_hash"]) if row else None


def read_names(connection: Connection, *, person_ids: Collection[str]) -> dict[str, str]:
    """Names by id, of those that exist."""
    query = select(people.c.id, people.c.name).where(people.c.id.in_(sorted(person_ids)))
    return {row.id: row.name for row in connection.execute(query)}


def set_password_hash(connection: Connection, *, person_id: str, password_hash: str) -> None:
    """Puts another password in place."""
    connection.execute(update(people).where(people.c.id == person_id).values(password_hash=password_hash))


def renew_password_hash(connection: Connection, *, person_id: str, old: str, new: str) -> None:
    """Puts another hash of the same password in place, unless the password has been changed meanwhile."""
    same = (people.c.id == person_id) & (people.c.password_hash == old)
    connection.execute(update(people).where(same).values(password_hash=new))


def set_disabled(connection: Connection, *, person_id: str, disabled_at: datetime | None) -> None:
    """Shuts somebody out, or (None) lets them in again."""
    connection.execute(update(people).where(people.c.id == person_id).values(disabled_at=disabled_at))


def set_role(connection: Connection, *, person_id: str, site: str, role: Role) -> None:
    """Gives somebody a role on a site, in place of the one that they had there."""
    put_row(connection, memberships, {"person_id": person_id, "site": site, "role": str(role)})


def read_roles(connection: Connection, *, person_id: str) -> dict[str, Role]:
    """Somebody's role by site, in the order of the sites' ids."""
    query = select(memberships).where(memberships.c.person_id == person_id).order_by(memberships.c.site)
    return {row.site: Role(row.role) for row in connection.execute(query)}


def list_members(connection: Connection, *, site: str) -> list[Member]:
    """A site's people by name, the disabled among them."""
    query = (
        select(people, memberships.c.role)
        .join(memberships, memberships.c.person_id == people.c.id)
        .where(memberships.c.site == site)
        .order_by(people.c.name, people.c.id)
    )
    return [Member(person=_person(row), role=Role(row["role"])) for row in connection.execute(query).mappings()]


def _person(row: RowMapping) -> Person:
    return Person(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        has_password=row["password_hash"] is not None,
    )
