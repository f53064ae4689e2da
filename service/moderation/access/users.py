"""People: taking them on, shutting them out, their passwords. Signing in is in `moderation.sessions`.

A person may belong to several sites, with one password for all. So an admin of one site may shut out, make a
link for or change the password of those only who belong to that site alone; for the others it takes the
operator, at the command line. Otherwise an admin could take over a colleague elsewhere by adding them first.
"""

import re
import secrets
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection

from service.domain.errors import NotAllowed, NotFound, PersonInvalid
from service.domain.rights import Caller, Right, Role
from service.moderation.access import passwords
from service.moderation.access.tokens import hash_secret
from service.moderation.runtime import Desk
from service.store.access import sessions
from service.store.access import users as store
from service.store.access.users import Member, Person
from service.store.insights import audit_log

ID_BYTES = 8
LINK_BYTES = 32
LINK_VALIDITY = timedelta(minutes=15)

OPERATOR = "operator"
MAX_EMAIL_CHARS = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def operator_of(site: str) -> Caller:
    """The command line may do everything on a site: whoever can run it can read the database anyway."""
    return Caller(site=site, name=OPERATOR, rights=frozenset(Right))


def normalise_email(email: str) -> str:
    """An address as it is stored and looked up."""
    return "".join(c for c in email.strip().lower() if c.isprintable())


def add_person(desk: Desk, caller: Caller, *, email: str, name: str, role: Role) -> Person:
    """Takes somebody on with a role on the caller's site; who is there already gets that role.

    Raises PersonInvalid for what is no address.
    """
    caller.require(Right.MANAGE)
    email = _checked_email(email)
    now = desk.clock()
    with desk.database.writing() as connection:
        person_id = secrets.token_hex(ID_BYTES)
        store.add_person(connection, person_id=person_id, email=email, name=name.strip() or email, now=now)
        person = _found(connection, email)
        store.set_role(connection, person_id=person.id, site=caller.site, role=role)
        _record(desk, connection, caller, person, "person.added", {"role": str(role)})
    return person


def list_people(desk: Desk, caller: Caller) -> list[Member]:
    """The site's people by name."""
    caller.require(Right.MANAGE)
    with desk.database.reading() as connection:
        return store.list_members(connection, site=caller.site)


def disable_person(desk: Desk, caller: Caller, *, email: str) -> None:
    """Shuts somebody out and ends their sessions and links; raises NotFound, NotAllowed."""
    with desk.database.writing() as connection:
        person = _governed(connection, caller, email)
        store.set_disabled(connection, person_id=person.id, disabled_at=desk.clock())
        sessions.end_sessions(connection, person_id=person.id)
        _record(desk, connection, caller, person, "person.disabled", {})


def enable_person(desk: Desk, caller: Caller, *, email: str) -> None:
    """Lets somebody in again; raises NotFound, NotAllowed."""
    with desk.database.writing() as connection:
        person = _governed(connection, caller, email)
        store.set_disabled(connection, person_id=person.id, disabled_at=None)
        _record(desk, connection, caller, person, "person.enabled", {})


def set_password(desk: Desk, caller: Caller, *, email: str, password: str) -> None:
    """Gives somebody a password and ends their sessions; raises NotFound, NotAllowed, PersonInvalid."""
    password_hash = passwords.hash_password(password)
    with desk.database.writing() as connection:
        person = _governed(connection, caller, email)
        store.set_password_hash(connection, person_id=person.id, password_hash=password_hash)
        sessions.end_sessions(connection, person_id=person.id)
        _record(desk, connection, caller, person, "person.password_set", {})


def create_sign_in_link(desk: Desk, caller: Caller, *, email: str, valid_for: timedelta = LINK_VALIDITY) -> str:
    """The address that signs somebody in once; it replaces an earlier one. Raises NotFound, NotAllowed."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    with desk.database.writing() as connection:
        person = _governed(connection, caller, email)
        if person.disabled_at is not None:
            raise NotAllowed("This person is disabled.")
        sessions.drop_links(connection, person_id=person.id)
        sessions.add_link(
            connection,
            secret_hash=hash_secret(secret),
            person_id=person.id,
            expires_at=desk.clock() + valid_for,
        )
        _record(desk, connection, caller, person, "person.link_made", {})
    return f"{desk.settings.resolved_public_url}/sign-in/{secret}"


def read_names(desk: Desk, *, actors: Collection[str]) -> dict[str, str]:
    """The names of people among actors (`person:<id>`), by actor; tokens and the machine have none."""
    ids = [actor.partition(":")[2] for actor in actors if actor.startswith("person:")]
    with desk.database.reading() as connection:
        return {f"person:{key}": name for key, name in store.read_names(connection, person_ids=ids).items()}


def _checked_email(email: str) -> str:
    email = normalise_email(email)
    if len(email) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(email):
        raise PersonInvalid("That is not an e-mail address.", field="email")
    return email


def _found(connection: Connection, email: str) -> Person:
    person = store.find_person(connection, email=email)
    if person is None:
        raise NotFound("Nobody here has that address.")
    return person


def _governed(connection: Connection, caller: Caller, email: str) -> Person:
    caller.require(Right.MANAGE)
    person = _found(connection, normalise_email(email))
    roles = store.read_roles(connection, person_id=person.id)
    if caller.site not in roles:
        raise NotFound("Nobody here has that address.")
    if caller.name != OPERATOR and set(roles) != {caller.site}:
        raise NotAllowed("This person belongs to other sites too: only the operator can do that.")
    return person


def _record(
    desk: Desk, connection: Connection, caller: Caller, person: Person, action: str, facts: dict[str, str]
) -> None:
    audit_log.record(
        connection,
        site=caller.site,
        actor=caller.name,
        action=action,
        subject=f"person:{person.id}",
        facts=facts,
        now=desk.clock(),
    )
