"""Signing in and out of the review page, and what a session says about its person.

A session's secret and a link's secret are random (256 bits) and kept as SHA-256, as tokens are.
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
    """An open session: `secret_hash` names it, `form_key` is what its forms must carry."""

    caller: Caller
    user_name: str
    site_name: str
    role: Role
    form_key: str
    expires_at: datetime
    secret_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session just opened: the secret for the cookie, and how many sites there are to choose from."""

    secret: str
    sites: int


def sign_in_with_password(
    runtime: Runtime, attempts: SignInThrottle, *, email: str, password: str, address: str
) -> Opened:
    """Opens a session; raises TooManyRequests, SignInFailed (the same for a wrong password and for nobody).

    Comparing takes as long where there is nobody, so that neither words nor time tell who works here.
    """
    email = normalise_email(email)
    attempts.admit(address=address, account=email, now=runtime.clock())
    with runtime.database.reading() as connection:
        user, kept = users.read_password_hash(connection, email=email) or (None, None)
    with attempts.hashing:
        fits = passwords.matches(kept, password)
        # Only now is the password known: a hash that an earlier release made cheaper is made anew.
        renewed = passwords.renew(kept, password) if kept and fits else None
    if user is None or not fits or user.disabled_at is not None:
        raise SignInFailed
    with runtime.database.writing() as connection:
        if kept and renewed:
            users.renew_password_hash(connection, user_id=user.id, old=kept, new=renewed)
        return _open_session(runtime, connection, user.id, "password")


def sign_in_with_link(runtime: Runtime, *, secret: str) -> Opened:
    """Opens a session and uses the link up; raises SignInFailed."""
    with runtime.database.writing() as connection:
        user_id = store.use_link(connection, secret_hash=hash_secret(secret), now=runtime.clock())
        if user_id is None:
            raise SignInFailed
        return _open_session(runtime, connection, user_id, "link")


def read_session(runtime: Runtime, *, secret: str) -> SignedIn:
    """Whom a session acts for, with the rights of today's role; raises NotAuthenticated."""
    secret_hash = hash_secret(secret)
    with runtime.database.reading() as connection:
        found = store.find_session(connection, secret_hash=secret_hash, now=runtime.clock())
    if found is None:
        raise NotAuthenticated
    return SignedIn(
        caller=Caller(
            site=found.site,
            name=f"user:{found.user_id}",
            rights=RIGHTS_OF_ROLE[found.role],
            user_id=found.user_id,
        ),
        user_name=found.user_name,
        site_name=found.site_name,
        role=found.role,
        form_key=found.form_key,
        expires_at=found.expires_at,
        secret_hash=secret_hash,
    )


def sign_out(runtime: Runtime, signed_in: SignedIn) -> None:
    """Ends this session, on the server too."""
    with runtime.database.writing() as connection:
        store.end_session(connection, secret_hash=signed_in.secret_hash)


def list_own_sites(runtime: Runtime, signed_in: SignedIn) -> list[Site]:
    """The sites on which this person has a role."""
    with runtime.database.reading() as connection:
        roles = users.read_roles(connection, user_id=str(signed_in.caller.user_id))
        return [site for site in sites.list_sites(connection) if site.id in roles]


def choose_site(runtime: Runtime, signed_in: SignedIn, *, site: str) -> None:
    """Turns the session to another site of this person's; raises NotFound for any other."""
    with runtime.database.writing() as connection:
        if site not in users.read_roles(connection, user_id=str(signed_in.caller.user_id)):
            raise NotFound
        store.set_site(connection, secret_hash=signed_in.secret_hash, site=site)


def _open_session(runtime: Runtime, connection: Connection, user_id: str, means: str) -> Opened:
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
    actor = f"user:{user_id}"
    audit_log.record(
        connection,
        site=site,
        actor=actor,
        action="user.signed_in",
        subject=actor,
        details={"by": means},
        now=now,
    )
    return Opened(secret=secret, sites=len(roles))
