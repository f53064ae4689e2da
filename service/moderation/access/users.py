"""Users: adding and disabling them, their passwords and sign-in links.

A user can have roles on several sites, with one password for all of them. Therefore an admin can disable, create a link
for or change the password only of users who belong to that admin's site alone. For all others, only the operator can do
that, at the command line. Otherwise an admin could take over the account of another site's user by adding them first.
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
NO_SUCH_USER = "No user on this site has that e-mail address."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def operator_of(site: str) -> Caller:
    """Return the caller for the command line. It has every right, because the operator can read the database anyway."""
    return Caller(site=site, name=OPERATOR, rights=frozenset(Right))


def normalise_email(email: str) -> str:
    """Return an e-mail address in the form in which it is stored and looked up."""
    return "".join(c for c in email.strip().lower() if c.isprintable())


def add_user(runtime: Runtime, caller: Caller, *, email: str, name: str, role: Role) -> User:
    """Add a user with a role on the caller's site; an existing user gets that role.

    Raises UserInvalid if the e-mail address is not valid.
    """
    caller.require(Right.MANAGE)
    email = _checked_email(email)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        user_id = secrets.token_hex(ID_BYTES)
        store.add_user(connection, user_id=user_id, email=email, name=name.strip() or email, now=now)
        user = _require_user(connection, email)
        store.set_role(connection, user_id=user.id, site=caller.site, role=role)
        audit_log.record(connection, caller, "user.added", subject=f"user:{user.id}", now=now, role=str(role))
    return user


def list_users(runtime: Runtime, caller: Caller) -> list[Member]:
    """Return the site's users with their roles, ordered by name."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return store.list_members(connection, site=caller.site)


def disable_user(runtime: Runtime, caller: Caller, *, email: str) -> None:
    """Disable a user and end their sessions and links. Raises NotFound, NotAllowed."""
    with runtime.database.writing() as connection:
        user = _require_managed_user(connection, caller, email)
        store.set_disabled(connection, user_id=user.id, disabled_at=runtime.clock())
        sessions.end_sessions(connection, user_id=user.id)
        _record(runtime, connection, caller, "user.disabled", user)


def enable_user(runtime: Runtime, caller: Caller, *, email: str) -> None:
    """Enable a user again. Raises NotFound, NotAllowed."""
    with runtime.database.writing() as connection:
        user = _require_managed_user(connection, caller, email)
        store.set_disabled(connection, user_id=user.id, disabled_at=None)
        _record(runtime, connection, caller, "user.enabled", user)


def set_password(runtime: Runtime, caller: Caller, *, email: str, password: str) -> None:
    """Set a user's password and end their sessions. Raises NotFound, NotAllowed, UserInvalid."""
    password_hash = passwords.hash_password(password)
    with runtime.database.writing() as connection:
        user = _require_managed_user(connection, caller, email)
        store.set_password_hash(connection, user_id=user.id, password_hash=password_hash)
        sessions.end_sessions(connection, user_id=user.id)
        _record(runtime, connection, caller, "user.password_set", user)


def create_sign_in_link(runtime: Runtime, caller: Caller, *, email: str, valid_for: timedelta = LINK_VALIDITY) -> str:
    """Return an address that signs a user in once, and replaces an earlier one. Raises NotFound, NotAllowed."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    with runtime.database.writing() as connection:
        user = _require_managed_user(connection, caller, email)
        if user.disabled_at is not None:
            raise NotAllowed("This user is disabled.")
        sessions.drop_links(connection, user_id=user.id)
        sessions.add_link(
            connection,
            secret_hash=hash_secret(secret),
            user_id=user.id,
            expires_at=runtime.clock() + valid_for,
        )
        _record(runtime, connection, caller, "user.sign_in_link_created", user)
    return f"{runtime.settings.resolved_public_url}/sign-in/{secret}"


def read_names(runtime: Runtime, *, actors: Collection[str]) -> dict[str, str]:
    """Return the names of those actors that are users (`user:<id>`), by actor."""
    ids = [actor.partition(":")[2] for actor in actors if actor.startswith("user:")]
    with runtime.database.reading() as connection:
        return {f"user:{key}": name for key, name in store.read_names(connection, user_ids=ids).items()}


def _checked_email(email: str) -> str:
    email = normalise_email(email)
    if len(email) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(email):
        raise UserInvalid("This is not a valid e-mail address.", field="email")
    return email


def _require_user(connection: Connection, email: str) -> User:
    user = store.find_user(connection, email=email)
    if user is None:
        raise NotFound(NO_SUCH_USER)
    return user


def _require_managed_user(connection: Connection, caller: Caller, email: str) -> User:
    """Return a user whom the caller may manage; see the docstring of this module."""
    caller.require(Right.MANAGE)
    user = _require_user(connection, normalise_email(email))
    roles = store.read_roles(connection, user_id=user.id)
    if caller.site not in roles:
        raise NotFound(NO_SUCH_USER)
    if caller.name != OPERATOR and set(roles) != {caller.site}:
        raise NotAllowed("This user has roles on other sites, too: only the operator can do that.")
    return user


def _record(runtime: Runtime, connection: Connection, caller: Caller, action: str, user: User) -> None:
    audit_log.record(connection, caller, action, subject=f"user:{user.id}", now=runtime.clock())
