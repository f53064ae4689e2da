"""Users, passwords, sign-in links and sessions."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from service.domain.errors import (
    NotAllowed,
    NotAuthenticated,
    NotFound,
    SignInFailed,
    TooManyRequests,
    UserInvalid,
)
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Right, Role
from service.moderation.access import passwords, sessions, users
from service.moderation.access.sign_in_throttle import ACCOUNT_FACTOR, SignInThrottle
from service.moderation.runtime import Runtime
from service.store.access import sessions as stored_sessions
from service.store.access import users as stored_users
from service.store.tables import sessions as sessions_table
from service.store.tables import sign_in_links
from service.store.tables import users as users_table
from tests.conftest import Clock
from tests.support.browserless import PASSWORD
from tests.support.builders import a_site

ANA = "ana@news.example"


def _an_admin(site: str) -> Caller:
    return Caller(site=site, name="user:admin", rights=RIGHTS_OF_ROLE[Role.ADMIN])


def _sign_in(runtime: Runtime, password: str = PASSWORD, *, email: str = ANA) -> sessions.OpenedSession:
    attempts = SignInThrottle(per_minute=100)
    return sessions.sign_in_with_password(runtime, attempts, email=email, password=password, address="192.0.2.1")


def _add_user(runtime: Runtime, site: str = "gazette", role: Role = Role.MODERATOR) -> Caller:
    operator = a_site(runtime, site)
    users.add_user(runtime, operator, email=ANA, name="Ana", role=role)
    users.set_password(runtime, operator, email=ANA, password=PASSWORD)
    return operator


def _link_secret(runtime: Runtime, operator: Caller) -> str:
    return users.create_sign_in_link(runtime, operator, email=ANA).rpartition("/")[2]


@pytest.mark.parametrize("role", list(Role))
def test_a_session_has_the_rights_of_the_role(runtime: Runtime, role: Role) -> None:
    _add_user(runtime, role=role)
    signed_in = sessions.read_session(runtime, secret=_sign_in(runtime).secret)
    assert signed_in.caller.rights == RIGHTS_OF_ROLE[role]
    assert (signed_in.caller.site, signed_in.user_name, signed_in.role) == ("gazette", "Ana", role)


def test_a_changed_role_applies_to_open_sessions(runtime: Runtime) -> None:
    operator = _add_user(runtime, role=Role.ADMIN)
    opened = _sign_in(runtime)
    users.add_user(runtime, operator, email=ANA, name="Ana", role=Role.MODERATOR)
    assert Right.MANAGE not in sessions.read_session(runtime, secret=opened.secret).caller.rights


def test_email_addresses_ignore_case_and_spaces(runtime: Runtime) -> None:
    _add_user(runtime)
    assert _sign_in(runtime, email="  Ana@News.Example ").site_count == 1


@pytest.mark.parametrize("email", ["nobody@news.example", "", "a\x00@b", "x" * 10_000])
def test_unknown_user_and_wrong_password_get_the_same_error(runtime: Runtime, email: str) -> None:
    _add_user(runtime)
    with pytest.raises(SignInFailed) as unknown:
        _sign_in(runtime, email=email)
    with pytest.raises(SignInFailed) as wrong:
        _sign_in(runtime, "not the password")
    assert str(unknown.value) == str(wrong.value)


def test_the_dummy_hash_has_the_parameters_of_real_ones() -> None:
    assert passwords.renew(passwords.DUMMY_HASH, "anything") is None
    assert not passwords.matches(None, "anything")


def _password_hash(runtime: Runtime) -> str:
    with runtime.database.reading() as connection:
        return str(connection.execute(select(users_table.c.password_hash)).scalar_one())


def _store_hash(runtime: Runtime, password_hash: str) -> None:
    with runtime.database.writing() as connection:
        connection.execute(update(users_table).values(password_hash=password_hash))


def test_a_weaker_hash_is_renewed_at_the_next_sign_in(runtime: Runtime) -> None:
    _add_user(runtime)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    _store_hash(runtime, cheap)
    with pytest.raises(SignInFailed):
        _sign_in(runtime, "not the password")
    assert _password_hash(runtime) == cheap
    _sign_in(runtime)
    renewed = _password_hash(runtime)
    assert renewed != cheap
    assert passwords.renew(renewed, PASSWORD) is None
    _sign_in(runtime)
    assert _password_hash(runtime) == renewed


def test_renewing_a_hash_does_not_restore_an_old_password(runtime: Runtime) -> None:
    _add_user(runtime)
    changed = _password_hash(runtime)
    with runtime.database.writing() as connection:
        user_id = connection.execute(select(users_table.c.id)).scalar_one()
        stored_users.renew_password_hash(connection, user_id=user_id, old="that of the old one", new="its new one")
    assert _password_hash(runtime) == changed


def test_secrets_and_passwords_are_stored_as_hashes(runtime: Runtime) -> None:
    operator = _add_user(runtime)
    secrets = [_sign_in(runtime).secret, _link_secret(runtime, operator), PASSWORD]
    with runtime.database.reading() as connection:
        tables = (users_table, sessions_table, sign_in_links)
        stored = str([row for table in tables for row in connection.execute(select(table))])
    assert not any(secret in stored for secret in secrets)


def test_a_session_expires(runtime: Runtime, clock: Clock) -> None:
    _add_user(runtime)
    opened = _sign_in(runtime)
    clock.advance(hours=runtime.settings.session_hours, seconds=-1)
    sessions.read_session(runtime, secret=opened.secret)
    clock.advance(seconds=1)
    with pytest.raises(NotAuthenticated):
        sessions.read_session(runtime, secret=opened.secret)


def test_disabling_a_user_ends_sessions_and_links(runtime: Runtime) -> None:
    operator = _add_user(runtime)
    opened, link = _sign_in(runtime), _link_secret(runtime, operator)
    users.disable_user(runtime, operator, email=ANA)
    with pytest.raises(NotAuthenticated):
        sessions.read_session(runtime, secret=opened.secret)
    with pytest.raises(SignInFailed):
        sessions.sign_in_with_link(runtime, secret=link)
    with pytest.raises(SignInFailed):
        _sign_in(runtime)


def test_an_enabled_user_can_sign_in_again(runtime: Runtime) -> None:
    operator = _add_user(runtime)
    users.disable_user(runtime, operator, email=ANA)
    users.enable_user(runtime, operator, email=ANA)
    assert _sign_in(runtime).site_count == 1


def test_a_new_password_ends_the_sessions(runtime: Runtime) -> None:
    operator = _add_user(runtime)
    opened = _sign_in(runtime)
    users.set_password(runtime, operator, email=ANA, password="another long one")
    with pytest.raises(NotAuthenticated):
        sessions.read_session(runtime, secret=opened.secret)
    with pytest.raises(SignInFailed):
        _sign_in(runtime)


def test_a_link_signs_in_once(runtime: Runtime) -> None:
    secret = _link_secret(runtime, _add_user(runtime))
    sessions.sign_in_with_link(runtime, secret=secret)
    with pytest.raises(SignInFailed):
        sessions.sign_in_with_link(runtime, secret=secret)


def test_a_link_expires_after_15_minutes(runtime: Runtime, clock: Clock) -> None:
    secret = _link_secret(runtime, _add_user(runtime))
    clock.advance(minutes=15)
    with pytest.raises(SignInFailed):
        sessions.sign_in_with_link(runtime, secret=secret)


def test_a_link_can_be_valid_for_longer(runtime: Runtime, clock: Clock) -> None:
    operator = _add_user(runtime)
    link = users.create_sign_in_link(runtime, operator, email=ANA, valid_for=timedelta(hours=24))
    clock.advance(hours=23)
    assert sessions.sign_in_with_link(runtime, secret=link.rpartition("/")[2]).site_count == 1


def test_a_new_link_replaces_the_earlier_one(runtime: Runtime) -> None:
    operator = _add_user(runtime)
    first, second = _link_secret(runtime, operator), _link_secret(runtime, operator)
    with pytest.raises(SignInFailed):
        sessions.sign_in_with_link(runtime, secret=first)
    sessions.sign_in_with_link(runtime, secret=second)


def test_expired_sessions_are_deleted_at_the_next_sign_in(runtime: Runtime, clock: Clock) -> None:
    _add_user(runtime)
    for _ in range(3):
        _sign_in(runtime)
    clock.advance(hours=runtime.settings.session_hours)
    _sign_in(runtime)
    with runtime.database.reading() as connection:
        assert len(connection.execute(select(sessions_table)).all()) == 1


def test_a_user_can_switch_between_their_own_sites_only(runtime: Runtime) -> None:
    _add_user(runtime, "gazette")
    _add_user(runtime, "herald", Role.EDITOR)
    a_site(runtime, "tribune")
    opened = _sign_in(runtime)
    signed_in = sessions.read_session(runtime, secret=opened.secret)
    assert [site.id for site in sessions.list_own_sites(runtime, signed_in)] == ["gazette", "herald"]
    sessions.choose_site(runtime, signed_in, site="herald")
    assert sessions.read_session(runtime, secret=opened.secret).role is Role.EDITOR
    with pytest.raises(NotFound):
        sessions.choose_site(runtime, signed_in, site="tribune")


def test_an_admin_cannot_manage_users_of_another_site(runtime: Runtime) -> None:
    _add_user(runtime, "herald")
    a_site(runtime, "gazette")
    gazette = _an_admin("gazette")
    with pytest.raises(NotFound):
        users.set_password(runtime, gazette, email=ANA, password="a stolen account")
    users.add_user(runtime, gazette, email=ANA, name="Ana", role=Role.MODERATOR)
    for govern in (users.disable_user, users.create_sign_in_link):
        with pytest.raises(NotAllowed):
            govern(runtime, gazette, email=ANA)
    with pytest.raises(NotAllowed):
        users.set_password(runtime, gazette, email=ANA, password="a stolen account")


def test_an_admin_manages_the_users_of_the_site(runtime: Runtime) -> None:
    _add_user(runtime)
    users.set_password(runtime, _an_admin("gazette"), email=ANA, password="another long one")
    assert _sign_in(runtime, "another long one").site_count == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR])
def test_only_an_admin_adds_users(runtime: Runtime, role: Role) -> None:
    a_site(runtime)
    caller = Caller(site="gazette", name="user:x", rights=RIGHTS_OF_ROLE[role])
    with pytest.raises(NotAllowed):
        users.add_user(runtime, caller, email=ANA, name="Ana", role=Role.ADMIN)


@pytest.mark.parametrize("email", ["", "ana", "@news.example", "ana@", "a b@c.example", "a" * 250 + "@b.example"])
def test_an_invalid_email_address_is_refused(runtime: Runtime, email: str) -> None:
    with pytest.raises(UserInvalid):
        users.add_user(runtime, a_site(runtime), email=email, name="Ana", role=Role.MODERATOR)


@pytest.mark.parametrize("password", ["", "too short", "x" * 1_001])
def test_a_short_or_very_long_password_is_refused(runtime: Runtime, password: str) -> None:
    with pytest.raises(UserInvalid, match="12 characters"):
        users.set_password(runtime, _add_user(runtime), email=ANA, password=password)


def test_attempts_are_limited_by_address(clock: Clock) -> None:
    attempts = SignInThrottle(per_minute=3)
    for account in "abc":
        attempts.admit(address="192.0.2.1", account=account, now=clock())
    with pytest.raises(TooManyRequests) as refusal:
        attempts.admit(address="192.0.2.1", account="d", now=clock())
    assert refusal.value.retry_after == 60
    clock.advance(minutes=1)
    attempts.admit(address="192.0.2.1", account="d", now=clock())


def test_attempts_are_limited_by_account(clock: Clock) -> None:
    attempts = SignInThrottle(per_minute=3)
    for last in range(3 * ACCOUNT_FACTOR):
        attempts.admit(address=f"192.0.2.{last}", account="ana", now=clock())
    with pytest.raises(TooManyRequests):
        attempts.admit(address="192.0.2.99", account="ana", now=clock())


def test_of_two_simultaneous_uses_of_a_link_one_fails(runtime: Runtime, clock: Clock) -> None:
    secret = _link_secret(runtime, _add_user(runtime))
    digest = sessions.hash_secret(secret)
    with runtime.database.writing() as connection:
        first = stored_sessions.use_link(connection, secret_hash=digest, now=clock())
        second = stored_sessions.use_link(connection, secret_hash=digest, now=clock())
    assert first is not None
    assert second is None
