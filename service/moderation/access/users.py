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

from service.domain.errors import NotAllowed, NotFound, UserInvalid
from service.domain.rights import Caller, Right, Role
from service.moderation.access import passwords
from service.moderation.access.tokens import hash_secret
from service.moderation.runtime import Runtime
from service.store.access import sessions
from service.store.access import users as store
from service.store.access.users import Member, User
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


def add_user(runtime: Runtime, caller: Caller, *, email: str, name: str, role: Role) -> User:
    """Takes somebody on with a role on the caller's site; who is there already gets that role.

    Raises UserInvalid for what is no address.
    """
    caller.require(Right.MANAGE)
    email = _checked_email(email)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        user_id = secrets.token_hex(ID_BYTES)
        store.add_user(connection, user_id=user_id, email=email, name=name.strip() or email, now=now)
        user = _found(connection, email)
        store.set_role(connection, user_id=user.id, site=caller.site, role=role)
        _record(runtime, connection, caller, user, "person.added", {"role": str(role)})
    return user


def list_users(runtime: Runtime, caller: Caller) -> list[Member]:
    """The site's people by name."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return store.list_members(connection, site=caller.site)


def disable_user(runtime: Runtime, caller: Caller, *, email: str) -> None:
    """Shuts somebody out and ends their sessions and links; raises NotFound, NotAllowed."""
    with runtime.database.writing() as connection:
        user = _governed(connection, caller, email)
        store.set_disabled(connection, user_id=user.id, disabled_at=runtime.clock())
        sessions.end_sessions(connection, user_id=user.id)
        _record(runtime, connection, caller, user, "person.disabled", {})


def enable_user(runtime: Runtime, caller: Caller, *, email: str) -> None:
    """Lets somebody in again; raises NotFound, NotAllowed."""
    with runtime.database.writing() as connection:
        user = _governed(connection, caller, email)
        store.set_disabled(connection, user_id=user.id, disabled_at=None)
        _record(runtime, connection, caller, user, "person.enabled", {})


def set_password(runtime: Runtime, caller: Caller, *, email: str, password: str) -> None:
    """Gives somebody a password and ends their sessions; raises NotFound, NotAllowed, UserInvalid."""
    password_hash = passwords.hash_password(password)
    with runtime.database.writing() as connection:
        user = _governed(connection, caller, email)
        store.set_password_hash(connection, user_id=user.id, password_hash=password_hash)
        sessions.end_sessions(connection, user_id=user.id)
        _record(runtime, connection, caller, user, "person.password_set", {})


def create_sign_in_link(runtime: Runtime, caller: Caller, *, email: str, valid_for: timedelta = LINK_VALIDITY) -> str:
    """The address that signs somebody in once; it replaces an earlier one. Raises NotFound, NotAllowed."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    with runtime.database.writing() as connection:
        user = _governed(connection, caller, email)
        if user.disabled_at is not None:
            raise NotAllowed("This person is disabled.")
        sessions.drop_links(connection, user_id=user.id)
        sessions.add_link(
            connection,
            secret_hash=hash_secret(secret),
            user_id=user.id,
            expires_at=runtime.clock() + valid_for,
        )
        _record(runtime, connection, caller, user, "person.link_made", {})
    return f"{runtime.settings.resolved_public_url}/sign-in/{secret}"


def read_names(runtime: Runtime, *, actors: Collection[str]) -> dict[str, str]:
    """The names of people among actors (`user:<id>`), by actor; tokens and the machine have none."""
    ids = [actor.partition(":")[2] for actor in actors if actor.startswith("user:")]
    with runtime.database.reading() as connection:
        return {f"user:{key}": name for key, name in store.read_names(connection, user_ids=ids).items()}


def _checked_email(email: str) -> str:
    email = normalise_email(email)
    if len(email) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(email):
        raise UserInvalid("That is not an e-mail address.", field="email")
    return email


def _found(connection: Connection, email: str) -> User:
    user = store.find_user(connection, email=email)
    if user is None:
        raise NotFound("Nobody here has that address.")
    return user


def _governed(connection: Connection, caller: Caller, email: str) -> User:
    caller.require(Right.MANAGE)
    user = _found(connection, normalise_email(email))
    roles = store.read_roles(connection, user_id=user.id)
    if caller.site not in roles:
        raise NotFound("Nobody here has that address.")
    if caller.name != OPERATOR and set(roles) != {caller.site}:
        raise NotAllowed("This person belongs to other sites too: only the operator can do that.")
    return user


def _record(
    runtime: Runtime, connection: Connection, caller: Caller, user: User, action: str, facts: dict[str, str]
) -> None:
    audit_log.record(
        connection,
        site=caller.site,
        actor=caller.name,
        action=action,
        subject=f"user:{user.id}",
        details=facts,
        now=runtime.clock(),
    )
