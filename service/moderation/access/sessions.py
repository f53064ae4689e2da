"""Signing in to the review pages and out again, and the sessions in between.

The secrets of sessions and links are random (256 bits), and stored as SHA-256 like those of tokens.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.domain.errors import NotAuthenticated, NotFound, SignInFailed
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation.access import passwords
from service.moderation.access.sign_in_throttle import SignInThrottle
from service.moderation.access.tokens import hash_secret
from service.moderation.access.users import normalise_email
from service.moderation.runtime import Runtime
from service.store.access import sessions as store
from service.store.access import sites, users
from service.store.access.sites import Site
from service.store.insights import audit_log

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An open session; `secret_hash` identifies it, and its forms must contain the `form_key`."""

    caller: Caller
    user_name: str
    site_name: str
    role: Role
    form_key: str
    expires_at: datetime
    secret_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session that was just opened: the secret for the cookie, and how many sites the user can choose from."""

    secret: str
    site_count: int


def sign_in_with_password(
    runtime: Runtime, throttle: SignInThrottle, *, email: str, password: str, address: str
) -> OpenedSession:
    """Open a session. Raises TooManyRequests and SignInFailed.

    Message and response time are the same for a wrong password and an unknown user, so that they do not reveal who has
    an account.
    """
    email = normalise_email(email)
    throttle.admit(address=address, account=email, now=runtime.clock())
    with runtime.database.reading() as connection:
        user, password_hash = users.read_password_hash(connection, email=email) or (None, None)
    with throttle.hashing:
        is_correct = passwords.matches(password_hash, password)
        # A hash with weaker parameters of an earlier release can only be renewed here, where the password is known.
        renewed = passwords.renew(password_hash, password) if password_hash and is_correct else None
    if user is None or not is_correct or user.disabled_at is not None:
        raise SignInFailed
    with runtime.database.writing() as connection:
        if password_hash and renewed:
            users.renew_password_hash(connection, user_id=user.id, old=password_hash, new=renewed)
        return _open_session(runtime, connection, user.id, "password")


def sign_in_with_link(runtime: Runtime, *, secret: str) -> OpenedSession:
    """Open a session with a sign-in link, which cannot be used again. Raises SignInFailed."""
    with runtime.database.writing() as connection:
        user_id = store.use_link(connection, secret_hash=hash_secret(secret), now=runtime.clock())
        if user_id is None:
            raise SignInFailed
        return _open_session(runtime, connection, user_id, "link")


def read_session(runtime: Runtime, *, secret: str) -> SignedIn:
    """Return the session with this secret, with the rights of the user's present role. Raises NotAuthenticated."""
    secret_hash = hash_secret(secret)
    with runtime.database.reading() as connection:
        session = store.find_session(connection, secret_hash=secret_hash, now=runtime.clock())
    if session is None:
        raise NotAuthenticated
    return SignedIn(
        caller=Caller(
            site=session.site,
            name=f"user:{session.user_id}",
            rights=RIGHTS_OF_ROLE[session.role],
            user_id=session.user_id,
        ),
        user_name=session.user_name,
        site_name=session.site_name,
        role=session.role,
        form_key=session.form_key,
        expires_at=session.expires_at,
        secret_hash=secret_hash,
    )


def sign_out(runtime: Runtime, signed_in: SignedIn) -> None:
    """End this session on the server."""
    with runtime.database.writing() as connection:
        store.end_session(connection, secret_hash=signed_in.secret_hash)


def list_own_sites(runtime: Runtime, signed_in: SignedIn) -> list[Site]:
    """Return the sites on which this user has a role."""
    with runtime.database.reading() as connection:
        roles = users.read_roles(connection, user_id=str(signed_in.caller.user_id))
        return [site for site in sites.list_sites(connection) if site.id in roles]


def choose_site(runtime: Runtime, signed_in: SignedIn, *, site: str) -> None:
    """Switch the session to another site of this user. Raises NotFound if the user has no role there."""
    with runtime.database.writing() as connection:
        if site not in users.read_roles(connection, user_id=str(signed_in.caller.user_id)):
            raise NotFound
        store.set_site(connection, secret_hash=signed_in.secret_hash, site=site)


def _open_session(runtime: Runtime, connection: Connection, user_id: str, method: str) -> OpenedSession:
    now = runtime.clock()
    roles = users.read_roles(connection, user_id=user_id)
    if not roles:
        raise SignInFailed
    site, secret = next(iter(roles)), secrets.token_urlsafe(SECRET_BYTES)
    store.drop_expired(connection, now=now)
    store.add_session(
        connection,
        secret_hash=hash_secret(secret),
        user_id=user_id,
        site=site,
        form_key=secrets.token_urlsafe(SECRET_BYTES),
        now=now,
        expires_at=now + timedelta(hours=runtime.settings.session_hours),
    )
    user = Caller(site=site, name=f"user:{user_id}", user_id=user_id)
    audit_log.record(connection, user, "user.signed_in", subject=user.name, now=now, by=method)
    return OpenedSession(secret=secret, site_count=len(roles))
